"""The end of an act: what was staged while it ran is done last, together, in the same transaction.

Rooms stage legs of money as they go; the outermost service, or ``chain.apply``, posts them once at
the end. That keeps the lock order: deal, limits, and the ledger always last.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import transaction

Closer = Callable[[list[Any]], None]
C = TypeVar("C", bound=Closer)

_closers: list[Closer] = []


@dataclass
class _Act:
    staged: list[tuple[Closer, Any]] = field(default_factory=list)
    is_closing: bool = False


_current: ContextVar[_Act | None] = ContextVar("closing_act", default=None)


def register_closer(closer: C) -> C:
    """Register what runs at the end of every act that staged something for it, in this order."""
    _closers.append(closer)
    return closer


def stage(closer: Closer, items: Iterable[object]) -> None:
    """Keep ``items`` for ``closer`` until the act that is running ends.

    Raises AssertionError outside an act, and while an act closes: the last thing is the last thing.
    """
    act = _current.get()
    if act is None:
        raise AssertionError("staged outside an act: the outermost service opens closing_act()")
    if act.is_closing:
        raise AssertionError("staged while the act closes: a closer stages nothing")
    if closer not in _closers:
        raise AssertionError(f"{closer} is not a registered closer")
    act.staged.extend((closer, item) for item in items)


@contextmanager
def closing_act() -> Iterator[None]:
    """One act: a transaction at whose end the registered closers get what was staged for them.

    An act inside an act joins it: its items wait for the outermost end, and an error that leaves
    the inner one takes back its rows (a savepoint) and its items alike. Also usable as a decorator.
    Inside an act, an error that is caught must have left a ``closing_act``, not a bare ``atomic``.
    """
    outer = _current.get()
    if outer is not None:
        with _taken_back_on_error(outer), transaction.atomic():
            yield
        return
    act = _Act()
    token = _current.set(act)
    try:
        with transaction.atomic():
            yield
            _close(act)
    finally:
        _current.reset(token)


@contextmanager
def _taken_back_on_error(act: _Act) -> Iterator[None]:
    before = len(act.staged)
    is_done = False
    try:
        yield
        is_done = True
    finally:
        if not is_done:
            del act.staged[before:]


def _close(act: _Act) -> None:
    act.is_closing = True
    for closer in _closers:
        items = [item for owner, item in act.staged if owner is closer]
        if items:
            closer(items)
