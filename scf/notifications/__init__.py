"""Owns the inbox and reminders; reads facts by cursor."""
