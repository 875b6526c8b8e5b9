"""Programmes as each side sees them: terms, versions with their changes, members, invitations."""
