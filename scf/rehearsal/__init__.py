"""Drives deals through the rooms' own services: demo world, rehearsals, golden deals."""
