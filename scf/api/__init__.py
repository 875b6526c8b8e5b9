"""JSON for machines; no rules."""
