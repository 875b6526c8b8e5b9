"""The demo's year as it is planned: outcomes, sizes, prices and seasons, whatever today is."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

import pytest

from scf.core.money import line_value
from scf.rehearsal.cast import ENTERPRISE
from scf.rehearsal.market import MOST_A_DAY, price_on
from scf.rehearsal.seasons import SPRING, is_working, working_day
from scf.rehearsal.stories import GRADES
from scf.rehearsal.world import OFFERED, PROGRAMME_MINOR
from scf.rehearsal.year_world import year_trades, year_world

TODAYS = (date(2026, 11, 22), date(2026, 2, 20), date(2027, 7, 15), date(2027, 10, 5))
BAND = {goods.sku: (goods.low, goods.high) for goods in GRADES.values()}
DEARER = {"PO-SC-0421": Decimal("1.11"), "PO-QY-0404": Decimal("1.02")}
NOT_INVENTED = ("PO-2026-0305",)  # golden deal 1 has its own figures


@pytest.fixture(params=TODAYS, ids=str)
def today(request):
    return request.param


@pytest.fixture
def year(today):
    return year_world(today)


def yuan_of(story):
    lines = story.scenario.lines
    return sum(line_value(line.quantity, line.unit_price) for line in lines) // 100


def days_of(story, act):
    return [event.on for event in story.scenario.events if event.do == act]


def test_sixty_deals_end_as_the_demo_says(year):
    assert len(year) == 60
    assert Counter(story.outcome for story in year) == {
        "settled": 38,
        "running": 7,
        "disputed": 2,
        "in_review": 4,
        "sent_back": 3,
        "rejected": 2,
        "withdrawn": 1,
        "expired_unused": 1,
        "settled_late": 1,
        "settled_34_days_late": 1,
    }


def test_of_the_settled_five_are_early_three_short_and_two_part_rejected(year):
    settled = [story for story in year if story.outcome == "settled"]
    events = [event for story in settled for event in story.scenario.events]

    assert sum(bool(days_of(story, "repay")) for story in settled) == 5
    assert sum("short" in event.given for event in events) == 3
    assert sum("rejected" in event.given for event in events) == 2


def test_each_order_has_a_number_of_its_own_and_nothing_happens_after_this_morning(today, year):
    stories = [*year, *year_trades(today)]

    assert len({(story.buyer, story.scenario.number) for story in stories}) == 64
    assert all(event.on < today for story in stories for event in story.scenario.events)


def test_told_twice_it_is_the_same_year(today, year):
    assert [one.scenario for one in year] == [one.scenario for one in year_world(today)]


def test_orders_lie_between_the_smallest_and_the_largest(year):
    amounts = sorted(yuan_of(story) for story in year)

    assert amounts[0] >= 180_000
    assert 3_100_000 <= amounts[-1] <= 3_200_000
    assert 560_000 <= median(amounts) <= 720_000
    assert max(len(story.scenario.lines) for story in year) == 5


def test_tenors_are_the_usual_ones_and_one_is_rare(year):
    tenors = Counter((story.scenario.maturity - story.scenario.funded_on).days for story in year)

    assert set(tenors) == {30, 45, 60, 90, 120}
    assert tenors[120] == 1


def test_money_goes_out_on_working_days_only_and_never_around_the_spring_feast(year):
    funded = [day for story in year for day in days_of(story, "pay_out")]

    assert len(funded) == 49
    assert all(is_working(day) for day in funded)
    feasts = [date(year, *feast) for year, feast in SPRING.items()]
    assert min(abs(day - feast).days for day in funded for feast in feasts) > 7


def test_prices_stay_in_their_bands_but_for_the_two_dear_ones(year):
    for story in year:
        factor = DEARER.get(story.scenario.number)
        for line in story.scenario.lines if story.scenario.number not in NOT_INVENTED else ():
            low, high = BAND[line.sku]
            if factor:
                assert line.unit_price == (high * factor).quantize(Decimal("0.01"))
            else:
                assert low <= line.unit_price <= high, (story.scenario.number, line)


@pytest.mark.parametrize("grade", list(GRADES))
def test_prices_move_little_from_day_to_day(grade):
    days = [date(2026, 1, 1) + timedelta(days=each) for each in range(700)]
    prices = [price_on(grade, day) for day in days]

    assert max(abs(new - old) for old, new in pairwise(prices)) <= MOST_A_DAY
    assert GRADES[grade].low <= min(prices) <= max(prices) <= GRADES[grade].high


def test_goods_weigh_whole_bags_and_trucks_are_full(year):
    bag = Decimal("0.025")
    for story in year:
        if story.outcome == "settled":
            tonnes = sum(line.quantity for line in story.scenario.lines)
            trucks = round(tonnes / Decimal("32.25"))
            assert Decimal("31.5") * trucks <= tonnes <= Decimal(33) * trucks
            assert all(line.quantity % bag == 0 for line in story.scenario.lines)


def test_the_own_share_is_15_20_or_30_per_cent_by_tier(year):
    found = Counter()
    for story in year:
        total = yuan_of(story) * 100
        share = Decimal(story.scenario.own_funds_minor) / total
        found[round(share * 100)] += 1
        assert round(share * 1_000_000) >= OFFERED[story.programme].terms.own_funds_ppm - 5

    assert set(found) == {15, 20, 30}


def test_the_programmes_share_eighty_millions_and_their_rates_follow_the_tier():
    terms = [offered.terms for offered in OFFERED.values()]

    assert sum(each.limit_minor for each in terms) == PROGRAMME_MINOR
    assert {each.rate_ppm - 30_000 for each in terms} == {8_500, 13_500, 16_500}
    assert all(each.penalty_rate_ppm * 2 == each.rate_ppm * 3 for each in terms)


def test_film_is_bought_in_its_season_and_pipes_in_theirs():
    # One year has few deals a buyer: the seasons show over the years together.
    months = {"qingye": Counter(), "shuncheng": Counter()}
    for back in range(12):
        for story in year_world(date(2027, 11, 22) - timedelta(days=30 * back)):
            if story.outcome == "settled" and story.buyer in months:
                months[story.buyer][story.scenario.funded_on.month] += 1

    film = sum(months["qingye"][month] for month in (2, 3, 8, 9, 10))
    pipes = sum(months["shuncheng"][month] for month in (3, 4, 5, 9, 10, 11))
    assert film * 2 > months["qingye"].total()
    assert pipes * 2 > months["shuncheng"].total()


def test_the_loop_brings_the_goods_back_within_three_weeks_four_per_cent_dearer(today, year):
    onward, back, *_others = year_trades(today)
    sold = next(story for story in year if story.scenario.number == "PO-HZ-0305")
    first, last = sold.scenario.lines[0], back.scenario.lines[0]

    assert (sold.seller, onward.seller, back.seller) == (ENTERPRISE, sold.buyer, onward.buyer)
    assert back.buyer == ENTERPRISE
    assert (first.sku, first.quantity) == (last.sku, last.quantity)
    assert round(last.unit_price / first.unit_price, 4) == Decimal("1.04")
    assert (back.scenario.begins_on - sold.scenario.funded_on).days <= 21


def test_a_day_off_is_moved_back_to_the_last_working_day():
    assert working_day(date(2026, 10, 5)) == date(2026, 9, 30)
    assert working_day(date(2026, 2, 17)) == date(2026, 2, 9)
    assert not is_working(date(2026, 6, 19))
