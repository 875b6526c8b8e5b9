"""Owns digital-RMB wallets: joins a chain address to a ledger account."""
