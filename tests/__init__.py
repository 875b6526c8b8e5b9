"""Tests mirror scf/: one file per verb, one idea per test."""
