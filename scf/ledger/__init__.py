"""Owns books, accounts and transfers: double entry in integer fen, append-only, keys seen once."""
