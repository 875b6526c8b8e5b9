"""The deposit of a deal as its buyer and its bank see it (K17)."""

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.financing.models import Application
from scf.payments.machine import D
from scf.payments.models import Deposit, Payment
from scf.payments.selectors import deposit_of
from scf.portals.deal import words
from scf.portals.deal.words import Words
from scf.portals.parts import Chip, Fact, MoneyBar, money_bar

TONES = {
    D.AWAITED: "grey", D.PLEDGED: "green", D.USE_PROPOSED: "orange", D.USING: "orange",
    D.USED: "grey", D.RETURNING: "blue", D.RETURNED: "green", D.DROPPED: "grey",
}  # fmt: skip


def deposit_bars(payment: Payment, by: Actor) -> list[tuple[MoneyBar, Words]]:
    """Where the deposit is, with what its status means; nothing for a deal without one, nor for
    the seller.
    """
    is_told = by.organization_id in (payment.bank_id, payment.buyer_id)
    deposit = deposit_of(payment.pk) if is_told else None
    if deposit is None:
        return []
    said = words.DEPOSIT[deposit.status]
    return [(money_bar(deposit_title(deposit), deposit_parts(deposit)), said)]


def deposit_facts(application: Application, by: Actor) -> list[Fact]:
    """What the buyer pledges to its bank, for these two alone."""
    is_told = by.organization_id in (application.bank_id, application.buyer_id)
    if not application.deposit_minor or not is_told:
        return []
    return [Fact(_("保证金（元，质押，不抵本金）"), amount_minor=application.deposit_minor)]


def deposit_parts(deposit: Deposit) -> list[tuple[Words, int, str]]:
    """Its parts in fen: pledged, used for the loan, given back, not there yet."""
    waiting = deposit.wanted_minor if deposit.status == D.AWAITED else 0
    parts: list[tuple[Words, int, str]] = [
        (_("质押中"), deposit.held_minor, "blue"),
        (_("已用于还款"), deposit.applied_minor, "orange"),
        (_("已退回买方"), deposit.returned_minor, "green"),
        (_("待缴存"), waiting, "grey"),
    ]
    return [part for part in parts if part[1] > 0]


def deposit_title(deposit: Deposit) -> Words:
    """The word for it beside its status."""
    return _("保证金（%(status)s）") % {"status": deposit.status_label}


def deposit_chip(deposit: Deposit) -> Chip:
    """Its status in words and its tone."""
    return Chip(deposit.status_label, TONES[D(deposit.status)])
