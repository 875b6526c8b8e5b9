"""Owns programmes (terms in versions, members) and limits of programme, core enterprise and
borrower.

Verbs: propose and approve a programme, invite, accept and suspend a member, propose and approve
a limit, hold, use, free and release it for an application, freeze and unfreeze it. Always true:
what is blocked, used and spent stays within what was sanctioned, every change leaves a movement,
and nobody approves what they proposed.
"""
