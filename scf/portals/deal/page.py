"""One deal as a page: four statuses in words, whose turn, where the money is, the lines, what
happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scf.chain.selectors import confirmations_of
from scf.core import clock
from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.financing import selectors as financing
from scf.financing.models import Application
from scf.loans import selectors as loans
from scf.loans.models import Loan
from scf.parties.selectors import get_organization
from scf.payments.models import Payment
from scf.payments.selectors import payment_of
from scf.portals.deal.words import FACTS, QUIET, TONES
from scf.portals.parts import (
    Chip,
    Fact,
    LineRow,
    LineTable,
    MoneyBar,
    TimelineRow,
    Turn,
    money_bar,
)
from scf.trade.selectors import list_lines_of_deal
from scf.workflow import models as workflow
from scf.workflow.selectors import timeline


@dataclass(frozen=True)
class DealPage:
    """Everything the deal's page shows, counted and worded."""

    application: Application
    statuses: Sequence[tuple[str, Chip]]
    turn: Turn | None
    bar: MoneyBar | None
    table: LineTable
    timeline: Sequence[TimelineRow]
    facts: Sequence[Fact]
    last_fact: int


def deal_page(application: Application, *, by: Actor) -> DealPage:
    """The page of a deal for one of its parties."""
    payment = escrow_of(application, by)
    happened = timeline(application.deal_id, by=by) if application.deal_id else []
    return DealPage(
        application=application,
        statuses=_statuses(application, payment, by),
        turn=turn_part(application, by),
        bar=_bar(payment) if payment else None,
        table=_lines(application, payment, by),
        timeline=[_row(fact) for fact in reversed(happened) if not fact.name.startswith(QUIET)],
        facts=_facts(application, by),
        last_fact=happened[-1].pk if happened else 0,
    )


def escrow_of(application: Application, by: Actor) -> Payment | None:
    """The escrow once its terms are prepared."""
    try:
        return payment_of(application.pk, by=by)
    except NotFound:
        return None


def loan_part(application: Application, by: Actor) -> Loan | None:
    """The loan for its lender and its borrower; a seller follows the escrow alone."""
    try:
        return loans.loan_of(application.pk, by=by)
    except NotFound:
        return None


def turn_part(application: Application, by: Actor) -> Turn | None:
    """Whose turn it is in words; None when nobody's and nothing is awaited."""
    turn = financing.turn_of(application)
    if not turn.what:
        return None
    who = get_organization(turn.party_id).short_name if turn.party_id else _("系统")
    is_late = turn.due_at is not None and turn.due_at < clock.now()
    return Turn(who, turn.what, turn.due_at, financing.is_mine(turn, by=by), is_late)


def chip_of(status: str, label: object) -> Chip:
    """A status in words and its tone."""
    return Chip(str(label), TONES.get(status, "grey"))


def _statuses(
    application: Application, payment: Payment | None, by: Actor
) -> list[tuple[str, Chip]]:
    loan = loan_part(application, by)
    none = Chip("–")
    return [
        (str(_("申请")), chip_of(application.status, application.status_label)),
        (str(_("托管")), chip_of(payment.status, payment.status_label) if payment else none),
        (str(_("贷款")), chip_of(loan.status, loan.status_label) if loan else none),
    ]


def _bar(payment: Payment) -> MoneyBar:
    waiting = payment.total_minor - payment.own_funds_in_minor - payment.funded_minor
    return money_bar(
        _("货款合计"),
        [
            (_("已付收款人"), payment.released_minor - payment.claimable_minor, "green"),
            (_("待领取"), payment.claimable_minor, "red"),
            (_("在托管"), payment.in_escrow_minor, "blue"),
            (_("已退回"), payment.returned_minor, "orange"),
            (_("尚未到账"), max(waiting, 0), "grey"),
        ],
    )


def _lines(application: Application, payment: Payment | None, by: Actor) -> LineTable:
    escrow = {line.order_line_id: line for line in payment.lines.all()} if payment else {}
    rows = []
    for line in list_lines_of_deal(application.deal_id, by=by):
        held = escrow.get(line.pk)
        details = [(_("已验收"), f"{line.accepted_quantity.normalize():f} {line.unit}")]
        if held:
            details.append((_("已付（元）"), f"{held.released_minor / 100:,.2f}"))
            details.append((_("托管状态"), str(held.status_label)))
        rows.append(
            LineRow(
                line.line_number,
                f"{line.name} {line.spec}".strip(),
                f"{line.quantity.normalize():f} {line.unit}",
                f"{line.unit_price.normalize():f}",
                line.amount_minor,
                chip_of(line.status, line.status_label),
                details,
            )
        )
    return LineTable(rows, sum(row.amount_minor for row in rows))


def _facts(application: Application, by: Actor) -> list[Fact]:
    names = {role: get_organization(party).name for role, party in application.parties().items()}
    shown = [
        Fact(_("申请编号"), application.number, is_mono=True),
        Fact(_("订单"), application.order.number),
        Fact(_("买方（借款人）"), names["buyer"]),
        Fact(_("卖方（收款人）"), names["seller"]),
        Fact(_("贷款银行"), names["bank"]),
        Fact(_("订单金额"), amount_minor=application.total_minor),
        Fact(_("自有资金（首付款）"), amount_minor=application.own_funds_minor),
        Fact(_("贷款"), amount_minor=application.loan_minor),
        Fact(_("到期日"), application.matures_on.isoformat()),
        Fact(_("托管到期"), application.expires_on.isoformat()),
    ]
    if by.organization_id in (application.bank_id, application.buyer_id):
        shown += _cost(application)
    return shown


def _cost(application: Application) -> list[Fact]:
    quote = application.quote
    return [
        Fact(_("按期利息"), amount_minor=quote["interest_minor"]),
        Fact(_("费用"), amount_minor=quote["fees_minor"]),
        Fact(_("年化利率（单利）"), percent_text(quote["annual_rate_simple"])),
        Fact(_("每闲置一天利息"), amount_minor=quote["per_idle_day_minor"]),
    ]


def percent_text(rate: str) -> str:
    """A decimal fraction such as 0.043500 as a percentage with two decimals."""
    return f"{float(rate) * 100:.2f} %"


def _row(fact: workflow.Fact) -> TimelineRow:
    title, tone = FACTS.get(fact.name, (fact.name, "grey"))
    details = fact.details
    block = confirmations_of(details.get("block_number")) if details.get("block_number") else None
    tx = details.get("tx_hash", "")
    return TimelineRow(
        at=fact.recorded_at,
        title=title,
        anchor=f"f{fact.pk}",
        who=fact.actor_name if fact.actor_name != "system" else "",
        text=_text(details),
        amount_minor=details.get("amount_minor"),
        tx_hash=tx,
        tx_url=reverse("transaction", args=[tx]) if tx else "",
        confirmations=block,
        is_final=bool(tx),
        tone=tone,
    )


def _text(details: dict[str, object]) -> str:
    parts = [
        str(details[name])
        for name in ("opinion", "note", "reason", "decision")
        if details.get(name)
    ]
    return "；".join(parts)
