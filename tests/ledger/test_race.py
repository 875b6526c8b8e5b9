"""Threads against each other on the real database."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from scf.core.errors import Conflict
from scf.ledger.services import post_pending, void_pending
from scf.ledger.transfers import Outcome
from tests.ledger.book import SmallBook, broken, move, opened_book, post

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

Work = Callable[[int], object]


@pytest.fixture
def shared() -> Iterator[SmallBook]:
    """A book that all threads see: buyer and seller hold 1,000.00 each."""
    book = opened_book()
    post(
        move(book.deposits, book.buyer, 100_000, "mint:buyer"),
        move(book.deposits, book.seller, 100_000, "mint:seller"),
    )
    yield book
    assert broken() == {}


def together(work: Work, *, threads: int) -> list[object]:
    """Run the work in as many threads, begun at the same moment; what each returned or raised."""
    barrier = Barrier(threads)

    def one(number: int) -> object:
        try:
            barrier.wait(30)
            return work(number)
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))


def test_batches_in_opposite_order_never_deadlock(shared: SmallBook) -> None:
    def work(number: int) -> object:
        one, other = (shared.buyer, shared.seller)[:: 1 if number % 2 else -1]
        outcomes: Counter[Outcome] = Counter()
        for turn in range(25):
            key = f"{number}:{turn}"
            outcomes.update(
                post(
                    move(one, other, 3, f"{key}:there"),
                    move(other, shared.escrow, 1, f"{key}:aside"),
                    move(shared.escrow, one, 1, f"{key}:back"),
                )
            )
        return outcomes

    done = together(work, threads=8)

    assert done == [Counter({Outcome.POSTED: 75})] * 8
    assert shared.left("buyer") + shared.left("seller") == 200_000


def test_of_many_who_withdraw_everything_one_succeeds(shared: SmallBook) -> None:
    def work(number: int) -> object:
        return post(move(shared.buyer, shared.escrow, 100_000, f"all:{number}"))[0]

    done = Counter(together(work, threads=20))

    assert done == {Outcome.POSTED: 1, Outcome.OVERDRAWN: 19}
    assert shared.left("buyer") == 0


def test_one_key_from_many_threads_moves_once(shared: SmallBook) -> None:
    def work(_number: int) -> object:
        return post(move(shared.buyer, shared.escrow, 7, "pay:1"))[0]

    done = Counter(together(work, threads=20))

    assert done == {Outcome.POSTED: 1, Outcome.DUPLICATE: 19}
    assert shared.left("escrow") == 7


def test_one_key_for_other_accounts_at_the_same_moment_is_a_conflict(shared: SmallBook) -> None:
    def late() -> str:
        try:
            return post(move(shared.deposits, shared.own, 7, "pay:1"))[0]
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            post(move(shared.buyer, shared.escrow, 7, "pay:1"))
            answer = pool.submit(late)
            _until_somebody_waits()
        assert answer.result(30) == "duplicate_key"

    assert shared.left("own") == 0


def _until_somebody_waits() -> None:
    for _attempt in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("the other transaction never waited")


def test_posted_and_voided_at_the_same_moment_it_is_settled_once(shared: SmallBook) -> None:
    post(*[move(shared.buyer, shared.seller, 10, f"hold:{n}", state="pending") for n in range(20)])

    def work(number: int) -> object:
        settle = post_pending if number % 2 else void_pending
        return [settle(f"hold:{n}", key=f"{number}:{n}").outcome for n in range(20)]

    rows = together(work, threads=4)

    for outcomes in zip(*rows, strict=True):  # type: ignore[call-overload]
        assert Counter(outcomes) == {Outcome.POSTED: 1, Outcome.SETTLED: 3}
    assert shared.refreshed("buyer").debits_pending_minor == 0
