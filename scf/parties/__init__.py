"""Owns organizations, persons, users, memberships, roles and permissions, KYB status and tenancy."""
