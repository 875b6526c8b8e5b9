"""Errors, Actor, money, clock and ids: no models, no Django app knows less."""
