"""The verbs of the room: register and review organizations; people, their logins and their
roles.
"""

from scf.parties.services.organizations import register_organization, review_kyb
from scf.parties.services.people import (
    create_person,
    create_user,
    enrol_totp,
    remove_totp,
    set_preferences,
)
from scf.parties.services.roles import grant_role, revoke_role, set_signing_limit

__all__ = [
    "create_person",
    "create_user",
    "enrol_totp",
    "grant_role",
    "register_organization",
    "remove_totp",
    "review_kyb",
    "revoke_role",
    "set_preferences",
    "set_signing_limit",
]
