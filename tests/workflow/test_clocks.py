"""The open bank day moves forward, and deadlines count from it."""

from datetime import date, timedelta

import pytest

from scf.core import clock
from scf.core.errors import RuleBroken
from scf.workflow import clocks

pytestmark = pytest.mark.django_db


def test_before_any_day_was_opened_it_is_today() -> None:
    assert clocks.business_date() == clock.today()


def test_days_move_forward_only() -> None:
    clocks.open_day(date(2026, 3, 16))
    clocks.open_day(date(2026, 3, 16))

    with pytest.raises(RuleBroken) as refusal:
        clocks.open_day(date(2026, 3, 15))

    assert refusal.value.code == "day_moves_forward"
    assert clocks.business_date() == date(2026, 3, 16)


def test_tomorrow_cannot_be_opened() -> None:
    with pytest.raises(RuleBroken):
        clocks.open_day(clock.today() + timedelta(days=1))

    assert clocks.business_date() == clock.today()


def test_on_a_day_gone_by_deadlines_count_from_that_day() -> None:
    clocks.open_day(date(2026, 3, 16))

    assert clocks.business_now().astimezone(clock.SHANGHAI).date() == date(2026, 3, 16)


def test_on_todays_day_it_is_now() -> None:
    clocks.open_day(clock.today())

    assert abs(clocks.business_now() - clock.now()) < timedelta(minutes=1)
