"""What the chain confirmed about an escrow, turned into statuses, counters, movements and ledger
legs.
"""
