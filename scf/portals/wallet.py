"""One wallet as its owner and its bank see it: what it holds, under which order it is frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from scf.core.actor import Actor
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization
from scf.portals.access import require_view
from scf.portals.parts import Chip, Words
from scf.portals.session import actor_of
from scf.wallets.machine import FREEZES, A, S
from scf.wallets.models import StatusOrder, Wallet
from scf.wallets.selectors import (
    Funds,
    funds_in,
    get_wallet,
    list_status_orders,
    order_in_force,
)

P = Permission
TONES: Mapping[str, str] = {S.ACTIVE: "green", S.DEBIT_FROZEN: "orange", S.FROZEN: "red"}
MEANS: Mapping[str, Words] = {
    S.FROZEN: _(
        "不能付出，也不能收入。付给这个钱包的货款留在托管里，不会丢失，解冻后领取；已签发的付款等解冻后再办"
    ),
    S.DEBIT_FROZEN: _("可以收入，不能付出。已签发的付款等解冻后再办"),
}
LEVELS: Mapping[str, Words] = {
    S.ACTIVE: _("解除冻结"), S.DEBIT_FROZEN: _("只收不付"), S.FROZEN: _("全部冻结"),
}  # fmt: skip
ACT_TONES: Mapping[str, str] = {
    A.ASKED: "grey", A.SENT: "blue", A.DONE: "green", A.FAILED: "red",
}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """An order about the wallet, with how far it has come."""

    order: StatusOrder
    level: Words
    chip: Chip
    tx_url: str


@dataclass(frozen=True)
class Freeze:
    """What holds now: in words what it means; the order is None where the chain alone says so."""

    means: Words
    order: StatusOrder | None
    must_pay: bool


@require_GET
def wallet(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """For the owner's and the bank's people who see money; NotFound for everybody else."""
    by = actor_of(request)
    require_view(by, P.APPLICATION_VIEW)
    return render(request, "wallets/wallet.html", page_of(get_wallet(wallet_id, by=by), by))


def page_of(found: Wallet, by: Actor) -> dict[str, object]:
    """What the page shows; the bank's own reasons only to the bank."""
    is_bank = found.bank_id == by.organization_id
    orders = list_status_orders(found)
    funds: Funds = funds_in(found)
    return {
        "wallet": found,
        "owner": get_organization(found.owner_id),
        "bank": get_organization(found.bank_id),
        "chip": Chip(found.status_label, TONES.get(found.status, "grey")),
        "funds": funds,
        "freeze": freeze_of(found, is_owner=found.owner_id == by.organization_id),
        "is_bank": is_bank,
        "orders": [_given(each) for each in orders] if is_bank else [],
        "acts": _acts(found, by, is_waiting=any(_is_open(each) for each in orders)),
    }


def freeze_of(found: Wallet, *, is_owner: bool) -> Freeze | None:
    """What a frozen wallet's owner and bank have to know; None for one that is not."""
    if found.status not in FREEZES:
        return None
    return Freeze(MEANS[found.status], order_in_force(found), must_pay=is_owner)


def _acts(found: Wallet, by: Actor, *, is_waiting: bool) -> Sequence[tuple[Words, str]]:
    """What the reader may order now; nothing while an order is on its way to the chain."""
    if is_waiting or found.bank_id != by.organization_id or not by.can(P.WALLET_FREEZE):
        return []
    freeze = (_("冻结钱包"), reverse("bank:freeze", args=[found.pk]))
    wholly = (_("改为全部冻结"), reverse("bank:freeze", args=[found.pk]))
    lift = (_("解冻钱包"), reverse("bank:lift", args=[found.pk]))
    shown = {S.ACTIVE: [freeze], S.DEBIT_FROZEN: [lift, wholly], S.FROZEN: [lift]}
    return shown.get(S(found.status), [])


def _is_open(order: StatusOrder) -> bool:
    return order.act.status in (A.ASKED, A.SENT)


def _given(order: StatusOrder) -> Given:
    tx_hash = order.act.tx_hash
    return Given(
        order,
        LEVELS[order.level],
        Chip(order.act.status_label, ACT_TONES[order.act.status]),
        reverse("transaction", args=[tx_hash]) if tx_hash else "",
    )
