"""The lock of a deal lets one act at a time at it, and others at other deals."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError, connection, transaction

from scf.workflow.deals import lock_deal, open_deal


def locked_within(deal_id: UUID, milliseconds: int) -> bool:
    """Whether another session gets the lock in time."""
    try:
        with transaction.atomic(), connection.cursor() as sql:
            sql.execute(f"SET LOCAL lock_timeout = '{milliseconds}ms'")
            lock_deal(deal_id)
    except OperationalError:
        return False
    else:
        return True
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_while_one_holds_a_deal_others_wait_for_it_and_for_no_other() -> None:
    mine, other = open_deal(), open_deal()
    held, asked = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                lock_deal(mine)
                held.set()
                assert asked.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        holding = threads.submit(hold)
        assert held.wait(30)
        assert threads.submit(locked_within, mine, 200).result(30) is False
        assert threads.submit(locked_within, other, 5000).result(30) is True
        asked.set()
        holding.result(30)
        assert threads.submit(locked_within, mine, 5000).result(30) is True


@pytest.mark.django_db
def test_what_belongs_to_no_deal_locks_nothing_and_a_deal_that_is_not_there_is_refused() -> None:
    assert open_deal() != open_deal()
    lock_deal(None)
    with pytest.raises(ObjectDoesNotExist):
        lock_deal(uuid4())
