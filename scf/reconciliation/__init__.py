"""Owns the match of bank, ledger and chain, and check_invariants, which walks every room."""
