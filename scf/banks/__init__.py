"""Owns bank accounts and the lines of bank statements, behind one adapter a bank."""
