"""The portal of the core enterprise."""
