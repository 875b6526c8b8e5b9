"""The small demo world: eight deals, golden deal 1 and one with a supplier as payee among them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from scf.rehearsal.cast import ENTERPRISE, GOLDEN_BUYER, SUPPLIER
from scf.rehearsal.scenario import Event, Scenario, read_scenario
from scf.rehearsal.stories import UNDERWAY, Plan, Story, line
from scf.rehearsal.world import GROWTH, OFFERED

GOLDEN = Path(__file__).parent / "golden_deal_1.json"
WEEKS_A_YEAR = timedelta(weeks=52)  # keeps every date on its day of the week
ENDS_BEFORE = timedelta(days=14)


def small_world(today: date) -> list[Story]:
    """Eight deals that stand in various states on ``today``."""
    return [
        golden_story(today),
        _film_settled(today - timedelta(days=115)),
        _additives_from_a_supplier(today - timedelta(days=38)),
        _pipes_under_way(today - timedelta(days=27)),
        _shoes_in_dispute(today - timedelta(days=33)),
        _cables_waiting_for_money(today + timedelta(days=1)),
        _moulds_in_review(today + timedelta(days=3)),
        _rubber_sent_back(today + timedelta(days=2)),
    ]


def golden_story(today: date) -> Story:
    """Golden deal 1 on its own dates, or whole years of weeks from them, so that it lies behind
    us.
    """
    scenario = read_scenario(GOLDEN.read_text())
    ends = scenario.lasts_until
    years = (today - ENDS_BEFORE - ends).days // WEEKS_A_YEAR.days
    moved = _moved(scenario, years * WEEKS_A_YEAR)
    return Story(GOLDEN_BUYER, ENTERPRISE, _sent_before(moved), "settled_late")


def _sent_before(scenario: Scenario) -> Scenario:
    """The scenario with its goods on their way for some days, which its own figures leave open."""
    accepted = [event for event in scenario.events if event.do == "accept"]
    sent = [
        Event(
            event.on - timedelta(days=UNDERWAY),
            "ship",
            {"line": event.given["line"], "quantity": str(_found(event))},
        )
        for event in accepted
    ]
    events = sorted((*scenario.events, *sent), key=lambda event: event.on)
    return replace(scenario, events=tuple(events))


def _found(event: Event) -> Decimal:
    parts = (event.quantity(name) for name in ("accepted", "short", "damaged", "rejected"))
    return sum(parts, Decimal(0))


def _moved(scenario: Scenario, by: timedelta) -> Scenario:
    if not by:
        return scenario
    dates = {
        name: (date.fromisoformat(scenario.terms[name]) + by).isoformat()
        for name in ("funded_on", "maturity", "expiry")
    }
    events = tuple(replace(event, on=event.on + by) for event in scenario.events)
    return replace(scenario, terms={**scenario.terms, **dates}, events=events)


def _film_settled(day: date) -> Story:
    plan = Plan("PO-QY-0117", "qingye", day, 90, [line("7042", "64.000", "8012.50")])
    plan.funded().accepted(1, 9).repaid()
    return plan.story("settled")


def _additives_from_a_supplier(day: date) -> Story:
    lines = [line("TIO2", "18.000", "14650.00"), line("CACO3", "96.000", "812.00")]
    plan = Plan("HY-CG-0093", ENTERPRISE, day, 90, lines, seller=SUPPLIER)
    plan.funded().accepted(1, 11).accepted(
        2, 13, accepted=Decimal("95.750"), short=Decimal("0.250")
    )
    return plan.story("running")


def _pipes_under_way(day: date) -> Story:
    lines = [line("SG-5", "96.000", "4985.00"), line("SG-5", "64.000", "5010.00")]
    plan = Plan("PO-SC-0241", "shuncheng", day, 60, lines)
    plan.funded().accepted(1, 12).happens(25, "ship", line="L2")
    return plan.story("running")


def _shoes_in_dispute(day: date) -> Story:
    lines = [line("VA18", "32.000", "10260.00"), line("VA18", "16.000", "10310.00")]
    plan = Plan("PO-TB-0068", "tuobu", day, 60, lines)
    plan.funded().accepted(1, 13).happens(25, "dispute", line="L2")
    return plan.story("dispute")


def _cables_waiting_for_money(day: date) -> Story:
    plan = Plan("PO-LH-0152", "liheng", day, 45, [line("2426H", "48.000", "9480.00")])
    plan.happens(-4, "submit").happens(-2, "pay_own_funds")
    return plan.story("waiting_for_pay_out")


def _moulds_in_review(day: date) -> Story:
    lines = [line("K8003", "33.000", "7920.00"), line("8008", "32.000", "8140.00")]
    share = OFFERED[GROWTH].terms.own_funds_ppm
    plan = Plan("PO-BH-0029", "baihe", day, 60, lines, share_ppm=share, programme=GROWTH)
    plan.happens(-4, "submit")
    return plan.story("in_review")


def _rubber_sent_back(day: date) -> Story:
    plan = Plan("PO-HZ-0311", "huazi", day, 60, [line("SCR", "33.300", "14380.00")])
    note = "请补充与卖方的框架合同扫描件"
    plan.happens(-6, "submit").happens(-5, "send_back_to_buyer", code="contract_missing", note=note)
    return plan.story("sent_back")
