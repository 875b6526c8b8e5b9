"""Pumps of the bank's day in real time; losing any message costs only time."""

from celery import shared_task
from django.conf import settings

from scf.chain.node import Node
from scf.core import clock
from scf.financing import day_end
from scf.financing.services.issue_papers import make_due_papers
from scf.workflow import clocks


@shared_task(name="financing.fire_due")  # type: ignore[untyped-decorator]
def fire_due() -> None:
    """Every minute: fire what fell silent."""
    clocks.fire_due()


@shared_task(name="financing.sweep_due")  # type: ignore[untyped-decorator]
def sweep_due() -> None:
    """In the evening of a real day: take what is due before midnight."""
    if clocks.business_date() == clock.today():
        day_end.sweep_due(clock.today())


@shared_task(name="financing.roll_day")  # type: ignore[untyped-decorator]
def roll_day() -> None:
    """After midnight and then every few minutes: close what is over, open today, reclaim."""
    node = Node(settings.RPC_URL, chain_id=settings.CHAIN_ID)
    try:
        day_end.roll_day(node=node)
    finally:
        node.close()


@shared_task(name="financing.make_papers")  # type: ignore[untyped-decorator]
def make_papers() -> None:
    """Every few seconds: set and store the papers that facts called for."""
    make_due_papers()
