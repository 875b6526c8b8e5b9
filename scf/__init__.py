"""Supply-chain finance with programmable money: calls go down, facts go up, only rows cross a
process boundary.
"""
