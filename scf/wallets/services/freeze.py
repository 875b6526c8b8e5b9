"""Freezing a wallet on a lawful order, and lifting it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import services as chain
from scf.chain.abi import hash_of
from scf.chain.calls import Call
from scf.chain.hashing import word_of
from scf.core.actor import Actor
from scf.core.errors import Conflict, NotFound, NotPermitted
from scf.parties.permissions import Permission
from scf.wallets import machine
from scf.wallets.acts import ActIn, ask_act
from scf.wallets.attempts import attempt_key
from scf.wallets.lawful import LawfulOrder, checked
from scf.wallets.models import Act, StatusOrder, Wallet
from scf.workflow import facts

FREEZE, UNFREEZE = 13, 14  # numbers of ``Action`` of the contracts
S, A = machine.S, machine.A
#: From which statuses a level is reached, and its number of ``WalletStatus`` of the contracts.
LEVELS = {S.DEBIT_FROZEN: ((S.ACTIVE,), 2), S.FROZEN: ((S.ACTIVE, S.DEBIT_FROZEN), 3)}


@transaction.atomic
def freeze_wallet(
    wallet: Wallet, *, order: LawfulOrder, by: Actor, level: str = S.FROZEN, standing: str = ""
) -> Act:
    """Freeze a wallet, or (``level`` debit_frozen) only what goes out of it, on the order of a
    court or regulator, whose hash goes onto the chain.

    A person of its bank who may asks with a fresh second factor, or ``standing`` names an order
    signed before. Raises NotFound for anybody else, NotPermitted, RuleBroken(order_incomplete),
    Conflict(wrong_state) unless the wallet is active; one that only pays nothing may be frozen
    wholly. Safe twice; one that failed may be asked for again.
    """
    sources, number = LEVELS[S(level)]
    _require(wallet, sources, by)
    order = checked(order)
    _require_nothing_else_on_its_way(wallet, order, level)
    details = [wallet.address, number, order.order_id]
    types = ["address", "uint8", "bytes32"]
    key = f"freeze:{wallet.pk}:{wallet.version}"
    act = _ask(wallet, "freeze", FREEZE, details, types, key, by, standing)
    _write(wallet, act, order, level, by)
    return act


@transaction.atomic
def unfreeze_wallet(wallet: Wallet, *, order: LawfulOrder, by: Actor, standing: str = "") -> Act:
    """Lift the freeze, on an order that says so; the chain is told which freeze it lifts. Who asks
    and what it raises: as freezing, but of a frozen wallet.
    """
    _require(wallet, machine.FREEZES, by)
    order = checked(order)
    _require_nothing_else_on_its_way(wallet, order, S.ACTIVE)
    details: list[object] = [wallet.address, wallet.frozen_by_order]
    types = ["address", "bytes32"]
    key = f"unfreeze:{wallet.pk}:{wallet.version}"
    act = _ask(wallet, "unfreeze", UNFREEZE, details, types, key, by, standing)
    _write(wallet, act, order, S.ACTIVE, by)
    return act


def _write(wallet: Wallet, act: Act, order: LawfulOrder, level: str, by: Actor) -> None:
    """Keep what the act is done under; the owner hears of it once it is in force, not before."""
    row, is_new = StatusOrder.objects.get_or_create(
        act=act,
        defaults={
            "wallet": wallet,
            "level": level,
            "number": order.number,
            "authority": order.authority,
            "reason": order.reason,
            "order_id": order.order_id,
            "asked_by_name": by.name,
        },
    )
    if is_new:
        words = {"number": row.number, "authority": row.authority, "reason": row.reason}
        facts.record_for(("bank",), "wallet.order_given", wallet, by=by, level=level, **words)


def _require(wallet: Wallet, sources: tuple[str, ...], by: Actor) -> None:
    if not by.is_system and by.organization_id != wallet.bank_id:
        raise NotFound(_("没有这个钱包"))
    if not by.can(Permission.WALLET_FREEZE):
        raise NotPermitted(Permission.WALLET_FREEZE)
    if wallet.status not in sources:
        raise Conflict(_("钱包当前状态下不能这样做"), code="wrong_state", status=wallet.status)


def _require_nothing_else_on_its_way(wallet: Wallet, order: LawfulOrder, level: str) -> None:
    waiting = StatusOrder.objects.filter(wallet=wallet, act__status__in=(A.ASKED, A.SENT))
    if waiting.exclude(order_id=order.order_id, level=level).exists():
        raise Conflict(
            _("这个钱包已有一份文书正在上链：请等它生效后再办"),
            code="wrong_state",
            status=wallet.status,
        )


def _queue_of(wallet: Wallet) -> str:
    """A queue of its own: what the wallet's other calls wait for must not hold up a lawful order,
    nor the order's lifting wait behind a payment that the freeze itself blocks.
    """
    queue = word_of(f"wallet-status:{wallet.pk}")
    chain.watch(queue, parties=[wallet.owner_id, wallet.bank_id])
    return queue


def _ask(
    wallet: Wallet,
    kind: str,
    action: int,
    details: list[object],
    types: list[str],
    key: str,
    by: Actor,
    standing: str,
) -> Act:
    return ask_act(
        ActIn(
            key=attempt_key(key),
            kind=kind,
            subject_id=wallet.pk,
            contract="WalletRegistry",
            action=action,
            parties=(wallet.bank_id,),
            call=Call(
                "WalletRegistry",
                kind,
                ["instruction", {"approval_of": str(wallet.bank_id)}, *details],
            ),
            queue=_queue_of(wallet),
            audience=(wallet.owner_id, wallet.bank_id),
            payload_hash=hash_of(types, details),
            payee=wallet.address,
        ),
        by=by,
        standing=standing,
    )
