"""What credit hands out and takes in: plain frozen values."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scf.credit.terms import ProgrammeTerms


@dataclass(frozen=True)
class ProgrammeIn:
    """A programme to propose: the actor's bank with a core enterprise, and its first terms."""

    name: str
    enterprise_id: UUID
    anchor_side: str
    terms: ProgrammeTerms


@dataclass(frozen=True)
class LimitIn:
    """A limit to propose for an organization: ``level`` enterprise or borrower, amount in fen."""

    level: str
    organization_id: UUID
    sanctioned_minor: int
    effective_on: date
    expires_on: date | None = None
    is_revolving: bool = True
    reason: str = ""


@dataclass(frozen=True)
class ApplicationTerms:
    """The terms in force for one borrower under one programme, and which version they are."""

    programme_id: UUID
    programme_name: str
    version_id: UUID
    version_number: int
    hash: str
    bank_id: UUID
    enterprise_id: UUID
    anchor_side: str
    terms: ProgrammeTerms


@dataclass(frozen=True)
class Available:
    """What may still be applied for, in fen. The levels are None for who may not know them."""

    minor: int
    borrower_minor: int
    enterprise_minor: int | None
    programme_minor: int | None
    is_frozen: bool
