"""The lines of a deal: goods and money side by side, each status in words, and what may be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.money import format_yuan
from scf.financing.models import Application
from scf.financing.selectors.lines import line_steps
from scf.payments.machine import S as Escrow
from scf.payments.models import Payment, PaymentLine
from scf.payments.selectors import kept_txs
from scf.portals.deal.access import sees_money, sees_prices
from scf.portals.deal.actions import Button
from scf.portals.deal.words import Words, chip_of
from scf.portals.orders.figures import price_text
from scf.portals.parts import Chip
from scf.portals.templatetags.quantities import plain, unit
from scf.trade.models import OrderLine

STEPS: dict[str, tuple[Words, str, bool, str, Words]] = {
    # step: words, address, does it at once, tone, hint
    "dispute": (_("提出争议"), "dispute", False, "outline-danger", _("只冻结这一行，其余各行照付")),
    "agree_return": (
        _("同意退回余额"), "agree_return", False, "outline-secondary",
        _("买卖双方都同意后，这一行未付的余额退回"),
    ),
    "decide": (_("裁定争议"), "decide", False, "primary", _("银行是条款约定的裁定人")),
}  # fmt: skip


@dataclass(frozen=True)
class DealLine:
    """One line: quantities as texts, money in fen where the reader may see it."""

    number: int
    goods: str
    unit: str
    quantity: str
    unit_price: str
    amount_minor: int | None
    goods_chip: Chip
    money_chip: Chip | None
    quantities: Sequence[tuple[Words, str]]
    money: Sequence[tuple[Words, str]]
    buttons: Sequence[Button]
    is_urgent: bool


def deal_lines(
    application: Application, payment: Payment | None, *, by: Actor
) -> tuple[DealLine, ...]:
    """Every line the application finances, also after the lines were let go."""
    held = {line.order_line_id: line for line in payment.lines.all()} if payment else {}
    kept = _kept(payment) if payment and payment.claimable_minor else {}
    steps = line_steps(application, payment, by=by)
    rows = application.lines.select_related("order_line").order_by("order_line__line_number")
    return tuple(
        _line(application, row.order_line, held.get(row.order_line_id), kept, steps, by)
        for row in rows
    )


def _line(
    application: Application,
    line: OrderLine,
    held: PaymentLine | None,
    kept: Mapping[UUID, int],
    steps: dict[UUID, list[str]],
    by: Actor,
) -> DealLine:
    shows_money = held is not None and sees_money(by)
    waits = kept.get(held.pk, 0) if held else 0
    return DealLine(
        number=line.line_number,
        goods=f"{line.name} {line.spec}".strip(),
        unit=unit(line.unit),
        quantity=plain(line.quantity),
        unit_price=price_text(line.unit_price) if sees_prices(by) else "",
        amount_minor=line.amount_minor if sees_prices(by) else None,
        goods_chip=chip_of(line.status, line.status_label),
        money_chip=_money_chip(held, waits) if held and shows_money else None,
        quantities=_quantities(line),
        money=_money(held, waits) if held and shows_money else (),
        buttons=[_button(step, application, line) for step in steps.get(line.pk, [])],
        is_urgent="decide" in steps.get(line.pk, []),
    )


def _quantities(line: OrderLine) -> list[tuple[Words, str]]:
    named = [
        (_("已发"), line.shipped_quantity),
        (_("合格"), line.accepted_quantity),
        (_("短少"), line.short_quantity),
        (_("破损"), line.damaged_quantity),
        (_("拒收"), line.rejected_quantity),
    ]
    return [(words, plain(quantity)) for words, quantity in named if quantity]


def _kept(payment: Payment) -> dict[UUID, int]:
    """By line the fen it was paid that its payee could not receive yet."""
    waiting = payment.movements.filter(kind="release", tx_hash__in=kept_txs([payment.agreement_id]))
    sums = waiting.values_list("line_id").annotate(all=Sum("amount_minor"))
    return dict(sums.order_by("line_id"))


def _money_chip(held: PaymentLine, kept_minor: int) -> Chip:
    if kept_minor:
        return chip_of("claimable", _("待收款方领取"))
    return chip_of(held.status, held.status_label)


def _money(held: PaymentLine, kept_minor: int) -> list[tuple[Words, str]]:
    owed = held.confirmed_minor - held.released_minor
    rest = held.cap_minor - held.released_minor - held.returned_minor
    # Until all of the price is there, no line has money of its own in the escrow.
    is_funded = held.payment.status in (Escrow.FUNDED, Escrow.PARTIAL)
    named = [
        (_("已付"), held.released_minor - kept_minor),
        (_("待领取"), kept_minor),
        (_("待付"), owed),
        (_("已退"), held.returned_minor),
        (_("托管中"), rest if is_funded else 0),
    ]
    return [(words, format_yuan(minor)) for words, minor in named if minor > 0]


def _button(step: str, application: Application, line: OrderLine) -> Button:
    label, url_name, is_post, tone, hint = STEPS[step]
    url = reverse(url_name, args=[application.deal_id, line.pk])
    return Button(label, url, is_post, tone, hint)
