"""The one place where a payment could happen twice: simulate, take a nonce, sign, save, and only
then send.

The head of each queue goes, and only after its predecessor is mined. Signed bytes are committed
before they leave, so a crash resends the same transaction; what has no receipt is sent again
until it has one.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from scf.chain.answers import USED_NONCE, Fees, Simulation
from scf.chain.calls import Call
from scf.chain.contracts import addresses, call_data, not_deployed
from scf.chain.models import Block, ChainCommand, ChainEvent, CommandState, Sender
from scf.chain.node import BATCH, Node
from scf.chain.refusals import Refusal, read_refusal
from scf.chain.transactions import SignedTx, UnsignedTx
from scf.core import clock
from scf.core.actor import SYSTEM
from scf.core.errors import Unavailable
from scf.workflow import facts
from scf.workflow.deals import lock_deal

DONE = (CommandState.MINED, CommandState.FAILED)
GAS = 500_000  # ceiling a call; what is not used costs nothing
HEAVY_GAS = 4_000_000  # calls that write many lines or make a contract
HEAVY = frozenset({"deployVault", "fund", "open", "reclaim"})
RESEND_AFTER = timedelta(seconds=2)
RAISE_FEE_AFTER = timedelta(seconds=15)
ALREADY_EXECUTED = "already_executed"
SAVE_SIGNED = """
    UPDATE chain_chaincommand AS c
    SET state = 'sent', sender_id = %s, max_fee = %s, sent_at = %s, broadcast_at = %s,
        attempts = c.attempts + 1, nonce = v.nonce, raw_tx = v.raw, tx_hash = v.hash,
        tx_hashes = c.tx_hashes || v.hash::varchar
    FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[], %s::text[]) AS v (id, nonce, raw, hash)
    WHERE c.id = v.id
"""
log = logging.getLogger(__name__)


class Ready(NamedTuple):
    """A command with the bytes of its call, as it was tried: these very bytes are signed."""

    command: ChainCommand
    to: str
    data: str


class Relayer(Protocol):
    """Who signs for the platform's own key: the signer in this process, or behind its socket."""

    def relayer_address(self) -> str: ...

    def sign_transactions(self, unsigned: Sequence[UnsignedTx]) -> list[SignedTx]: ...


def sendable_heads() -> QuerySet[ChainCommand]:
    """The first unfinished command of each queue, where that one waits to be sent; oldest first."""
    heads = (
        ChainCommand.objects.exclude(state__in=DONE).order_by("queue", "position").distinct("queue")
    )
    return ChainCommand.objects.filter(
        pk__in=heads.values("pk"), state=CommandState.QUEUED
    ).order_by("position")


def send_ready(node: Node, *, relayer: Relayer, limit: int = BATCH) -> int:
    """Send the head of every queue that would succeed, and again all that has no receipt; returns
    how many were new.

    Raises Unavailable when node or signer is silent, or the key has nothing left to pay gas with.
    """
    ready = _simulate(node, relayer, list(sendable_heads()[:limit]))
    signed: list[ChainCommand] = []
    if ready:
        fees = node.fees()
        _check_funds(node, relayer, fees, len(ready))
        first_nonce = node.transaction_count(relayer.relayer_address())
        signed = _sign(relayer, ready, fees, first_nonce)
        _broadcast(node, signed)
    _raise_fees(node, relayer)
    broadcast_unmined(node)
    return len(signed)


def broadcast_unmined(node: Node) -> int:
    """Send every saved transaction without a receipt that was not sent just now; repeatable."""
    quiet = Q(broadcast_at__isnull=True) | Q(broadcast_at__lt=clock.now() - RESEND_AFTER)
    sent = ChainCommand.objects.filter(quiet, state=CommandState.SENT, block_number__isnull=True)
    commands = list(sent.only("key", "nonce", "raw_tx").order_by("nonce")[: 4 * BATCH])
    _broadcast(node, commands)
    ChainCommand.objects.filter(pk__in=[each.pk for each in commands]).update(
        broadcast_at=clock.now()
    )
    return len(commands)


def _broadcast(node: Node, commands: Sequence[ChainCommand]) -> None:
    refusals = node.broadcast([bytes(each.raw_tx or b"") for each in commands])
    for command, refusal in zip(commands, refusals, strict=True):
        if refusal:
            _refused(node, command, refusal)


def call_of(command: ChainCommand, where: Mapping[str, str]) -> tuple[str, str]:
    """Address and bytes of a command's call; ``where`` names the contracts' addresses.

    Raises Unavailable(not_deployed) when the command's contract is not among them.
    """
    if command.contract not in where:
        raise not_deployed(command.contract)
    data = call_data(Call(command.contract, command.function, command.args))
    return where[command.contract], data


def gas_of(command: ChainCommand) -> int:
    """The most gas a command may use."""
    return HEAVY_GAS if command.function in HEAVY else GAS


def _simulate(node: Node, relayer: Relayer, heads: list[ChainCommand]) -> list[Ready]:
    if not heads:
        return []
    sender, where = relayer.relayer_address(), addresses()
    tried = [Ready(each, *call_of(each, where)) for each in heads]
    calls = [(each.to, each.data, gas_of(each.command)) for each in tried]
    ready = []
    for each, simulation in zip(tried, node.simulate(calls, sender=sender), strict=True):
        if not simulation.is_revert:
            ready.append(each)
        elif (refusal := read_refusal(simulation.data)).code == ALREADY_EXECUTED:
            _take_as_done(node, each.command, refusal, sender)
        else:
            _block(each.command, refusal)
    return ready


@transaction.atomic
def _block(command: ChainCommand, refusal: Refusal) -> None:
    # It takes no nonce and holds only its own queue until two persons decide.
    if command.deal_id:
        lock_deal(command.deal_id)
    waiting = ChainCommand.objects.filter(pk=command.pk, state=CommandState.QUEUED)
    changes = {"error": refusal.code, "error_details": refusal.details}
    if not waiting.update(state=CommandState.BLOCKED, attempts=F("attempts") + 1, **changes):
        return
    log.warning("command_blocked", extra={"command": command.key, **changes})
    facts.record(
        "chain.CommandBlocked", command, by=SYSTEM, key=command.key, queue=command.queue,
        contract=command.contract, function=command.function, **changes,
    )  # fmt: skip


def _take_as_done(node: Node, command: ChainCommand, refusal: Refusal, sender: str) -> None:
    """Somebody else relayed the same signed act: it is done once that is final on the chain."""
    newest = Block.objects.order_by("-number").first()
    final = newest.number - settings.CHAIN_CONFIRMATIONS if newest else 0
    call = call_of(command, addresses())
    if final < 1 or not _said_so(node.replay(*call, sender=sender, block=final + 1)):
        return
    instruction_id = str(refusal.details.get("instruction_id", ""))
    event = ChainEvent.objects.filter(args__instruction_id=instruction_id).first()
    queued = ChainCommand.objects.filter(pk=command.pk, state=CommandState.QUEUED)
    queued.update(
        state=CommandState.MINED,
        error=refusal.code,
        mined_at=clock.now(),
        tx_hash=event.tx_hash if event else "",
        block_number=event.block_number if event else final,
        block_hash=event.block_hash if event else "",
    )


def _said_so(simulation: Simulation) -> bool:
    return simulation.is_revert and read_refusal(simulation.data).code == ALREADY_EXECUTED


def _check_funds(node: Node, relayer: Relayer, fees: Fees, how_many: int) -> None:
    if (
        fees.max_fee
        and node.balance(relayer.relayer_address()) < how_many * HEAVY_GAS * fees.max_fee
    ):
        raise Unavailable(_("平台转发账户的手续费余额不足，已暂停发送"), code="no_gas_money")


@transaction.atomic
def _sign(
    relayer: Relayer, ready: Sequence[Ready], fees: Fees, first_nonce: int
) -> list[ChainCommand]:
    # The sender row is the nonce lock: whoever holds it is the only one to sign for this key.
    sender = take_nonces(relayer.relayer_address(), first_nonce)
    ids = [each.command.pk for each in ready]
    queued = ChainCommand.objects.filter(pk__in=ids, state=CommandState.QUEUED)
    still = set(queued.select_for_update().values_list("pk", flat=True))
    going = [each for each in ready if each.command.pk in still]
    for nonce, each in enumerate(going, start=sender.next_nonce):
        each.command.nonce, each.command.sender = nonce, sender
    if going:
        _put_signatures(relayer, going, fees)
    sender.next_nonce += len(going)
    sender.save(update_fields=["next_nonce"])
    return [each.command for each in going]


def take_nonces(address: str, first_nonce: int) -> Sender:
    """The locked sender row of a key; a key that is new to us begins where the chain says."""
    Sender.objects.get_or_create(address=address, defaults={"next_nonce": first_nonce})
    return Sender.objects.select_for_update().get(address=address)


def _put_signatures(relayer: Relayer, ready: Sequence[Ready], fees: Fees) -> None:
    signed = relayer.sign_transactions([_unsigned(each, fees) for each in ready])
    now = clock.now()
    # One statement for all: 400 rows one by one cost more than their signatures. They leave right
    # after the commit; should this process die before, they are sent again like any other.
    with connection.cursor() as sql:
        sql.execute(
            SAVE_SIGNED,
            [
                ready[0].command.sender_id,
                fees.max_fee,
                now,
                now,
                [each.command.pk for each in ready],
                [each.command.nonce for each in ready],
                [each.raw for each in signed],
                [each.tx_hash for each in signed],
            ],
        )
    for each, with_key in zip(ready, signed, strict=True):
        each.command.raw_tx = with_key.raw


def _unsigned(ready: Ready, fees: Fees) -> UnsignedTx:
    command = ready.command
    if command.nonce is None:
        raise AssertionError(f"{command.key} has no nonce to sign with")
    gas = gas_of(command)
    return UnsignedTx(
        settings.CHAIN_ID, command.nonce, ready.to, ready.data, gas, fees.max_fee, fees.priority_fee
    )


def _raise_fees(node: Node, relayer: Relayer) -> None:
    # A transaction that waits too long while gas grew dearer is signed again with the same nonce.
    late = ChainCommand.objects.filter(
        state=CommandState.SENT,
        block_number__isnull=True,
        sent_at__lt=clock.now() - RAISE_FEE_AFTER,
    )
    if late.exists():
        _broadcast(node, _sign_dearer(relayer, late, node.fees()))


@transaction.atomic
def _sign_dearer(relayer: Relayer, late: QuerySet[ChainCommand], fees: Fees) -> list[ChainCommand]:
    take_nonces(relayer.relayer_address(), 0)
    where = addresses()
    cheap = late.filter(max_fee__lt=fees.max_fee).select_for_update().order_by("nonce")
    commands = list(cheap[:BATCH])
    for command in commands:
        # Nodes take a replacement only when fee and tip are an eighth higher than last time.
        dearer = max(fees.max_fee, command.max_fee * 9 // 8 + 1)
        times = len(command.tx_hashes)
        tip = fees.priority_fee * 9**times // 8**times + 1
        ready = Ready(command, *call_of(command, where))
        _put_signatures(relayer, [ready], Fees(dearer, min(tip, dearer)))
    return commands


def _refused(node: Node, command: ChainCommand, refusal: str) -> None:
    if USED_NONCE not in refusal.lower():
        log.warning("broadcast_refused", extra={"command": command.key, "reason": refusal})
    elif not any(node.receipt(each) for each in command.tx_hashes):
        # Another transaction of this key took the nonce: only a person can say how that happened.
        log.error("nonce_taken", extra={"command": command.key, "nonce": command.nonce})
