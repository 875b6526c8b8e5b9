"""Two ways in which what was asked of the chain comes to rest: in this process, or by the running
stack.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.db.models import Q, QuerySet

from scf.chain.apply import apply_confirmed
from scf.chain.deploy import deploy_contracts, register_banks
from scf.chain.indexer import scan
from scf.chain.models import (
    ChainCommand,
    ChainEvent,
    ChainParty,
    CommandState,
    Reference,
    SignatureRequest,
    SignatureState,
)
from scf.chain.node import Node
from scf.chain.rest import is_anything_open
from scf.chain.sender import send_ready
from scf.chain.signer import Signer, open_signer
from scf.core.actor import SYSTEM
from scf.rehearsal.refusals import Stuck
from scf.wallets.machine import A
from scf.wallets.models import Act
from scf.wallets.selectors import list_failed_acts

LOOK_EVERY = 0.2  # seconds between two looks at the rows
ROUNDS = 50_000  # of a whole order with thousands of lines
AT_ONCE = 200  # events applied before one looks again
OUTAGE = 240.0  # seconds an act of the stack may take, restarts of its parts included


class Stack(Protocol):
    """Where a rehearsal plays."""

    node: Node
    is_own: bool

    def rest(self, deal_id: UUID | None = None) -> None:
        """Return when nothing asked of the chain is under way any more. Raises Stuck."""
        ...


class OwnStack:
    """A chain of its own in the past, driven step by step in this very process."""

    is_own = True

    def __init__(self, node: Node, signer: Signer) -> None:
        self.node, self._signer = node, signer
        self.watchers: list[Callable[[], None]] = []  # called after each event that was applied

    @classmethod
    def opened(cls) -> "OwnStack":
        """On the engines of the settings, with the contracts deployed on them."""
        node = Node(settings.RPC_URL, chain_id=settings.CHAIN_ID)
        signer = open_signer()
        deploy_contracts(node=node, signer=signer, mines=True)
        register_banks(by=SYSTEM)
        return cls(node, signer)

    def rest(self, deal_id: UUID | None = None) -> None:
        """Sign, send, mine, read and apply until nothing moves. Raises Stuck on what cannot go
        on.
        """
        rows = Rows(deal_id)
        for _round in range(ROUNDS):
            # Most of the time nothing was asked for: one question to the database tells.
            if not rows.is_anything_open():
                return
            moved = self._signer.sign_waiting()
            sent = send_ready(self.node, relayer=self._signer)
            if sent:
                self.node.mine(1 + settings.CHAIN_CONFIRMATIONS)
            if not moved + sent + self.read():
                break
        else:
            raise Stuck(f"{ROUNDS} 轮后链仍未静止", f"the chain moves after {ROUNDS} rounds")
        rows.require_no_stuck()

    def read(self) -> int:
        """Read what is new on the chain and apply it, where somebody watches one event after
        another.
        """
        moved = 0
        while found := scan(self.node):
            moved += found
        while applied := apply_confirmed(limit=1 if self.watchers else AT_ONCE):
            moved += applied
            for watch in self.watchers:
                watch()
        return moved


class RunningStack:
    """The processes of ``make up`` do the work; here one waits, with a bound."""

    is_own = False

    def __init__(self, *, patience: float = OUTAGE) -> None:
        self.node = Node(settings.RPC_URL, chain_id=settings.CHAIN_ID)
        self._patience = patience

    def rest(self, deal_id: UUID | None = None) -> None:
        """Wait until nothing of the deal (of anything, without one) is under way. Raises Stuck."""
        rows = Rows(deal_id)
        wait_until(rows.is_quiet, what=lambda: "; ".join(rows.moving()), seconds=self._patience)
        rows.require_no_stuck()


def wait_until(
    is_so: Callable[[], bool], *, what: Callable[[], str], seconds: float = OUTAGE
) -> None:
    """Look again and again until ``is_so``; a database that is down meanwhile is waited for.

    Raises Stuck naming ``what`` after ``seconds``.
    """
    until = time.monotonic() + seconds
    named = ""
    while time.monotonic() < until:
        try:
            if is_so():
                return
            named = what()
        except (OperationalError, InterfaceError) as outage:
            close_old_connections()
            named = f"database: {outage}"
        time.sleep(LOOK_EVERY)
    raise Stuck(f"{seconds:.0f} 秒后仍未完成：{named}", f"not done after {seconds:.0f} s: {named}")


@dataclass(frozen=True)
class Rows:
    """The rows towards the chain that a deal waits for; without a deal, all of them."""

    deal_id: UUID | None

    @property
    def _mine(self) -> Q:
        # Money that is issued belongs to no deal: it is waited for with every deal.
        return Q() if self.deal_id is None else Q(deal_id=self.deal_id) | Q(deal_id=None)

    def stuck(self) -> list[str]:
        """What waits for persons: blocked calls, failed acts, events that could not be applied."""
        waits = Q(state=CommandState.BLOCKED) | ~Q(untold_error="")
        commands = ChainCommand.objects.filter(self._mine, waits)
        events = self._events().exclude(error="")
        failed = list_failed_acts(self.deal_id) if self.deal_id else []
        return [
            *(f"{one.key}: {one.error} {one.error_details}" for one in commands[:5]),
            *(f"{one.name}: {one.error}" for one in events[:5]),
            *(f"{one.key}: {one.failure}" for one in failed[:5]),
        ]

    def moving(self) -> list[str]:
        """What is under way and goes on by itself."""
        requests = SignatureRequest.objects.filter(self._mine, state=SignatureState.WAITING)
        under_way = (CommandState.QUEUED, CommandState.SENT)
        commands = ChainCommand.objects.filter(self._mine, state__in=under_way)
        acts = Act.objects.filter(self._mine, status=A.SENT)
        parties = ChainParty.objects.filter(registered_at=None)
        return [
            *(f"unregistered party {one.party_id}" for one in parties[:3]),
            *(f"signature {one.key}" for one in requests[:3]),
            *(f"{one.state} {one.key}" for one in commands[:3]),
            *(f"unconfirmed {one.key}" for one in acts[:3]),
            *(f"unapplied {one.name}" for one in self._events().filter(error="")[:3]),
        ]

    def _events(self) -> QuerySet[ChainEvent]:
        waiting = ChainEvent.objects.filter(applied_at__isnull=True)
        if self.deal_id is None:
            return waiting
        mine = Reference.objects.filter(deal_id=self.deal_id).values("pk")
        return waiting.filter(reference__in=mine)

    def is_anything_open(self) -> bool:
        """Whether anything at all, of whatever deal, was asked for or told and is not done yet."""
        failed = Act.objects.filter(deal_id=self.deal_id, status=A.FAILED)
        return is_anything_open() or (self.deal_id is not None and failed.exists())

    def is_quiet(self) -> bool:
        """Nothing moves any more, or something is stuck."""
        return bool(self.stuck()) or not self.moving()

    def require_no_stuck(self) -> None:
        """Raises Stuck naming what waits for persons."""
        if named := "; ".join(self.stuck()):
            raise Stuck(
                f"需要人工处理（异常处理队列）：{named}",
                f"persons must act (the queue of stuck things): {named}",
            )
