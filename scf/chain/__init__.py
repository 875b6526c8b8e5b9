"""Owns the outbox towards the chain, the sender, the indexer and what the chain said; all keys sit behind the signer."""
