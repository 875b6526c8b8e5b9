"""Figures as people read them."""

from datetime import UTC, date, datetime

import pytest

from scf.portals.parts import money_bar
from scf.portals.templatetags.money import day, local_time, percent, short_hash, wan, yuan


@pytest.mark.parametrize(
    ("given", "shown"),
    [(37_260_237, "372,602.37"), (0, "0.00"), (-5, "-0.05"), (None, "")],
)
def test_fen_are_shown_as_yuan(given, shown):
    assert yuan(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"), [(37_260_237, "37.26"), (8_000_000_000, "8,000.00"), (5_000, "0.01")]
)
def test_large_sums_are_shown_in_wan(given, shown):
    assert wan(given) == shown


@pytest.mark.parametrize(
    ("ppm", "shown"),
    [
        (43_500, "4.35 %"),
        (65_250, "6.525 %"),
        (0, "0.00 %"),
        (1_000_000, "100.00 %"),
        (1, "0.0001 %"),
    ],
)
def test_rates_in_ppm_are_shown_as_percent(ppm, shown):
    assert percent(ppm) == shown


def test_times_are_shanghais_with_their_zone():
    moment = datetime(2026, 3, 22, 16, 30, tzinfo=UTC)
    assert local_time(moment) == "2026-03-23 00:30 UTC+8"
    assert day(moment) == "2026-03-23"
    assert day(date(2026, 3, 22)) == "2026-03-22"


def test_a_hash_is_shortened_to_its_two_ends():
    assert short_hash("0x" + "ab" * 32) == "0xabab…abab"


def test_a_money_bar_is_filled_to_the_last_thousandth():
    bar = money_bar("托管", [("自有", 1, "blue"), ("贷款", 1, "green"), ("退回", 1, "grey")])
    assert bar.total_minor == 3
    assert [(part.x, part.width) for part in bar.segments] == [(0, 333), (333, 333), (666, 334)]


def test_an_empty_money_bar_divides_by_nothing():
    assert [part.width for part in money_bar("托管", [("自有", 0, "blue")]).segments] == [0]


def test_a_part_of_nothing_is_left_out_of_a_bar():
    bar = money_bar("托管", [("已付", 5, "green"), ("待领取", 0, "red"), ("已退回", 3, "orange")])
    assert [part.label for part in bar.segments] == ["已付", "已退回"]
