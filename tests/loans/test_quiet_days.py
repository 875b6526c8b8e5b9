"""A quiet day reckoned on columns is the day the fold would have told, for any loan."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scf.loans.accrual import DAY
from scf.loans.actions import Draw, Repay
from scf.loans.book import fold
from scf.loans.calendars import due_dates
from scf.loans.day_end.quiet import READ, rows_of
from scf.loans.day_end.rows import DayRow, Quiet, day_row, live, quiet_from
from scf.loans.day_end.wire import WIRE, packed_rows
from scf.loans.machine import RUNNING
from scf.loans.state import days_past_due, is_non_accrual
from scf.loans.terms import InterestBasis, Product
from tests.loans.deal import FUNDED, LOAN, MATURITY, deal_terms, funded
from tests.loans.test_properties import any_life, last_day

POSTGRES_EPOCH = date(2000, 1, 1)
FAR = 2**31 - 1  # infinity, as PostgreSQL sends a date


def columns(quiet: Quiet) -> dict[str, np.ndarray]:
    """One snapshot as a close reads it."""
    unpaid = quiet.unpaid_since
    return {
        "loan_id": np.array([UUID(int=1).bytes], "V16"),
        "on": np.array([(quiet.on - POSTGRES_EPOCH).days]),
        "unpaid_since": np.array([(unpaid - POSTGRES_EPOCH).days if unpaid else FAR]),
        "principal_minor": np.array([quiet.principal_minor]),
        "rate_ppm": np.array([quiet.rate_ppm]),
        "daily_num": np.array([quiet.daily_num]),
        "cumulative_num": np.array([quiet.cumulative_num]),
        "denominator": np.array([quiet.denominator]),
    }


def reckoned(quiet: Quiet, day: date) -> DayRow:
    found = rows_of(columns(quiet), day=day)
    figures = {name: int(found[name][0]) for name in DayRow.__slots__ if name != "on"}
    return DayRow(on=POSTGRES_EPOCH + timedelta(days=int(found["on"][0])), **figures)


def quiet_days(quiet: Quiet) -> list[date]:
    return [quiet.on + n * DAY for n in range((quiet.next_event_on - quiet.on).days)]


@settings(max_examples=200, deadline=None)
@given(any_life(), st.data())
def test_a_quiet_day_on_columns_is_the_day_of_the_fold(life, data):
    terms, actions = life
    at = data.draw(st.dates(terms.opened_on, last_day(actions) + 60 * DAY))
    quiet = quiet_from(fold(terms, actions, as_of=at))
    known = [action for action in actions if action.on <= at]

    days = quiet_days(quiet)
    _book, rows = live(terms, known, to=quiet.next_event_on + DAY, days=days)

    assert [reckoned(quiet, day) for day in days] == list(rows)
    assert all(row.recognised_minor == _rounded(row) for row in rows)


def _rounded(row: DayRow) -> int:
    return (2 * row.cumulative_num + row.denominator) // (2 * row.denominator)


@settings(max_examples=100, deadline=None)
@given(any_life())
def test_missed_days_caught_up_in_one_fold_are_the_days_closed_one_by_one(life):
    terms, actions = life
    stop = min(last_day(actions), terms.opened_on + 100 * DAY)
    days = [terms.opened_on + n * DAY for n in range((stop - terms.opened_on).days)]

    book, rows = live(terms, actions, to=stop, days=days)

    whole = fold(terms, actions, as_of=stop)
    assert (book.state, book.postings) == (whole.state, whole.postings)
    for row in rows[:: max(1, len(rows) // 5)]:
        until = [action for action in actions if action.on <= row.on]
        assert row == day_row(fold(terms, until, as_of=row.on + DAY))


def test_most_days_of_a_loan_are_quiet():
    book = fold(deal_terms(), [funded()], as_of=FUNDED)

    quiet = quiet_from(book)

    assert (quiet.on, quiet.next_event_on) == (FUNDED, date(2026, 3, 31))
    # 800,000.00 at 4.35 % / 360 is 96.666… a day, and 19 days of it are 1,836.67.
    row = reckoned(quiet, date(2026, 3, 30))
    assert (row.accrued_num, row.denominator) == (LOAN * 43_500, 360_000_000)
    assert (row.cumulative_num, row.recognised_minor) == (19 * LOAN * 43_500, 1_836_67)
    assert (row.days_past_due, row.tier) == (0, 1)


def test_an_overdue_loan_with_one_meter_is_quiet_and_grows_older_each_day():
    book = fold(deal_terms(), [funded()], as_of=MATURITY + 92 * DAY)

    quiet = quiet_from(book)

    assert days_past_due(book.state) == 92
    assert is_non_accrual(book.state)
    assert quiet.next_event_on > quiet.on
    row = reckoned(quiet, quiet.on)
    assert (row.days_past_due, row.tier, row.rate_ppm) == (92, 3, 65_250)


def test_the_end_of_an_observation_is_an_event():
    book = fold(deal_terms(), [funded()], as_of=FUNDED)
    begun = date(2025, 9, 20)  # observed for six months, to 20 March
    observed = replace(book, state=replace(book.state, restructured_on=begun))

    assert quiet_from(observed).next_event_on == date(2026, 3, 19)


def test_every_running_status_is_read_by_the_close():
    assert all(f"'{status.value}'" in READ for status in RUNNING)


def test_two_meters_at_once_are_left_to_the_fold():
    terms = deal_terms(due_dates=due_dates(FUNDED, count=3), product=Product.EQUAL_PRINCIPAL)
    book = fold(terms, [funded()], as_of=terms.due_dates[0] + 5 * DAY)

    quiet = quiet_from(book)

    assert quiet.next_event_on == quiet.on


def test_a_loan_too_large_for_64_bits_is_left_to_the_fold():
    frame = 10**16
    terms = deal_terms(frame_minor=frame)
    draw = Draw(key="fund", on=FUNDED, amount_minor=frame)

    small, large = (quiet_from(fold(terms, [draw], as_of=FUNDED + n * DAY)) for n in (0, 15))

    assert small.next_event_on == small.on == FUNDED
    assert large.next_event_on == large.on
    assert (large.cumulative_num, large.denominator) == (0, 1)


def test_months_of_unlike_length_keep_one_denominator_through_a_stretch():
    terms = deal_terms(
        due_dates=due_dates(FUNDED, count=4),
        product=Product.EQUAL_INSTALMENTS,
        basis=InterestBasis.BY_MONTH,
    )
    paid = Repay(key="early", on=FUNDED + 5 * DAY, amount_minor=123_456_78)
    days = [FUNDED + n * DAY for n in range(6, 18)]

    _book, rows = live(terms, [funded(), paid], to=days[-1] + DAY, days=days)

    assert len({(row.accrued_num, row.denominator) for row in rows}) == 1
    steps = {two.cumulative_num - one.cumulative_num for one, two in pairwise(rows)}
    assert steps == {rows[0].accrued_num}


def test_a_numeric_on_the_wire_is_five_digits_of_base_ten_thousand():
    figure = 9_223_372_036_854_775_807
    packed = packed_rows({"n": np.array([figure, 0])}, types={"n": "numeric"})

    layout = np.dtype([("fields", ">i2"), ("length", ">i4"), ("n", WIRE["numeric"])])
    first, second = np.frombuffer(packed, layout)["n"]
    digits = [int(first[f"digit_{place}"]) for place in range(5)]
    assert digits == [922, 3372, 368, 5477, 5807]
    assert sum(int(second[f"digit_{place}"]) for place in range(5)) == 0
    assert (int(first["digits"]), int(first["weight"]), int(first["scale"])) == (5, 4, 0)
