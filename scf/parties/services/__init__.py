"""The verbs of the room: register and review organizations; people, their logins, roles and keys;
answer a machine once.
"""

from scf.parties.services.keys import IssuedKey, KeyUse, create_api_key, revoke_api_key, use_api_key
from scf.parties.services.organizations import register_organization, review_kyb
from scf.parties.services.people import (
    create_person,
    create_user,
    enrol_totp,
    set_mail_address,
    set_preferences,
)
from scf.parties.services.recovery import (
    ask_recovery,
    confirm_recovery,
    refuse_recovery,
    reset_password,
    use_recovery,
)
from scf.parties.services.requests import Answer, Asked, answer_once, forget_answers
from scf.parties.services.resets import answer_resets, ask_reset
from scf.parties.services.roles import grant_role, revoke_role, set_signing_limit
from scf.parties.services.second_factor import (
    note_code_guessed,
    note_recovery_code_used,
    note_recovery_codes_made,
)
from scf.parties.services.sessions import touch_session

__all__ = [
    "Answer",
    "Asked",
    "IssuedKey",
    "KeyUse",
    "answer_once",
    "answer_resets",
    "ask_recovery",
    "ask_reset",
    "confirm_recovery",
    "create_api_key",
    "create_person",
    "create_user",
    "enrol_totp",
    "forget_answers",
    "grant_role",
    "note_code_guessed",
    "note_recovery_code_used",
    "note_recovery_codes_made",
    "refuse_recovery",
    "register_organization",
    "reset_password",
    "review_kyb",
    "revoke_api_key",
    "revoke_role",
    "set_mail_address",
    "set_preferences",
    "set_signing_limit",
    "touch_session",
    "use_api_key",
    "use_recovery",
]
