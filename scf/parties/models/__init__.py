"""What parties keeps: organizations, people, logins, roles, keys, and help with a login."""

from scf.parties.models.people import (
    AnsweredRequest,
    ApiKey,
    EnterpriseSize,
    KybStatus,
    Membership,
    Organization,
    OrganizationKind,
    Person,
    Theme,
    User,
)
from scf.parties.models.recovery import Lost, Recovery, ResetAsk

__all__ = [
    "AnsweredRequest",
    "ApiKey",
    "EnterpriseSize",
    "KybStatus",
    "Lost",
    "Membership",
    "Organization",
    "OrganizationKind",
    "Person",
    "Recovery",
    "ResetAsk",
    "Theme",
    "User",
]
