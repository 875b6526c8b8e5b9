"""What the chain confirmed about a wallet: its registration, its status, money issued into it and
moved from it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from scf.core.actor import SYSTEM
from scf.wallets import machine
from scf.wallets.ledger_accounts import Leg, mint_source, stage
from scf.wallets.models import Act, StatusOrder, Wallet
from scf.wallets.outcomes import is_done, mark_done, mark_subject_done
from scf.wallets.selectors import wallet_at
from scf.workflow import facts

#: The step each number of ``WalletStatus`` of the contracts means, and the status it leads to.
STEPS = {
    1: ("unfrozen", machine.S.ACTIVE),
    2: ("debit_frozen", machine.S.DEBIT_FROZEN),
    3: ("frozen", machine.S.FROZEN),
}


def confirm_registered(address: str, *, tx_hash: str) -> None:
    """The wallet exists on the chain. Harmless twice."""
    wallet = wallet_at(address)
    if wallet is None or wallet.status != machine.S.OPENING:
        return
    mark_subject_done(wallet.pk, kind="register_wallet", tx_hash=tx_hash)
    machine.MACHINE.fire(wallet, "opened", by=SYSTEM, tx_hash=tx_hash)


def confirm_status(address: str, *, status: int, order_id: str, tx_hash: str) -> None:
    """The registry changed a wallet's status: frozen on an order, wholly or what goes out of it, or
    active again. The owner is told under which order. Harmless twice.
    """
    wallet = wallet_at(address)
    if wallet is None or status not in STEPS or wallet.status == STEPS[status][1]:
        return
    step, level = STEPS[status]
    frozen_by = "" if level == machine.S.ACTIVE else order_id
    Wallet.objects.filter(pk=wallet.pk).update(frozen_by_order=frozen_by)
    orders = StatusOrder.objects.filter(wallet=wallet, level=level)
    given = (orders.filter(order_id=order_id) if frozen_by else orders).first()
    words = {"number": given.number, "authority": given.authority} if given else {}
    machine.MACHINE.fire(
        wallet,
        step,
        by=SYSTEM,
        tx_hash=tx_hash,
        order_id=order_id,
        owner_id=str(wallet.owner_id),
        purpose=wallet.purpose,
        **words,
    )


def confirm_minted(
    address: str,
    *,
    amount_minor: int,
    instruction_id: str,
    tx_hash: str,
    value_date: date,
) -> None:
    """Money was issued into a wallet: book it against what the act says. Fact ``wallet.minted``.

    Harmless twice. Raises AssertionError for a mint nobody here asked for: the event then waits on
    the repair page.
    """
    if is_done(instruction_id):
        return
    wallet = wallet_at(address)
    act = mark_done(instruction_id, tx_hash=tx_hash)
    if wallet is None or act is None:
        raise AssertionError(f"minted into {address} without an act of ours")
    leg = Leg(
        bank_id=wallet.bank_id,
        debit=mint_source(wallet, act.kind),
        credit=wallet.account_code,
        amount_minor=amount_minor,
        kind=act.kind,
        key=act.key,
        deal_id=act.deal_id,
        value_date=value_date,
    )
    stage([leg])
    _record("wallet.minted", wallet, act, amount_minor, tx_hash, value_date)


def confirm_moved(event: Mapping[str, Any], *, value_date: date) -> None:
    """Money moved between wallets, by signature or under a mandate: book it. Fact
    ``wallet.moved``. Harmless twice.
    """
    if is_done(event["instruction_id"]):
        return
    sender, receiver = wallet_at(event["from"]), wallet_at(event["to"])
    act = mark_done(event["instruction_id"], tx_hash=event["tx_hash"])
    if sender is None or receiver is None or act is None:
        raise AssertionError(f"moved from {event['from']} to {event['to']} without an act of ours")
    leg = Leg(
        bank_id=sender.bank_id,
        debit=sender.account_code,
        credit=receiver.account_code,
        amount_minor=event["amount"],
        kind=act.kind,
        key=act.key,
        deal_id=act.deal_id,
        value_date=value_date,
    )
    stage([leg])
    _record("wallet.moved", sender, act, event["amount"], event["tx_hash"], value_date)


def _record(
    name: str,
    wallet: Wallet,
    act: Act,
    amount_minor: int,
    tx_hash: str,
    value_date: date,
) -> None:
    facts.record(
        name,
        act,
        by=SYSTEM,
        wallet_id=str(wallet.pk),
        act_kind=act.kind,
        key=act.key,
        amount_minor=amount_minor,
        tx_hash=tx_hash,
        value_date=value_date.isoformat(),
    )
