"""Two processes at the same moment: each act once, each nonce once, each event once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from scf.chain.apply import apply_confirmed
from scf.chain.indexer import scan
from scf.chain.models import ChainCommand, ChainEvent, Sender
from scf.chain.sender import send_ready
from scf.chain.services import watch
from scf.workflow.deals import open_deal
from scf.workflow.models import Fact

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
QUEUES = [f"0x{number:064x}" for number in range(1, 9)]


def at_once(act: Callable[[], object], *, threads: int = 4) -> list[object]:
    """The same act in several threads, begun together; what each returned or raised."""
    barrier = Barrier(threads)

    def run() -> object:
        barrier.wait(10)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return [each.result(60) for each in [pool.submit(run) for _thread in range(threads)]]


def test_several_senders_use_each_nonce_once(fake, signer, rotate):
    for queue in QUEUES:
        rotate(queue, queue=queue)
    sent = at_once(lambda: send_ready(fake, relayer=signer))
    assert sum(sent) == len(QUEUES)
    nonces = sorted(ChainCommand.objects.values_list("nonce", flat=True))
    assert nonces == list(range(len(QUEUES)))
    assert Sender.objects.get().next_nonce == len(QUEUES)
    fake.mine()
    scan(fake)
    assert fake.transaction_count("") == len(QUEUES)


def test_the_same_key_at_the_same_moment_is_one_command(fake, rotate):
    found = at_once(lambda: rotate("one").pk)
    assert len(set(found)) == 1
    assert ChainCommand.objects.count() == 1


def test_several_indexers_store_and_apply_each_event_once(fake, signer, rotate):
    deal_id = open_deal()
    for queue in QUEUES:
        watch(queue, deal_id=deal_id, parties=[UUID(int=1)])
        rotate(queue, queue=queue)
    send_ready(fake, relayer=signer)
    fake.mine(2)
    at_once(lambda: scan(fake))
    assert ChainEvent.objects.count() == len(QUEUES)
    at_once(apply_confirmed)
    facts = Fact.objects.filter(name="chain.KeyAdded").values_list("subject_id", flat=True)
    assert len(facts) == len(set(facts)) == len(QUEUES)
