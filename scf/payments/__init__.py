"""Owns the off-chain side of escrow and directed payment, collection and sweep, and signing
requests.
"""
