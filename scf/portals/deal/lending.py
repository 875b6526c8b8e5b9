"""A joint loan on the deal's pages (联合贷): who lends how much, and each bank's own word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.money import format_yuan
from scf.financing.lenders import lenders_of, pending_lenders, refused_by_lender
from scf.financing.machine import LENDER_MACHINE, LenderStatus, S
from scf.financing.models import Application, LenderApproval
from scf.parties.selectors import get_organization
from scf.portals.deal.access import side_of
from scf.portals.deal.words import Words, chip_of
from scf.portals.parts import Chip, Fact
from scf.portals.templatetags.money import percent

WAITING = _("贷款银行已审批，待联合出资行审批")
MEANING = _("每家联合出资行批准后，买方、卖方、贷款银行才签署")
OF_RECORD = Chip(_("贷款银行"), "grey")


@dataclass(frozen=True)
class LenderRow:
    """A bank with its share; the chip says what it said."""

    name: str
    ppm: int
    amount_minor: int
    chip: Chip


@dataclass(frozen=True)
class Lending:
    """The lenders of an application, and whether the reader decides for one of them now."""

    rows: Sequence[LenderRow]
    may_decide: bool
    is_partner: bool


def lending_of(application: Application, *, by: Actor) -> Lending | None:
    """Who lends, for the lenders and the borrower; None where one bank lends alone."""
    side = side_of(application, by)
    lenders = lenders_of(application)
    if not lenders or side not in ("bank", "buyer", "partner"):
        return None
    said = {row.bank_id: row for row in application.lender_approvals.all()}
    mine = said.get(by.organization_id) if by.organization_id else None
    return Lending(
        rows=[
            LenderRow(
                get_organization(each.bank_id).name,
                each.ppm,
                each.amount_minor,
                OF_RECORD if each.is_of_record else _chip(said.get(each.bank_id)),
            )
            for each in lenders
        ],
        may_decide=mine is not None and may_decide(application, mine, by=by),
        is_partner=side == "partner",
    )


def may_decide(application: Application, approval: LenderApproval, *, by: Actor) -> bool:
    """Whether the reader may approve its bank's share now."""
    is_open = application.status == S.APPROVED and approval.bank_id == by.organization_id
    return is_open and "given" in LENDER_MACHINE.available(approval, by=by)


def lender_facts(application: Application, *, by: Actor) -> list[Fact]:
    """Each lender with its share, as the law has the borrower told."""
    lending = lending_of(application, by=by)
    return [
        Fact(
            _("贷款人（牵头并代收代付）") if number == 0 else _("联合贷款人"),
            f"{row.name} · {percent(row.ppm)} · {format_yuan(row.amount_minor)}",
        )
        for number, row in enumerate(lending.rows if lending else ())
    ]


def awaiting_lenders(applications: Iterable[Application]) -> set[UUID]:
    """Of these applications those some partner bank has still to approve; one query or none."""
    joint = [each.pk for each in applications if each.partner_ids and each.status == S.APPROVED]
    return set(pending_lenders(joint)) if joint else set()


def lender_words(applications: Iterable[Application]) -> dict[UUID, Words]:
    """What a partner bank makes of these applications' status, where it makes something of it: it
    has still to approve, or its refusal was the end. Two queries at most.
    """
    found = list(applications)
    ended = [each.pk for each in found if each.partner_ids and each.status == S.CANCELLED_BY_BANK]
    refused = refused_by_lender(ended) if ended else set()
    words: dict[UUID, Words] = dict.fromkeys(awaiting_lenders(found), WAITING)
    return words | dict.fromkeys(refused, LenderStatus.REFUSED.label)


def _chip(approval: LenderApproval | None) -> Chip:
    if approval is None:
        return Chip(_("贷款银行审批后表态"), "grey")
    tone = "green" if approval.status == LenderStatus.GIVEN else ""
    chip = chip_of(approval.status, approval.status_label)
    return Chip(chip.label, tone or chip.tone)
