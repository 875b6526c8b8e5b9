"""Owns the outbox towards the chain, the sender, the indexer and what the chain said; all keys
sit behind the signer.

Verbs: ``services.py``. What must stay true: a command is mined at most once, its bytes are saved
before they leave, events are applied once and in the order of their agreement, and no key is ever
in a web or worker process.
"""
