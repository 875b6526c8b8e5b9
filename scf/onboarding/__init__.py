"""Conducts invitations, KYB cases and the opening of wallets."""
