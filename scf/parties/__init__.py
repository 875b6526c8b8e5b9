"""Owns organizations, persons, users, memberships, roles and permissions, KYB status and tenancy.

Verbs: register and review an organization, create a person and a login, grant and revoke a role.
Must stay true: nobody grants a role to oneself or reviews the own registration; a verified
organization is so until a day; bank roles stand only at banks.
"""
