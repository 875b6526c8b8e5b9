"""The close of a day against the bare COPY of its rows, plans against a Decimal loop, and a replay.

``python -m tests.bench.bench_loans`` (``--loans 100000`` for a quick run) starts a PostgreSQL of
its own that writes durably, closes days of quiet loans end to end and by the bare COPY of the same
rows, turn by turn, and prints the median of the ratios; so does the end of a month for a hundredth
as many loans that each book interest, against the folds alone. Only ratios mean something: the
machine is shared. The figures count only when every row is what the fold of its loan tells.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from random import Random

import numpy as np

from scf.loans.actions import Draw, Repay
from scf.loans.book import fold
from scf.loans.calendars import due_dates
from scf.loans.postings import differences
from scf.loans.schedule import schedule
from scf.loans.schedules import Plans, plan_portfolio
from scf.loans.terms import Product, Residual, Terms
from tests.bench.bench_ledger import own_database

ROUNDS = 5
PLANS = 20_000
ROWS = 36
OPENED = date(2026, 1, 31)
FEN = Decimal(1)

Run = Callable[[], object]


def timed(run: Run) -> float:
    """Seconds."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def side_by_side(title: str, one: Run, other: Run, *, forget: Run = list) -> float:
    """Run the pair in turn; print and return the median of how many times longer ``one`` takes."""
    ratios, firsts, seconds = [], [], []
    for _round in range(ROUNDS):
        firsts.append(timed(one))
        forget()
        seconds.append(timed(other))
        forget()
        ratios.append(firsts[-1] / seconds[-1])
    ratio = statistics.median(ratios)
    mine, theirs = (1000 * statistics.median(times) for times in (firsts, seconds))
    sys.stdout.write(f"{title:<52} {ratio:7.3f}×  {mine:>9,.1f} ms against {theirs:>9,.1f} ms\n")
    return ratio


def measure_closes(loans: int) -> bool:
    """Days of quiet loans; whether every row came out as the fold tells it."""
    from tests.bench import loan_stand  # noqa: PLC0415 - needs the settings

    loan_stand.make_loans(loans)
    closes = loan_stand.Closes(loans)
    title = f"close of {loans:,} quiet loans / bare COPY (goal 3)"
    side_by_side(title, closes.by_the_product, closes.bare, forget=closes.forget)
    closes.by_the_product()
    return loan_stand.rows_that_equal_the_fold(closes.day) == loans


def measure_month_end(loans: int) -> bool:
    """Loans that each have an event at one close; whether rows and ledger are what folds tell."""
    from tests.bench import event_stand  # noqa: PLC0415 - needs the settings

    stand = event_stand.MonthEnd(loans)
    title = f"close of {loans:,} loans with an event / bare folds (goal 5)"
    side_by_side(title, stand.by_the_product, stand.bare, forget=stand.make_if_closed)
    holds = stand.holds()
    sys.stdout.write(f"  {stand.statements / loans:.2f} statements a loan\n")
    stand.clear()
    return holds


def measure_plans() -> bool:
    """Plans of a portfolio; whether they are those of the loop and of the schedule, to the fen."""
    draw = Random(5)
    principals = [draw.randrange(10_000_00, 5_000_000_00) for _loan in range(PLANS)]
    rates = [draw.randrange(30_000, 90_000, 500) for _loan in range(PLANS)]
    columns = {"principals_minor": np.array(principals), "rates_ppm": np.array(rates)}
    are_equal = True
    for product in (Product.EQUAL_INSTALMENTS, Product.EQUAL_PRINCIPAL):
        pattern = pattern_of(product)
        title = f"plans of {ROWS} rows, Decimal loop / columns, {product} (goal 30)"
        side_by_side(
            title,
            lambda pattern=pattern: by_decimal(pattern, principals, rates),
            lambda pattern=pattern: plan_portfolio(pattern, **columns),
        )
        plans = plan_portfolio(pattern, **columns)
        are_equal &= told(plans) == by_decimal(pattern, principals, rates)
        are_equal &= told(plans)[::100] == by_schedule(pattern, principals[::100], rates[::100])
    return are_equal


def pattern_of(product: Product) -> Terms:
    """Monthly rows by days over 360, each rounded by itself."""
    return Terms(
        frame_minor=1,
        rate_ppm=0,
        penalty_rate_ppm=0,
        opened_on=OPENED,
        due_dates=due_dates(OPENED, count=ROWS),
        product=product,
        residual=Residual.PER_PERIOD,
    )


def told(plans: Plans) -> list[list[tuple[int, int]]]:
    """(principal, interest) of each row of each loan."""
    pairs = np.stack([plans.principal_minor, plans.interest_minor], axis=2)
    return [list(map(tuple, loan)) for loan in pairs.transpose(1, 0, 2).tolist()]


def by_decimal(
    pattern: Terms, principals: list[int], rates: list[int]
) -> list[list[tuple[int, int]]]:
    """The usual way: a loop over loans and rows in Decimal."""
    starts = (pattern.opened_on, *pattern.due_dates)
    days = [Decimal((two - one).days) for one, two in pairwise(starts)]
    is_level = pattern.product is Product.EQUAL_INSTALMENTS
    return [
        loan_by_decimal(Decimal(principal), Decimal(rate) / 1_000_000, days, is_level=is_level)
        for principal, rate in zip(principals, rates, strict=True)
    ]


def loan_by_decimal(
    balance: Decimal, rate: Decimal, days: list[Decimal], *, is_level: bool
) -> list[tuple[int, int]]:
    """One plan, in fen."""
    growth = (1 + rate / 12) ** len(days)
    level = (balance * (rate / 12) * growth / (growth - 1)).quantize(FEN, ROUND_HALF_UP)
    part = (balance / len(days)).quantize(FEN, ROUND_HALF_UP)
    rows = []
    for left, each in zip(range(len(days), 0, -1), days, strict=True):
        interest = (balance * rate * each / 360).quantize(FEN, ROUND_HALF_UP)
        due = balance if left == 1 else min(balance, level - interest if is_level else part)
        rows.append((int(due), int(interest)))
        balance -= due
    return rows


def by_schedule(
    pattern: Terms, principals: list[int], rates: list[int]
) -> list[list[tuple[int, int]]]:
    """The product's plans one by one."""
    plans = []
    for principal, rate in zip(principals, rates, strict=True):
        terms = replace(pattern, frame_minor=principal, rate_ppm=rate, penalty_rate_ppm=rate)
        plans.append([(row.principal_minor, row.interest_minor) for row in schedule(terms)])
    return plans


def measure_replay() -> bool:
    """A payment found late under a loan of many rows; whether the books then show the new life."""
    terms = replace(
        pattern_of(Product.EQUAL_INSTALMENTS),
        frame_minor=1_000_000_00,
        rate_ppm=45_600,
        penalty_rate_ppm=68_400,
    )
    plan = schedule(terms)
    paid = [Repay(key=f"{row.nr}", on=row.due_on, amount_minor=row.payment_minor) for row in plan]
    actions = [Draw(key="fund", on=OPENED, amount_minor=terms.frame_minor), *paid[:-1]]
    today = plan[-2].due_on + timedelta(days=5)
    posted = fold(terms, actions, as_of=today).postings
    found = Repay(key="found", on=plan[17].due_on + timedelta(days=9), amount_minor=50_000_00)

    def replay() -> None:
        differences(posted, fold(terms, [*actions, found], as_of=today).postings)

    title = f"back-dated replay of {ROWS} rows / one fold (goal 1.5)"
    side_by_side(title, replay, lambda: fold(terms, [*actions, found], as_of=today))
    now = fold(terms, [*actions, found], as_of=today).postings
    changes = differences(posted, now)
    return bool(changes) and not differences(posted + changes, now)


def main() -> int:
    """0 when all ran and every figure is the one of the slow way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, default=1_000_000)
    loans = parser.parse_args().loans
    with own_database():
        checks = {
            "month ends equal the fold": measure_month_end(max(1, loans // 100)),
            "rows equal the fold": measure_closes(loans),
            "plans equal the loop": measure_plans(),
            "a replay posts the differences": measure_replay(),
        }
    broken = [name for name, holds in checks.items() if not holds]
    sys.stdout.write(f"invariants: {'broken: ' + ', '.join(broken) if broken else 'hold'}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
