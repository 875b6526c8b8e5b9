"""Owns organizations, persons, users, memberships, roles and permissions, KYB status, API keys and
tenancy.

Verbs: register and review an organization, create a person and a login, grant and revoke a role,
issue and revoke an API key, answer a machine's request once.
Must stay true: nobody grants a role to oneself or reviews the own registration; a verified
organization is so until a day; bank roles stand only at banks.
"""
