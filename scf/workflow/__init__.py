"""Owns machines, facts, reactions, clocks and the lock of a deal; everything that happened is one
append-only Fact.
"""
