"""A portfolio of quiet loans for the benchmark of the close: folded shapes, multiplied by SQL."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from scf.loans.actions import Draw
from scf.loans.book import fold
from scf.loans.calendars import due_dates
from scf.loans.day_end.close import close_loans
from scf.loans.day_end.quiet import NO_ID, READ, ROW_TYPES, SNAPSHOT_TYPES, rows_of
from scf.loans.day_end.rows import DayRow, day_row, quiet_from
from scf.loans.day_end.wire import COPY_END, COPY_HEADER, fetch_columns, packed_rows
from scf.loans.stored import terms_as_json
from scf.loans.terms import InterestBasis, Product, Terms

SHAPES = 400
OPENED = date(2026, 3, 2)

SHAPE_TABLE = """
    CREATE UNLOGGED TABLE bench_shape (
        nr int PRIMARY KEY, terms jsonb, frame_minor bigint, matures_on date, "on" date,
        next_event_on date, principal_minor bigint, rate_ppm int, daily_num bigint,
        cumulative_num bigint, denominator bigint
    );
    CREATE UNLOGGED TABLE bench_loan (nr int PRIMARY KEY, shape int, id uuid)
"""
SHAPE = f"INSERT INTO bench_shape VALUES ({', '.join(['%s'] * 11)})"
# The rows are made past the services, so the triggers of a life that was never lived stay quiet.
LOANS = """
    SET statement_timeout = 0;
    SET session_replication_role = replica;
    INSERT INTO bench_loan SELECT nr, nr %% {shapes}, uuidv7() FROM generate_series(1, {loans}) nr;
    INSERT INTO loans_loan (
        id, status, deal_id, turn_role, version, application_id, payment_id, bank_id, buyer_id,
        seller_id, number, terms, sweep, frame_minor, opened_on, matures_on, lived_to,
        is_committed, is_non_accrual, drawn_minor, frame_lowered_minor, principal_minor,
        principal_freed_minor, interest_paid_minor, penalty_paid_minor, overpaid_minor)
    SELECT l.id, 'active', l.id, '', 0, l.id, l.id, l.id, l.id, l.id, 'LN' || l.nr, s.terms,
           'on_due', s.frame_minor, s."on", s.matures_on, s."on", true, false, s.frame_minor, 0,
           s.frame_minor, 0, 0, 0, 0
      FROM bench_loan l JOIN bench_shape s ON s.nr = l.shape ORDER BY l.id;
    INSERT INTO loans_loansnapshot (
        loan_id, "on", next_event_on, principal_minor, rate_ppm, daily_num, cumulative_num,
        denominator)
    SELECT l.id, s."on", s.next_event_on, s.principal_minor, s.rate_ppm, s.daily_num,
           s.cumulative_num, s.denominator
      FROM bench_loan l JOIN bench_shape s ON s.nr = l.shape ORDER BY l.id;
    SET session_replication_role = DEFAULT;
    VACUUM ANALYZE loans_loan; VACUUM ANALYZE loans_loansnapshot
"""
EXPECTED = """
    CREATE UNLOGGED TABLE IF NOT EXISTS bench_row (
        shape int, "on" date, principal_minor bigint, rate_ppm int, accrued_num numeric,
        cumulative_num numeric, denominator numeric, recognised_minor bigint, days_past_due int,
        tier int);
    TRUNCATE bench_row
"""
ROW = f"INSERT INTO bench_row VALUES ({', '.join(['%s'] * 10)})"
SAME = """
    SELECT count(*) FROM loans_loanday d JOIN bench_loan l ON l.id = d.loan_id
      JOIN bench_row e ON e.shape = l.shape AND e."on" = d."on"
     WHERE (d.principal_minor, d.rate_ppm, d.accrued_num, d.cumulative_num, d.denominator,
            d.recognised_minor, d.days_past_due, d.tier)
         = (e.principal_minor, e.rate_ppm, e.accrued_num, e.cumulative_num, e.denominator,
            e.recognised_minor, e.days_past_due, e.tier)
"""


def shapes() -> list[Terms]:
    """Loans of every product, amount and rate, opened on one day."""
    draw = Random(11)
    return [_shape(draw) for _each in range(SHAPES)]


def _shape(draw: Random) -> Terms:
    rate = draw.randrange(30_000, 90_000, 50)
    return Terms(
        frame_minor=draw.randrange(1_000_00, 50_000_000_00),
        rate_ppm=rate,
        penalty_rate_ppm=rate * 3 // 2,
        opened_on=OPENED,
        due_dates=due_dates(OPENED, count=draw.choice([1, 3, 12])),
        product=draw.choice(list(Product)[:3]),
        basis=draw.choice(list(InterestBasis)),
        day_base=draw.choice([360, 365]),
    )


def make_loans(loans: int) -> None:
    """Fold each shape once by the product's own code, and keep ``loans`` loans of them."""
    with connection.cursor() as cursor:
        cursor.execute(SHAPE_TABLE)
        for nr, terms in enumerate(shapes()):
            quiet = quiet_from(fold(terms, [drawn(terms)], as_of=OPENED))
            stored = json.dumps(terms_as_json(terms))
            figures = [value for name, value in asdict(quiet).items() if name != "unpaid_since"]
            cursor.execute(SHAPE, [nr, stored, terms.frame_minor, terms.maturity_on, *figures])
        for statement in LOANS.replace("%%", "%").format(loans=loans, shapes=SHAPES).split(";"):
            cursor.execute(statement)


class Closes:
    """A day closed by the product, or its rows written bare; each time into an emptied table."""

    def __init__(self, loans: int) -> None:
        self.loans, self.day = loans, OPENED
        quiet = fetch_columns(READ, [NO_ID, self.day, self.day, loans], types=SNAPSHOT_TYPES)
        self.packed = packed_rows(rows_of(quiet, day=self.day), types=ROW_TYPES)

    def by_the_product(self) -> None:
        """Every row of the day, the marks, and the look for who is left."""
        if close_loans(self.day) != self.loans:
            raise AssertionError("a loan of the benchmark was not closed")

    def bare(self) -> None:
        """The same rows, ready as they go over the wire, in one COPY and one transaction."""
        names = ", ".join(f'"{name}"' for name in ROW_TYPES)
        statement = f"COPY loans_loanday ({names}) FROM STDIN (FORMAT BINARY)"
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(COPY_HEADER)
            copy.write(self.packed)
            copy.write(COPY_END)

    def forget(self) -> None:
        """Not part of any time."""
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE loans_loanday, loans_loandaymark")


def rows_that_equal_the_fold(day: date) -> int:
    """How many rows of a day are, in every figure, what the fold of their loan tells."""
    with connection.cursor() as cursor:
        expect_rows(cursor, day)
        cursor.execute(SAME)
        (count,) = cursor.fetchone()
    return int(count)


def expect_rows(cursor: CursorWrapper, day: date) -> None:
    """Keep in ``bench_row`` what the fold of each shape tells of the close of a day."""
    cursor.execute(EXPECTED)
    for nr, terms in enumerate(shapes()):
        book = fold(terms, [drawn(terms)], as_of=day + timedelta(days=1))
        cursor.execute(ROW, [nr, *_figures(day_row(book))])


def _figures(row: DayRow) -> list[object]:
    return [
        Decimal(value) if name.endswith(("num", "denominator")) else value
        for name, value in asdict(row).items()
    ]


def drawn(terms: Terms) -> Draw:
    """The one act of a shape."""
    return Draw(key="fund", on=OPENED, amount_minor=terms.frame_minor)
