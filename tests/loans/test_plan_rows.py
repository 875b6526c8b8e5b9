"""A plan paid off early still says what was due, what was paid, and what fell away."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings

from scf.loans.actions import Draw, Repay
from scf.loans.book import fold
from scf.loans.calendars import due_dates
from scf.loans.plan_rows import RowStanding, plan_rows
from scf.loans.quotes import settlement_quote
from scf.loans.terms import PRINCIPAL_FIRST, Product, Terms, Waterfall
from tests.loans.test_properties import any_life, last_day

OPENED = date(2026, 1, 15)
DAY = timedelta(days=1)
LENT = 90_000_00
R = RowStanding


def terms(**changes: object) -> Terms:
    """90,000.00 at 6 % on 360 in three equal principals, due on the 15th."""
    plain = Terms(
        frame_minor=LENT,
        rate_ppm=60_000,
        penalty_rate_ppm=90_000,
        opened_on=OPENED,
        due_dates=due_dates(OPENED, count=3),
        product=Product.EQUAL_PRINCIPAL,
    )
    return replace(plain, **changes)


DRAWN = Draw(key="draw", on=OPENED, amount_minor=LENT)
FIRST = Repay(key="first", on=date(2026, 2, 15), amount_minor=30_000_00 + 465_00)


def settled(on: date, *before, of: Terms | None = None):
    """The actions of a loan that is settled on a day, and its terms."""
    given = of or terms()
    actions = [DRAWN, *before]
    owed = settlement_quote(fold(given, actions, as_of=on), on=on).total_minor
    return given, [*actions, Repay(key="all", on=on, amount_minor=owed)]


def rows_at(day: date, given: Terms, actions):
    return plan_rows(given, actions, fold(given, actions, as_of=day))


def shown(rows):
    return [
        (row.principal_minor, row.interest_minor, row.interest_paid_minor, row.fell_away_minor)
        for row in rows
    ]


def test_rows_paid_before_stay_and_later_ones_keep_principal_and_lose_interest_to_come():
    rows = rows_at(date(2026, 6, 1), *settled(date(2026, 2, 25), FIRST))

    assert [row.standing for row in rows] == [R.PAID, R.SETTLED_EARLY, R.SETTLED_EARLY]
    # 90,000 x 31, 60,000 x 28 and 30,000 x 31 days; ten of the second stretch were used.
    assert shown(rows) == [
        (30_000_00, 465_00, 465_00, 0),
        (30_000_00, 280_00, 100_00, 180_00),
        (30_000_00, 155_00, 0, 155_00),
    ]
    assert [row.principal_paid_minor for row in rows] == [30_000_00] * 3
    assert all(row.is_paid and not row.owed_minor for row in rows)


def test_before_the_payment_the_same_rows_are_ahead():
    given, actions = settled(date(2026, 2, 25), FIRST)

    rows = rows_at(date(2026, 2, 24), given, actions)

    assert [row.standing for row in rows] == [R.PAID, R.AHEAD, R.AHEAD]
    assert rows[1].owed_minor == 30_280_00


def test_a_loan_paid_as_planned_has_no_row_settled_early():
    paid = [
        FIRST,
        Repay(key="second", on=date(2026, 3, 15), amount_minor=30_280_00),
        Repay(key="third", on=date(2026, 4, 15), amount_minor=30_155_00),
    ]

    rows = rows_at(date(2026, 5, 1), terms(), [DRAWN, *paid])

    assert {row.standing for row in rows} == {R.PAID}
    assert sum(row.fell_away_minor for row in rows) == 0


def test_a_part_paid_early_shows_the_plan_made_anew():
    part = Repay(key="part", on=date(2026, 1, 25), amount_minor=45_150_00)

    rows = rows_at(date(2026, 1, 26), terms(), [DRAWN, part])

    assert [row.principal_minor for row in rows] == [15_000_00] * 3
    assert not any(row.is_early for row in rows)


def test_interest_that_a_payment_of_all_principal_left_is_asked_for_on_its_day():
    given = terms(waterfall=Waterfall(PRINCIPAL_FIRST))
    actions = [DRAWN, Repay(key="principal", on=date(2026, 1, 25), amount_minor=LENT)]

    rows = rows_at(date(2026, 2, 16), given, actions)

    # Ten days on 90,000.00 were 150.00, which nobody paid; the other 315.00 never ran.
    assert [row.standing for row in rows] == [R.OVERDUE, R.SETTLED_EARLY, R.SETTLED_EARLY]
    assert (rows[0].owed_minor, rows[0].fell_away_minor) == (150_00, 315_00)


@settings(max_examples=80, deadline=None)
@given(any_life())
def test_what_rows_owe_is_what_the_book_owes_and_what_they_show_as_paid_was_paid(life):
    given, actions = life
    day = last_day(actions)
    book = fold(given, actions, as_of=day)
    if book.state.drawn_minor:
        owed = settlement_quote(book, on=day).total_minor
        if owed:
            actions = [*actions, Repay(key="all", on=day, amount_minor=owed)]
        book = fold(given, actions, as_of=max(day, given.maturity_on) + DAY)

    rows = plan_rows(given, actions, book)

    due = [row for row in book.state.rows if row.due_on <= book.state.on]
    assert sum(row.owed_minor for row in rows if row.is_due) == sum(row.owed_minor for row in due)
    assert sum(row.interest_paid_minor for row in rows) == book.state.paid.interest_minor
    assert all(row.fell_away_minor >= 0 for row in rows)
    assert sum(row.principal_paid_minor for row in rows) <= book.state.drawn_minor
