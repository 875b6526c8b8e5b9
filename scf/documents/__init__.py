"""Owns uploaded and generated files: hash, type check, who may read, PDF papers."""
