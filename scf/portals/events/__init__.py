"""The event stream: an open page hears at once that its deal changed, and reads it itself."""
