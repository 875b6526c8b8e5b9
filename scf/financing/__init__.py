"""Conducts an application from submit to settlement: approval, signing, pay-out, acceptance."""
