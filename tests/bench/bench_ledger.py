"""How much of the bare set-based SQL's speed is left through the product's own call.

``python -m tests.bench.bench_ledger`` starts a PostgreSQL of its own that writes durably, posts the
same batches by ``post_transfers`` and by the barest SQL that keeps running balances, turn by turn,
and prints the median of the ratios beside the reference. Only ratios mean something: the machine
is shared. The figures count only when the invariants hold afterwards.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import django
from django.core.management import call_command
from django.db import connection, transaction

from scf.runtime.postgres import Cluster

ROUNDS = 7
BATCHES = 6
BATCH = 1_000
ACCOUNTS = 400
CALLERS, CALLS = 32, 40  # online: each caller waits for its own durable commit, so often

BARE_TABLES = """
    CREATE TABLE bare_account (LIKE ledger_account INCLUDING ALL) WITH (fillfactor = 50);
    CREATE TABLE bare_transfer (LIKE ledger_transfer INCLUDING ALL);
    INSERT INTO bare_account OVERRIDING SYSTEM VALUE SELECT * FROM ledger_account;
"""

BARE_LOCK = "SELECT 1 FROM bare_account WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE"

# No verdicts, no limits, no links, no search for keys seen before: rows, balances, counters.
BARE_POST = """
    WITH leg AS (
        SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[])
                 WITH ORDINALITY AS x(debit, credit, amount, key, turn)
    ), entry AS (
        SELECT turn, side.account, side.sign, side.sign * amount AS moved, amount
          FROM leg CROSS JOIN LATERAL (VALUES (debit, 1), (credit, -1)) AS side(account, sign)
    ), running AS (
        SELECT turn, sign, a.debits_posted_minor - a.credits_posted_minor
               + sum(moved) OVER (PARTITION BY account ORDER BY turn
                                  ROWS UNBOUNDED PRECEDING) AS balance
          FROM entry JOIN bare_account a ON a.id = account
    ), inserted AS (
        INSERT INTO bare_transfer (debit_account_id, credit_account_id, amount_minor, state, kind,
                                   key, booking_date, value_date, debit_balance_minor,
                                   credit_balance_minor)
        SELECT debit, credit, amount, 'posted', 'bench', key, current_date, current_date,
               d.balance, c.balance
          FROM leg JOIN running d ON d.turn = leg.turn AND d.sign = 1
                   JOIN running c ON c.turn = leg.turn AND c.sign = -1
         ORDER BY leg.turn
    )
    UPDATE bare_account a SET debits_posted_minor = a.debits_posted_minor + s.debits,
                              credits_posted_minor = a.credits_posted_minor + s.credits
      FROM (SELECT account, coalesce(sum(amount) FILTER (WHERE sign = 1), 0) AS debits,
                   coalesce(sum(amount) FILTER (WHERE sign = -1), 0) AS credits
              FROM entry GROUP BY account) s
     WHERE a.id = s.account
"""

Pairs = list[tuple[int, int]]
Run = Callable[[Any], None]


@contextmanager
def own_database() -> Iterator[None]:
    """A durable cluster for this run, migrated, and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="scf-bench-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "pg")
        cluster.initialise()
        server = cluster.start()
        cluster.wait_ready(server)
        cluster.create_database("bench")
        os.environ["DATABASE_URL"] = cluster.url("bench")
        os.environ["DJANGO_SETTINGS_MODULE"] = "scf.config.settings"
        try:
            django.setup()
            call_command("migrate", verbosity=0)
            yield
            connection.close()
        finally:
            cluster.stop(server)


def product(batch: list[Any]) -> None:
    """The product's own call."""
    verdicts = sys.modules["scf.ledger.services"].post_transfers(batch)
    if not all(verdict.outcome == "posted" for verdict in verdicts):
        raise AssertionError("a transfer of the benchmark was refused")


def bare(columns: tuple[list[int], list[int], list[int], list[str]]) -> None:
    """The reference."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BARE_LOCK, [columns[0] + columns[1]])
        cursor.execute(BARE_POST, columns)


def prepared(run: Run, batches: list[Pairs]) -> list[Any]:
    """Batches in the form either side takes, with keys never used before: not part of the time."""
    if run is bare:
        return [
            (
                [pair[0] for pair in pairs],
                [pair[1] for pair in pairs],
                [1] * len(pairs),
                _keys(pairs),
            )
            for pairs in batches
        ]
    transfer_in = sys.modules["scf.ledger.transfers"].TransferIn
    return [
        [
            transfer_in(debit, credit, 1, kind="bench", key=key)
            for (debit, credit), key in zip(pairs, _keys(pairs), strict=True)
        ]
        for pairs in batches
    ]


def _keys(pairs: Pairs) -> list[str]:
    return [f"{uuid4()}" for _pair in pairs]


def timed(run: Run, batches: list[Pairs]) -> float:
    """Transfers a second."""
    ready = prepared(run, batches)
    begun = time.perf_counter()
    for each in ready:
        run(each)
    return sum(map(len, batches)) / (time.perf_counter() - begun)


def online(run: Run, batches: list[Pairs]) -> float:
    """Transfers a second of many callers at once, each with a connection of its own."""
    ready = prepared(run, batches)
    done: list[int] = []
    start = Barrier(CALLERS + 1)

    def call(mine: list[Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            for each in mine:
                run(each)
            done.append(len(mine))
        finally:
            connection.close()

    callers = [Thread(target=call, args=(ready[turn::CALLERS],)) for turn in range(CALLERS)]
    for each in callers:
        each.start()
    start.wait()
    begun = time.perf_counter()
    for each in callers:
        each.join()
    spent = time.perf_counter() - begun
    if sum(done) != len(batches):
        raise AssertionError(f"{sum(done)} of {len(batches)} calls came through")
    return len(batches) / spent


def side_by_side(
    title: str,
    one: tuple[Run, list[Pairs]],
    other: tuple[Run, list[Pairs]],
    *,
    by: Callable[[Run, list[Pairs]], float] = timed,
) -> float:
    """Run the pair several times in turn, print the median ratio and both speeds."""
    ratios, firsts, seconds = [], [], []
    for _round in range(ROUNDS):
        firsts.append(by(*one))
        seconds.append(by(*other))
        ratios.append(firsts[-1] / seconds[-1])
    ratio = statistics.median(ratios)
    speeds = f"{statistics.median(firsts):>9,.0f}/s against {statistics.median(seconds):>9,.0f}/s"
    sys.stdout.write(f"{title:<44} {ratio:5.2f}×   {speeds}\n")
    return ratio


def measure() -> None:
    """Open the accounts, run every pair, and see that the invariants hold."""
    from scf.ledger.services import open_account, open_book  # noqa: PLC0415 - needs the settings
    from scf.workflow.invariants import run_checks  # noqa: PLC0415 - needs the settings

    draw = random.Random(7)
    book = open_book(uuid4(), name="bench")
    accounts = [open_account(book, code=f"2011.01:{n}").pk for n in range(ACCOUNTS)]
    with connection.cursor() as cursor:
        cursor.execute(BARE_TABLES)

    def uniform(size: int) -> Pairs:
        return [tuple(draw.sample(accounts, 2)) for _each in range(size)]  # type: ignore[misc]

    def hot(size: int) -> Pairs:
        return [(accounts[0], draw.choice(accounts[1:])) for _each in range(size)]

    spread, burning = ([make(BATCH) for _each in range(BATCHES)] for make in (uniform, hot))
    single = [uniform(1) for _each in range(200)]
    timed(product, spread[:2])
    timed(bare, spread[:2])
    side_by_side("bulk, product / bare SQL (goal 0.80)", (product, spread), (bare, spread))
    side_by_side("hot account / spread, product (goal 0.90)", (product, burning), (product, spread))
    side_by_side("one transfer a call, product / bare SQL", (product, single), (bare, single))
    many = [uniform(1) for _each in range(CALLERS * CALLS)]
    title = f"online, {CALLERS} callers, product / bare SQL"
    side_by_side(title, (product, many), (bare, many), by=online)
    broken = [name for name, rows in run_checks().items() if name.startswith("ledger") and rows]
    sys.stdout.write(f"invariants: {'broken: ' + ', '.join(broken) if broken else 'hold'}\n")


if __name__ == "__main__":
    with own_database():
        measure()
