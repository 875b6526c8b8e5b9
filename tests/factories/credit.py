"""Programmes, members and limits in named states, each reached by the real services."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from scf.core.ids import new_id
from scf.credit.inputs import LimitIn, ProgrammeIn
from scf.credit.models import Limit, LimitHold, Programme, ProgrammeMember, ProgrammeVersion
from scf.credit.services import (
    accept_invitation,
    agree_to_version,
    approve_limit,
    approve_programme,
    hold_limit,
    invite_member,
    propose_limit,
    propose_programme,
    use_limit,
)
from scf.credit.terms import ProgrammeTerms
from scf.workflow.deals import open_deal
from tests.factories.parties import party, somebody

GOLDEN_TERMS = ProgrammeTerms(
    limit_minor=80_000_000_00,
    rate_ppm=43_500,
    penalty_rate_ppm=65_250,
    interest_from="funding",
    tolerance_under_ppm=30_000,
    escrow_interest_ppm=500,
    escrow_interest_to="buyer",
)
LOAN = 800_000_00


def programme_given(**changes: object) -> ProgrammeIn:
    """The programme of the bank with the core enterprise, on the terms of golden deal 1."""
    terms = replace(GOLDEN_TERMS, **changes)
    return ProgrammeIn("恒砚经销商采购融资", party("hengyan").pk, "seller", terms)


def proposed_programme(**changes: object) -> ProgrammeVersion:
    """Proposed by the bank's manager."""
    return propose_programme(programme_given(**changes), by=somebody("chen"))


def approved_programme(**changes: object) -> Programme:
    """In force, approved by the bank's approver."""
    version = proposed_programme(**changes)
    for _partner in version.partners:  # the other bank of the cast is the only one there is
        agree_to_version(version.pk, seen=version.hash, by=somebody("sly"))
    return approve_programme(version.pk, seen=version.hash, by=somebody("yi")).programme


def invited_member(programme: Programme) -> ProgrammeMember:
    """The buyer of golden deal 1, invited by the core enterprise's sales."""
    return invite_member(programme.pk, organization_id=party("jinhe").pk, by=somebody("wei"))


def active_member(programme: Programme) -> ProgrammeMember:
    """The buyer has joined."""
    return accept_invitation(invited_member(programme).pk, by=somebody("nuo"))


def sanctioned_limit(level: str, key: str, minor: int, **changes: object) -> Limit:
    """A limit proposed by the manager and approved by the approver."""
    given = LimitIn(level, party(key).pk, minor, effective_on=date(2026, 1, 1))
    change = propose_limit(replace(given, **changes), by=somebody("chen"))
    return approve_limit(change.pk, by=somebody("yi")).limit


def ready_programme(borrower_minor: int = 1_500_000_00, **changes: object) -> Programme:
    """A programme in force with the buyer in it and room at all three levels."""
    programme = approved_programme(**changes)
    active_member(programme)
    sanctioned_limit("enterprise", "hengyan", 100_000_000_00)
    sanctioned_limit("borrower", "jinhe", borrower_minor)
    return programme


def figures() -> tuple[int, int, int]:
    """Blocked, used and spent at every level: they move together."""
    found = {
        (limit.blocked_minor, limit.used_minor, limit.spent_minor) for limit in Limit.objects.all()
    }
    assert len(found) == 1
    return found.pop()


def ask(programme: Programme, amount_minor: int = LOAN, **changes: object) -> LimitHold:
    """A new application of the buyer asks for so much; any part of the question may be changed."""
    values = {
        "programme_id": programme.pk,
        "borrower_id": party("jinhe").pk,
        "amount_minor": amount_minor,
        "deal_id": open_deal(),
        "by": somebody("ma"),
    }
    return hold_limit(new_id(), **{**values, **changes})


def held(programme: Programme, amount_minor: int = LOAN) -> LimitHold:
    """An application of the buyer that has blocked so much."""
    return ask(programme, amount_minor)


def used(programme: Programme, amount_minor: int = LOAN) -> LimitHold:
    """An application whose loan was funded."""
    hold = held(programme, amount_minor)
    application_id: UUID = hold.application_id
    return use_limit(
        application_id, amount_minor=amount_minor, key=f"fund:{application_id}", by=somebody("luo")
    )
