"""Loans that have an event at one close, the end of a month: made by SQL, closed by the product."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db import connection

from scf.core.actor import SYSTEM
from scf.ledger.selectors import list_balances
from scf.loans.book import fold
from scf.loans.day_end.close import close_loans
from scf.loans.day_end.rows import live, quiet_from
from scf.loans.stored import terms_as_json, terms_from_json
from scf.workflow import clocks
from tests.bench.loan_stand import OPENED, SHAPES, drawn, expect_rows, shapes
from tests.factories.parties import party

MONTH_END = date(2026, 3, 31)
DAY = timedelta(days=1)

TABLE = """
    CREATE UNLOGGED TABLE IF NOT EXISTS event_shape (
        nr int PRIMARY KEY, terms jsonb, frame_minor bigint, matures_on date, parts jsonb,
        "on" date, next_event_on date, principal_minor bigint, rate_ppm int, daily_num bigint,
        cumulative_num bigint, denominator bigint
    );
    CREATE UNLOGGED TABLE IF NOT EXISTS event_loan (nr int PRIMARY KEY, shape int, id uuid);
    TRUNCATE event_shape, event_loan
"""
SHAPE = f"INSERT INTO event_shape VALUES ({', '.join(['%s'] * 12)})"
# Lived up to the month end: drawn and posted, without the days before it.
LOANS = """
    SET session_replication_role = replica;
    INSERT INTO event_loan SELECT nr, nr % {shapes}, uuidv7() FROM generate_series(1, {loans}) nr;
    INSERT INTO workflow_deal (id, created_at) SELECT id, now() FROM event_loan;
    INSERT INTO loans_loan (
        id, status, deal_id, turn_role, version, application_id, payment_id, bank_id, buyer_id,
        seller_id, number, terms, sweep, frame_minor, opened_on, matures_on, lived_to,
        is_committed, is_non_accrual, drawn_minor, frame_lowered_minor, principal_minor,
        principal_freed_minor, interest_paid_minor, penalty_paid_minor, overpaid_minor)
    SELECT l.id, 'active', l.id, '', 0, l.id, l.id, '{bank}', l.id, l.id, 'LE' || l.nr, s.terms,
           'on_due', s.frame_minor, '{opened}', s.matures_on, s."on", true, false, s.frame_minor,
           0, s.frame_minor, 0, 0, 0, 0
      FROM event_loan l JOIN event_shape s ON s.nr = l.shape ORDER BY l.id;
    INSERT INTO loans_loanaction (
        loan_id, key, kind, "on", amount_minor, details, number, tx_hash, recorded_at)
    SELECT l.id, 'fund:' || l.id, 'draw', '{opened}', s.frame_minor, '{{}}', '', '', now()
      FROM event_loan l JOIN event_shape s ON s.nr = l.shape ORDER BY l.id;
    INSERT INTO loans_loanposting (
        loan_id, key, "on", kind, parts, overdue_principal_minor, is_calendar, is_off_balance,
        legs, booked_on)
    SELECT l.id, 'fund:' || l.id, '{opened}', 'draw', s.parts, 0, false, false, '[]', '{opened}'
      FROM event_loan l JOIN event_shape s ON s.nr = l.shape ORDER BY l.id;
    INSERT INTO loans_loansnapshot (
        loan_id, "on", next_event_on, principal_minor, rate_ppm, daily_num, cumulative_num,
        denominator)
    SELECT l.id, s."on", s.next_event_on, s.principal_minor, s.rate_ppm, s.daily_num,
           s.cumulative_num, s.denominator
      FROM event_loan l JOIN event_shape s ON s.nr = l.shape ORDER BY l.id;
    SET session_replication_role = DEFAULT;
    VACUUM ANALYZE loans_loan; VACUUM ANALYZE loans_loansnapshot; VACUUM ANALYZE workflow_deal
"""
SAME = """
    SELECT count(*) FROM loans_loanday d JOIN event_loan l ON l.id = d.loan_id
      JOIN bench_row e ON e.shape = l.shape AND e."on" = d."on"
     WHERE (d.principal_minor, d.cumulative_num, d.denominator, d.recognised_minor, d.tier)
         = (e.principal_minor, e.cumulative_num, e.denominator, e.recognised_minor, e.tier)
"""
BOOKED = """
    SELECT sum(e.recognised_minor) FROM event_loan l JOIN bench_row e ON e.shape = l.shape
"""


class MonthEnd:
    """The close of a month for loans that each book their interest, and the bare folds of them."""

    def __init__(self, loans: int) -> None:
        self.loans, self.statements, self.is_closed = loans, 0, False
        self.bank = party("yuanfan")
        self.stored = [json.dumps(terms_as_json(terms)) for terms in shapes()]
        clocks.open_day(MONTH_END)
        self.make()

    def clear(self) -> None:
        """No loan is left, nor what was posted for it."""
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE loans_loan, workflow_deal, ledger_account CASCADE")
            cursor.execute("TRUNCATE loans_loanday, loans_loandaymark")

    def make_if_closed(self) -> None:
        """New loans where the last ones were closed. Not part of any time."""
        if self.is_closed:
            self.make()

    def make(self) -> None:
        """New loans on the morning of the month end; those of before are gone."""
        self.clear()
        self.is_closed = False
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
            for nr, terms in enumerate(shapes()):
                cursor.execute(SHAPE, _shape_row(nr, terms, self.stored[nr]))
            values = {"loans": self.loans, "shapes": SHAPES, "opened": OPENED, "bank": self.bank.pk}
            for statement in LOANS.format(**values).split(";"):
                cursor.execute(statement)

    def by_the_product(self) -> None:
        """Every loan folded, its interest posted and in the ledger, its row and snapshot kept."""
        self.statements, self.is_closed = 0, True
        with connection.execute_wrapper(self._count):
            if close_loans(MONTH_END) != self.loans:
                raise AssertionError("a loan of the benchmark was not closed")

    def bare(self) -> None:
        """The same folds, from the terms as they are stored; nothing is written."""
        for nr in range(self.loans):
            terms = terms_from_json(json.loads(self.stored[nr % SHAPES]))
            book, _rows = live(terms, [drawn(terms)], to=MONTH_END + DAY, days=[MONTH_END])
            quiet_from(book)

    def holds(self) -> bool:
        """Whether every row is the fold's, and the ledger's income what the folds booked."""
        self.make()
        self.by_the_product()
        with connection.cursor() as cursor:
            expect_rows(cursor, MONTH_END)
            cursor.execute(SAME)
            (same,) = cursor.fetchone()
            cursor.execute(BOOKED)
            (booked,) = cursor.fetchone()
        (income,) = list_balances(self.bank.pk, by=SYSTEM, codes=["6011"])
        return (same, income.balance_minor) == (self.loans, booked)

    def _count(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.statements += 1
        return execute(*given)


def _shape_row(nr: int, terms: Any, stored: str) -> list[object]:
    book = fold(terms, [drawn(terms)], as_of=MONTH_END)
    figures = [value for name, value in asdict(quiet_from(book)).items() if name != "unpaid_since"]
    parts = json.dumps(asdict(book.postings[0].parts))
    return [nr, stored, terms.frame_minor, terms.maturity_on, parts, *figures]
