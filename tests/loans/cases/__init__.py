"""Reference cases written by others, run on our own engine: one module per dialect."""
