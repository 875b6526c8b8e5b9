"""The embedded stack: start, stop and probe PostgreSQL, broker, chain, signer, web and workers."""
