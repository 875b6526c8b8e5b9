"""What a rehearsal did, step by step: who, what came of it, in which transaction, how long."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections
from django.db.models import Max

from scf.chain.models import ChainCommand, CommandState
from scf.rehearsal.deal import Deal
from scf.rehearsal.refusals import Stuck

T = TypeVar("T")
TRIES = 60  # of an act that met a database in restart
PAUSE = 2.0  # seconds between them


def _last_position() -> int:
    return ChainCommand.objects.aggregate(last=Max("position"))["last"] or 0


@dataclass(frozen=True)
class Step:
    """One step; ``tx_hash`` and ``block`` are of the last transaction it led to, if any."""

    step: str
    actor: str
    status: str
    tx_hash: str | None
    block: int | None
    seconds: float


@dataclass
class Journal:
    """The steps so far. ``say`` hears a line for each."""

    say: Callable[[str], object]
    steps: list[Step] = field(default_factory=list)
    _position: int = field(default_factory=_last_position)

    def step(
        self, name: str, actor: str, act: Callable[[], object], *, deal: Deal | None = None
    ) -> None:
        """Do one thing, let the chain rest for the deal, and write it down."""
        started = time.monotonic()
        persistently(act)
        if deal is not None:
            persistently(deal.rest)
        persistently(lambda: self._write(name, actor, started, deal))

    def _write(self, name: str, actor: str, started: float, deal: Deal | None) -> None:
        command = None
        if deal is not None and deal.deal_id:
            rows = ChainCommand.objects.filter(deal_id=deal.deal_id, state=CommandState.MINED)
            command = rows.filter(position__gt=self._position).order_by("position").last()
        if command is not None:
            self._position = command.position
        done = Step(
            step=name,
            actor=actor,
            status=_status(deal),
            tx_hash=command.tx_hash if command else None,
            block=command.block_number if command else None,
            seconds=round(time.monotonic() - started, 3),
        )
        self.steps.append(done)
        self.say(f"{done.seconds:7.2f} s  {name:<20} {actor:<8} {done.status}")

    def as_rows(self) -> list[dict[str, Any]]:
        """The steps as JSON values."""
        return [asdict(step) for step in self.steps]


def persistently(act: Callable[[], T]) -> T:
    """Do it, again when the database was down meanwhile: every act of a rehearsal is safe twice."""
    for _try in range(TRIES):
        try:
            return act()
        except (OperationalError, InterfaceError):
            close_old_connections()
            time.sleep(PAUSE)
    raise Stuck("数据库长时间不可用", "the database stayed away")


def _status(deal: Deal | None) -> str:
    """Where the machine of the hour stands: the order's, the application's, then escrow and
    loan.
    """
    if deal is None:
        return "done"
    if deal.application_id is None:
        deal.order.refresh_from_db()
        return str(deal.order.status)
    application = deal.application
    if application.status != "funded":
        return str(application.status)
    return f"{deal.payment.status}/{deal.loan.status}"
