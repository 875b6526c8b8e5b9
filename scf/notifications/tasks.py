"""Pumps of the inbox and of the mail; losing any message costs only time."""

from celery import shared_task

from scf.notifications.services import read_facts, send_due

MOST_BATCHES = 20


@shared_task(name="notifications.read_facts")  # type: ignore[untyped-decorator]
def read() -> None:
    """Every few seconds: tell what happened since the last time."""
    for _batch in range(MOST_BATCHES):
        if not read_facts():
            return


@shared_task(name="notifications.send_due")  # type: ignore[untyped-decorator]
def send() -> None:
    """Every few seconds: send the mail that is due."""
    send_due()
