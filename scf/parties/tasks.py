"""Pumps of the room; losing any message costs only time."""

from celery import shared_task

from scf.parties.services import answer_resets as answer
from scf.parties.services import forget_answers as forget


@shared_task(name="parties.forget_answers")  # type: ignore[untyped-decorator]
def forget_answers() -> None:
    """Once a night: an ``Idempotency-Key`` is remembered for 30 days."""
    forget()


@shared_task(name="parties.answer_resets")  # type: ignore[untyped-decorator]
def answer_resets() -> None:
    """Every few seconds: look up the addresses that asked for a new password."""
    answer()
