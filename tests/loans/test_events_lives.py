"""Contracts as dated events: each kind once, with numbers worked out by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scf.loans.daycount import DayCount
from scf.loans.events.cycles import Cycle, Recurrence
from scf.loans.events.run import events
from scf.loans.events.state import EventType, Observed
from scf.loans.events.terms import (
    BaseOfInterest,
    InterestBase,
    Kind,
    Resets,
    Step,
    Trade,
)
from tests.loans.contracts import BULLET, FROM_2025, QUARTERLY, YEAR_BY_YEAR, index, paid, told


def test_a_bullet_pays_interest_by_the_year_and_the_sum_at_the_end():
    assert told(events(BULLET)) == [
        ("2024-01-01", "IED", -1000),
        ("2025-01-01", "IP", 100),
        ("2026-01-01", "IP", 100),
        ("2027-01-01", "IP", 100),
        ("2027-01-01", "MD", 1000),
    ]


def test_who_borrows_sees_the_same_payments_the_other_way_round():
    lent = events(BULLET)
    borrowed = events(replace(BULLET, sign=-1))

    assert [-one.payoff for one in borrowed] == [one.payoff for one in lent]


def test_a_discount_is_kept_back_when_the_sum_is_paid_out():
    assert events(replace(BULLET, premium=Decimal(-20)))[0].payoff == -980


def test_a_contract_looked_at_later_shows_only_what_is_still_to_come():
    later = replace(BULLET, as_of=date(2026, 7, 1))

    assert told(events(later)) == [("2027-01-01", "IP", 100), ("2027-01-01", "MD", 1000)]


def test_capitalised_interest_bears_interest_itself():
    found = events(replace(BULLET, capitalised_until=date(2026, 1, 1)))

    assert [(one.type.value, one.balance) for one in found[1:3]] == [("IPCI", 1100), ("IPCI", 1210)]
    assert paid(found, EventType.INTEREST) == [121]


def test_who_buys_pays_accrued_interest_and_sees_nothing_from_before():
    found = events(replace(BULLET, bought=Trade(date(2025, 7, 1), Decimal(990))))

    # Half a year at 10 % of 1,000 is 50.
    assert told(found)[:2] == [("2025-07-01", "PRD", -1040), ("2026-01-01", "IP", 100)]


def test_a_contract_ended_at_a_price_ends_there():
    found = events(replace(BULLET, ended=Trade(date(2025, 4, 1), Decimal(1010))))

    assert told(found)[-1] == ("2025-04-01", "TD", 1035)
    assert found[-1].balance == 0


def test_the_last_day_counts_when_a_contract_ends_at_its_close():
    terms = replace(BULLET, matures=date(2024, 12, 31), interest=Recurrence())
    daily = replace(terms, notional=Decimal(36500), day_count=DayCount.ACTUAL_365)

    # 36,500 at 10 % earn 10 a day; from 1 January to 31 December 2024 are 365 days.
    assert paid(events(daily), EventType.INTEREST) == [3650]
    assert paid(events(replace(daily, ends_at_close=True)), EventType.INTEREST) == [3660]


def test_equal_parts_of_principal_follow_from_the_dates():
    found = events(replace(YEAR_BY_YEAR, kind=Kind.LINEAR, notional=Decimal(1200)))

    assert told(found)[1:] == [
        ("2025-01-01", "PR", 400),
        ("2025-01-01", "IP", 120),
        ("2026-01-01", "PR", 400),
        ("2026-01-01", "IP", 80),
        ("2027-01-01", "IP", 40),
        ("2027-01-01", "MD", 400),
    ]


def test_an_agreed_part_of_principal_says_when_the_contract_ends():
    terms = replace(YEAR_BY_YEAR, kind=Kind.LINEAR, matures=None, instalment=Decimal(450))

    # 1,000 / 450 needs three payments: 450, 450 and the last 100.
    assert told(events(terms))[-1] == ("2027-01-01", "MD", 100)


def test_a_level_instalment_redeems_sum_and_interest():
    terms = replace(YEAR_BY_YEAR, kind=Kind.ANNUITY, notional=Decimal(331))

    # 133.10 = 331 / (1/1.1 + 1/1.21 + 1/1.331)
    assert told(events(terms)) == [
        ("2024-01-01", "IED", -331),
        ("2024-12-31", "PRF", 0),
        ("2025-01-01", "PR", 100),
        ("2025-01-01", "IP", Decimal("33.1")),
        ("2026-01-01", "PR", 110),
        ("2026-01-01", "IP", Decimal("23.1")),
        ("2027-01-01", "IP", Decimal("12.1")),
        ("2027-01-01", "MD", 121),
    ]


def test_a_reset_rate_fixes_the_level_instalment_again():
    resets = Resets(recurrence=Recurrence(date(2025, 1, 1)), index="LPR", spread=Decimal("0.05"))
    terms = replace(YEAR_BY_YEAR, kind=Kind.ANNUITY, notional=Decimal(331), resets=resets)

    found = events(terms, market=index(d2025_01_01="0.15"))

    # 231 are left; at 20 % two payments of 151.20 = 231 / (1/1.2 + 1/1.44) redeem them.
    after = [one for one in told(found) if one[0] > "2025-01-01"]
    assert after == [
        ("2026-01-01", "PR", 105),
        ("2026-01-01", "IP", Decimal("46.2")),
        ("2027-01-01", "IP", Decimal("25.2")),
        ("2027-01-01", "MD", 126),
    ]


def test_an_instalment_below_the_interest_adds_to_the_sum():
    found = events(replace(YEAR_BY_YEAR, kind=Kind.NEGATIVE, instalment=Decimal(60)))

    assert paid(found, EventType.REDEMPTION) == [-40, -44]
    assert paid(found, EventType.MATURES) == [1084]


def test_an_instalment_that_never_redeems_has_no_end():
    terms = replace(YEAR_BY_YEAR, kind=Kind.NEGATIVE, matures=None, instalment=Decimal(60))

    with pytest.raises(ValueError, match="never redeems"):
        events(terms)


def test_interest_may_be_reckoned_on_a_sum_looked_at_now_and_then():
    base = InterestBase(
        basis=BaseOfInterest.OUTSTANDING_NOW_AND_THEN, recurrence=Recurrence(date(2026, 1, 1))
    )
    found = events(replace(YEAR_BY_YEAR, kind=Kind.LINEAR, notional=Decimal(1200), base=base))

    assert paid(found, EventType.INTEREST) == [120, 120, 40]


def test_steps_draw_down_and_pay_back_until_nothing_is_left():
    steps = (
        Step(recurrence=FROM_2025, amount=Decimal(50), is_increase=True),
        Step(recurrence=Recurrence(date(2026, 1, 1), QUARTERLY), amount=Decimal(700)),
    )
    terms = replace(BULLET, kind=Kind.IN_STEPS, matures=None, steps=steps)

    found = events(replace(terms, interest=Recurrence(), interest_steps=(FROM_2025,)))

    assert told(found)[1:] == [
        ("2025-01-01", "PI", -50),
        ("2025-01-01", "IP", 100),
        ("2026-01-01", "PR", 700),
        ("2026-01-01", "IP", 105),
        ("2026-04-01", "IP", Decimal("8.75")),
        ("2026-04-01", "MD", 350),
    ]


def test_called_money_earns_to_the_call_and_comes_back_after_the_notice():
    terms = replace(
        BULLET,
        kind=Kind.ON_CALL,
        matures=None,
        interest=Recurrence(),
        notice=Cycle(days=5),
        day_count=DayCount.ACTUAL_365,
        notional=Decimal(36500),
    )
    call = Observed(EventType.CALLED, date(2024, 1, 11))

    assert told(events(terms, observed=[call]))[1:] == [
        ("2024-01-11", "XD", 0),
        ("2024-01-16", "IP", 100),
        ("2024-01-16", "STD", 36500),
    ]


def test_money_without_an_end_needs_a_day_to_look_ahead_to():
    open_ended = replace(BULLET, kind=Kind.OPEN_ENDED, matures=None)

    found = events(open_ended, until=date(2026, 6, 30))

    assert [(one.type.value, one.balance) for one in found] == [
        ("IED", 1000),
        ("IPCI", 1100),
        ("IPCI", 1210),
    ]
    with pytest.raises(ValueError, match="needs a day"):
        events(open_ended)
