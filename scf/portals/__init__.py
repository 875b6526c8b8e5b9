"""HTML for people; no rules."""
