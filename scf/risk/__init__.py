"""Owns the checks that advise a bank: features, rules, lists and decisions."""
