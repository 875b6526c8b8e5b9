"""A scenario is read strictly: what is no scenario is refused in words, before anything is
lived.
"""

import copy
import json
from datetime import date

import pytest

from scf.rehearsal.cast import ENTERPRISE
from scf.rehearsal.refusals import Refused
from scf.rehearsal.scenario import read_scenario
from scf.rehearsal.small_world import GOLDEN, golden_story, small_world

DEAL = json.loads(GOLDEN.read_text())


def changed(**changes):
    return json.dumps(copy.deepcopy(DEAL) | changes)


def test_golden_deal_1_is_read_as_it_stands():
    scenario = read_scenario(GOLDEN.read_text())

    assert (scenario.begins_on, scenario.lasts_until) == (date(2026, 3, 5), date(2026, 6, 15))
    assert scenario.programme_terms().penalty_rate_ppm == 65_250
    assert [line.reference for line in scenario.lines] == ["L1", "L2", "L3"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        pytest.param("[" * 100_000, id="endless brackets"),
        changed(events=[{"on": "2026-03-05", "do": "fly"}]),
        changed(events=[{"on": "2026-03-05", "do": "accept", "line": "L9"}]),
        changed(events=list(reversed(DEAL["events"]))),
        changed(opening={"moon": 1}),
        changed(events=DEAL["events"][1:]),
        changed(events=[]),
        changed(terms=DEAL["terms"] | {"loan": 80_000_001}),
        changed(terms=DEAL["terms"] | {"own_funds": 100_000_000}),
        changed(terms=DEAL["terms"] | {"expiry": "soon"}),
        changed(terms={name: term for name, term in DEAL["terms"].items() if name != "rate_ppm"}),
        changed(order={"number": "X", "lines": [{"id": "L1", "quantity": "?", "unit_price": "1"}]}),
    ],
)
def test_anything_else_is_refused_in_both_languages(text):
    with pytest.raises(Refused) as refusal:
        read_scenario(text)

    assert refusal.value.code == "not_a_scenario"
    assert refusal.value.zh
    assert refusal.value.en


def happening(number, **changes):
    events = copy.deepcopy(DEAL["events"])
    events[number] |= changes
    return changed(events=events)


def agreed(**changes):
    return changed(terms=DEAL["terms"] | changes)


def ordered(**changes):
    order = copy.deepcopy(DEAL["order"])
    order["lines"][0] |= changes
    return changed(order=order)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (json.dumps(DEAL)[:-1] + ', "id": "again"}', "JSON"),
        (changed(openning={"bank": 1}), "JSON"),
        (changed(order=DEAL["order"] | {"currency": "USD"}), "order.currency"),
        (changed(opening={"bank": -1}), "opening.bank"),
        (changed(opening={"bank": 1.5}), "opening.bank"),
        (agreed(interst_from="release"), "terms"),
        (agreed(rate_ppm="43500"), "terms.rate_ppm"),
        (agreed(is_revolving="no"), "terms.is_revolving"),
        (agreed(maturity="2026-02-30"), "terms.maturity"),
        (agreed(maturity="2036-06-10"), "terms.maturity"),
        (agreed(expiry="2026-03-12"), "terms.expiry"),
        (agreed(anchor_side="bank"), "terms.anchor_side"),
        (agreed(policy="STAGED"), ""),
        (agreed(policy="PAY_ON_WHIM"), ""),
        (agreed(waterfall=["principal"]), ""),
        (agreed(penalty_rate_ppm=43_501), ""),
        (ordered(quantity="-1"), "order.lines[0].quantity"),
        (ordered(quantity="0"), "order.lines[0].quantity"),
        (ordered(unit_price="1e3"), "order.lines[0].unit_price"),
        (ordered(tax_ppm=1_000_001), "order.lines[0].tax_ppm"),
        (ordered(id="L2"), "order.lines"),
        (happening(7, amount=-1), "events[7].amount"),
        (happening(7, amount=0.5), "events[7].amount"),
        (happening(7, amount="owed"), "events[7].amount"),
        (happening(3, accepted="-1"), "events[3].accepted"),
        (happening(3, acepted="1"), "events[3]"),
        (happening(3, accepted="0", short="0"), "events[3]"),
        (happening(3, do="resolve"), "events[3]"),
        (happening(2, on="20260312"), "events[2].on"),
    ],
)
def test_the_place_of_what_is_wrong_is_named(text, where):
    with pytest.raises(Refused) as refusal:
        read_scenario(text)

    assert refusal.value.code == "not_a_scenario"
    assert f"{where}：" in refusal.value.zh
    assert f"{where}: " in refusal.value.en


def test_quantities_may_be_json_numbers_and_remarks_are_let_be():
    text = ordered(quantity=50, grade="T30S").replace('"7604.13"', "7604.13")
    deal = json.loads(text) | {"note": "one of ours", "variant": "V3", "tags": []}
    deal["order"]["currency"] = "CNY"
    deal["terms"] |= {"fees": [], "recourse_to": None}
    deal["events"][0] |= {"by": "buyer"}
    assert read_scenario(json.dumps(deal)).total_minor == 100_000_000


def test_what_a_scenario_leaves_out_follows_from_the_rest():
    left_out = ("own_funds", "limit", "expiry", "penalty_rate_ppm")
    terms = {name: term for name, term in DEAL["terms"].items() if name not in left_out}
    scenario = read_scenario(changed(terms=terms))

    assert (scenario.own_funds_minor, scenario.limit_minor) == (20_000_000, 80_000_000)
    assert scenario.expiry == date(2026, 5, 11)
    assert scenario.programme_terms().penalty_rate_ppm == 65_250


@pytest.mark.parametrize("today", [date(2026, 6, 29), date(2026, 11, 22), date(2031, 2, 3)])
def test_golden_deal_1_lies_behind_us_on_its_days_of_the_week(today):
    scenario = golden_story(today).scenario

    assert 14 <= (today - scenario.lasts_until).days < 14 + 364
    assert scenario.begins_on.weekday() == date(2026, 3, 5).weekday()
    assert (scenario.maturity - scenario.funded_on).days == 90


def test_the_small_world_has_eight_deals_one_with_a_supplier_as_payee():
    today = date(2026, 11, 22)
    small = small_world(today)

    assert len(small) == 8
    assert sum(story.buyer == ENTERPRISE for story in small) == 1
    assert all(event.on < today for story in small for event in story.scenario.events)
