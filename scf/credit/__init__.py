"""Owns programmes (terms, versions, members) and limits at programme, enterprise and borrower level."""
