"""Two ways in which what was asked of the chain comes to rest: in this process, or by the running
stack.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from scf.chain.apply import apply_confirmed
from scf.chain.deploy import deploy_contracts, register_banks
from scf.chain.indexer import scan
from scf.chain.models import (
    ChainCommand,
    ChainEvent,
    CommandState,
    SignatureRequest,
    SignatureState,
)
from scf.chain.node import Node
from scf.chain.sender import send_ready
from scf.chain.signer import Signer, open_signer
from scf.core.actor import SYSTEM
from scf.rehearsal.refusals import Stuck
from scf.wallets.machine import A
from scf.wallets.models import Act

LOOK_EVERY = 0.2  # seconds between two looks at the rows
ROUNDS = 50_000  # of a whole order with thousands of lines
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
        for _round in range(ROUNDS):
            moved = self._signer.sign_waiting()
            sent = send_ready(self.node, relayer=self._signer)
            if sent:
                self.node.mine(1 + settings.CHAIN_CONFIRMATIONS)
            if not moved + sent + self._read():
                break
        else:
            raise Stuck(f"{ROUNDS} 轮后链仍未静止", f"the chain moves after {ROUNDS} rounds")
        _refuse_stuck(_of(deal_id))

    def _read(self) -> int:
        """Read what is new on the chain and apply it, one event after another."""
        moved = 0
        while found := scan(self.node):
            moved += found
        while apply_confirmed(limit=1):
            moved += 1
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
        mine = _of(deal_id)
        wait_until(lambda: _is_quiet(mine), what=lambda: _under_way(mine), seconds=self._patience)
        _refuse_stuck(mine)


def wait_until(
    is_so: Callable[[], bool], *, what: Callable[[], str], seconds: float = OUTAGE
) -> None:
    """Look again and again until ``is_so``. Raises Stuck naming ``what`` after ``seconds``."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise Stuck(
                f"{seconds:.0f} 秒后仍未完成：{what()}",
                f"not done after {seconds:.0f} seconds: {what()}",
            )
        time.sleep(LOOK_EVERY)


def _of(deal_id: UUID | None) -> Q:
    # Money that is issued belongs to no deal: it is waited for with every deal.
    return Q() if deal_id is None else Q(deal_id=deal_id) | Q(deal_id=None)


def _is_quiet(mine: Q) -> bool:
    blocked = ChainCommand.objects.filter(mine, state=CommandState.BLOCKED)
    return blocked.exists() or not _under_way(mine)


def _under_way(mine: Q) -> str:
    """What has not come to its end, in words of the rows; empty when all is at rest."""
    requests = SignatureRequest.objects.filter(mine, state=SignatureState.WAITING)
    moving = (CommandState.QUEUED, CommandState.SENT, CommandState.BLOCKED)
    commands = ChainCommand.objects.filter(mine, state__in=moving)
    acts = Act.objects.filter(mine, status=A.SENT)
    events = ChainEvent.objects.filter(mine, applied_at__isnull=True).exclude(error="")
    found = [
        *(f"signature {key}" for key in requests.values_list("key", flat=True)[:3]),
        *(f"{state} {key}" for key, state in commands.values_list("key", "state")[:3]),
        *(f"unconfirmed {key}" for key in acts.values_list("key", flat=True)[:3]),
        *(f"event {name}: {error}" for name, error in events.values_list("name", "error")[:3]),
    ]
    return "; ".join(found)


def _refuse_stuck(mine: Q) -> None:
    blocked = ChainCommand.objects.filter(mine, state__in=[CommandState.BLOCKED])
    events = ChainEvent.objects.filter(mine, applied_at__isnull=True).exclude(error="")
    named = [
        *(f"{one.key}: {one.error} {one.error_details}" for one in blocked[:5]),
        *(f"{one.name}: {one.error}" for one in events[:5]),
    ]
    if named:
        raise Stuck(
            f"需要人工处理（异常处理队列）：{'; '.join(named)}",
            f"persons must act (the queue of stuck things): {'; '.join(named)}",
        )


def home() -> Path:
    """The folder of the stack this process belongs to."""
    return Path(settings.SCF_HOME)
