"""Blocks and transactions in words, for who may know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from scf.chain.apply import confirmed_block
from scf.chain.models import Block, ChainCommand, ChainEvent
from scf.chain.refusals import words_of
from scf.chain.selectors.visibility import concerns, references_of, visible_commands
from scf.chain.words import EVENT_WORDS, Words
from scf.core.actor import Actor
from scf.core.errors import NotFound


@dataclass(frozen=True)
class EventInWords:
    """One event for a screen: its name in words and its values by name. Amounts are fen."""

    event: ChainEvent
    words: Words
    values: dict[str, Any]


@dataclass(frozen=True)
class TransactionView:
    """One transaction as far as the asker may see it. ``confirmations`` counts the blocks after
    its own.
    """

    tx_hash: str
    block_number: int | None
    block_time: datetime | None
    confirmations: int
    is_final: bool
    is_reverted: bool
    error: Words | None
    command: ChainCommand | None
    events: list[EventInWords]


def get_transaction(tx_hash: str, *, by: Actor) -> TransactionView:
    """A transaction with its events in words. NotFound when none of it concerns the actor."""
    seen = references_of(by)
    events = [
        each for each in ChainEvent.objects.filter(tx_hash=tx_hash.lower()) if concerns(each, seen)
    ]
    command = visible_commands(by).filter(tx_hashes__contains=[tx_hash.lower()]).first()
    if not events and command is None:
        raise NotFound(_("没有这笔链上交易"))
    number = events[0].block_number if events else command.block_number if command else None
    block = Block.objects.filter(number=number).first() if number is not None else None
    return TransactionView(
        tx_hash=tx_hash.lower(),
        block_number=number,
        block_time=block.time if block else None,
        confirmations=confirmations_of(number),
        is_final=number is not None and number <= confirmed_block(),
        is_reverted=bool(command and command.is_reverted),
        error=words_of(command.error) if command and command.is_reverted else None,
        command=command,
        events=[in_words(each) for each in events],
    )


def list_block_events(number: int, *, by: Actor) -> list[EventInWords]:
    """What concerns the actor in one block. Raises NotFound for a block we do not know."""
    if not Block.objects.filter(number=number).exists():
        raise NotFound(_("没有这个区块"))
    seen = references_of(by)
    events = ChainEvent.objects.filter(block_number=number)
    return [in_words(each) for each in events if concerns(each, seen)]


def list_deal_events(deal_id: UUID, *, by: Actor) -> list[EventInWords]:
    """Every applied event of a deal that concerns the actor, in the order of the chain."""
    seen = references_of(by)
    events = ChainEvent.objects.filter(deal_id=deal_id)
    return [in_words(each) for each in events if concerns(each, seen)]


def confirmations_of(block_number: int | None) -> int:
    """How many blocks lie on top of this one, as far as we have read; 0 when it is not mined."""
    head = Block.objects.aggregate(head=Max("number"))["head"]
    return 0 if head is None or block_number is None else max(head - block_number, 0)


def in_words(event: ChainEvent) -> EventInWords:
    """An event for a screen."""
    return EventInWords(
        event, EVENT_WORDS.get(event.name, Words(event.name, event.name)), dict(event.args)
    )
