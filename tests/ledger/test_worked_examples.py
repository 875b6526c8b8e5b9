"""Golden deal 1 and its variants, lived day by day on the real ledger and a real chain, to the fen.

The figures are those of the worked example (yuan there, fen here); each variant changes one
convention.
"""

import copy
import json
from pathlib import Path

import pytest

from scf.core import clock
from scf.core.actor import SYSTEM
from scf.credit.models import Limit
from scf.ledger.selectors import list_balances
from scf.payments.models import Payment
from scf.rehearsal.cast import BANK
from scf.rehearsal.life import Life
from scf.rehearsal.people import organization
from scf.rehearsal.scenario import read_scenario
from scf.rehearsal.stack import OwnStack
from scf.rehearsal.telling import told
from scf.workflow.models import Fact

pytestmark = pytest.mark.slow
DEAL = json.loads((Path(__file__).parent / "golden" / "deal-1.json").read_text())


@pytest.fixture
def live(start_anvil, settings, tmp_path, db):
    """Lives a scenario on a chain that begins on its first day; returns the golden form."""

    def lived(scenario):
        read = read_scenario(json.dumps(scenario))
        begins = int(clock.shanghai_midnight(read.begins_on).timestamp())
        settings.RPC_URL = start_anvil(timestamp=begins).url
        settings.SIGNER_KEYSTORES = str(tmp_path / "keystores")
        stack = OwnStack.opened()
        life = Life.begun(read, stack)
        life.live()
        found = told(life)
        stack.node.close()
        assert found["invariants"] == {"ok": True, "broken": {}}
        return found

    return lived


def variant(*, events=None, **terms):
    """Deal 1 with other terms, and with other events when given."""
    scenario = copy.deepcopy(DEAL)
    scenario["terms"] |= terms
    if events is not None:
        scenario["events"] = events
    return scenario


def balance(code: str) -> int:
    """What an account of the bank's book holds."""
    rows = list_balances(organization(BANK).pk, by=SYSTEM, codes=[code])
    return sum(row.balance_minor for row in rows)


def rows(found, event):
    return [row for row in found["positions"] if row["event"] == event]


def test_golden_deal_1_to_the_fen(live):
    found = live(DEAL)

    for name, value in DEAL["expect"].items():
        assert found[name] == value, name
    assert found["status"] == {"application": "funded", "escrow": "returned", "loan": "settled"}
    assert (balance("1031"), balance("2011.80")) == (2_008_290_08, 2_008_290_08)
    assert (balance("6011"), balance("6411")) == (8_290_08, 43_91)
    payment = Payment.objects.get()
    assert str(payment.interest_paid_to) == DEAL["terms"]["expiry"]
    told_of_limit = Fact.objects.filter(name__in=["limit.frozen", "limit.unfrozen"]).order_by("id")
    assert [(fact.name, str(fact.business_date)) for fact in told_of_limit] == [
        ("limit.frozen", "2026-06-10"),
        ("limit.unfrozen", "2026-06-15"),
    ]
    limit = Limit.objects.get(level="borrower")
    assert (limit.is_frozen, limit.used_minor) == (False, 0)


def test_v3_a_short_line_goes_back_when_it_closes(live):
    found = live(variant(return_short_lines=True))

    back = rows(found, "reclaim")[0]
    assert back["on"] == "2026-03-23"
    assert (back["bank"], back["principal"]) == (120_000_000 + 608_330, 80_000_000 - 608_330)
    assert back["buyer_general"] == 5_001_278 + 152_083
    assert found["interest"] == 804_019


def test_v4_interest_from_release_bears_nothing_on_what_comes_back(live):
    found = live(variant(interest_from="release"))

    assert found["interest"] == 503_957
    assert [row["principal"] for row in found["positions"][:6]] == [
        0, 0, 0, 29_808_190, 46_407_930, 62_791_930,
    ]  # fmt: skip
    assert found["offer"] == DEAL["expect"]["offer"]


def test_v5_a_year_of_365_days(live):
    assert live(variant(day_base=365))["interest"] == 796_557


def test_v6_principal_first_leaves_interest_to_bear_compound(live):
    order = ["costs", "principal", "interest", "penalty"]
    found = live(variant(waterfall=order, compound_on_interest=True))

    first = rows(found, "sweep")[0]
    assert (first["on"], first["principal"]) == ("2026-06-10", 22_791_930)
    last = rows(found, "sweep")[1]
    assert last["bank"] - first["bank"] == 23_620_938
    assert (found["penalty"], found["compound"]) == (20_655 + 732, 732)
    assert found["interest"] == 807_621


def test_v8_penalty_begins_when_the_grace_days_end(live):
    found = live(variant(grace_days=3, penalty_from="grace_end"))

    assert found["penalty"] == 8_555
    assert found["interest"] == 807_621 + 8_555


def test_v9_receipts_are_swept_at_once(live):
    found = live(variant(sweep="on_receipt", compound_on_interest=True))

    first, last = rows(found, "sweep")
    assert (first["on"], first["principal"]) == ("2026-06-05", 23_561_614)
    assert last["bank"] - first["bank"] == 23_597_215
    assert (found["penalty"], found["compound"]) == (21_353 + 13, 13)
    assert found["interest"] == 769_684 + 14_235


def test_v10_the_arbiter_gives_the_payee_a_part(live):
    events = [event for event in DEAL["events"] if event["on"] < "2026-04-24"]
    events += [
        {"on": "2026-04-09", "do": "dispute", "line": "L2"},
        {"on": "2026-04-20", "do": "resolve", "line": "L2", "to_payee": 12_449_805},
    ]
    events += [event for event in DEAL["events"] if event["on"] >= "2026-04-24"]
    found = live(variant(events=events))

    before, given = rows(found, "release L2")
    assert given["seller"] - before["seller"] == 12_449_805
    reclaim = rows(found, "reclaim")[0]
    release = rows(found, "release L3")[0]
    assert reclaim["bank"] - release["bank"] == 7_248_226
    interest = found["escrow_interest"][1]
    assert reclaim["buyer_general"] - release["buyer_general"] - interest == 1_812_057


def test_v11_the_seller_withdraws_before_shipping(live):
    events = [
        *DEAL["events"][:3],
        {"on": "2026-03-21", "do": "withdraw_by_seller"},
        {"on": "2026-06-10", "do": "receive", "amount": 87_000},
    ]
    found = live(variant(events=events))

    (back,) = rows(found, "reclaim")
    assert (back["escrow_own"], back["escrow_loan"], back["principal"]) == (0, 0, 0)
    assert back["bank"] == 200_000_000
    assert found["interest"] == 87_000
    assert found["status"]["loan"] == "settled"


def test_v12_a_frozen_payee_loses_nothing_and_holds_nobody_up(live):
    events = copy.deepcopy(DEAL["events"])
    events.insert(4, {"on": "2026-04-08", "do": "freeze", "who": "seller"})
    events.insert(6, {"on": "2026-04-10", "do": "unfreeze", "who": "seller"})
    found = live(variant(events=events))

    held = rows(found, "release L2")[0]
    assert (held["claimable"], held["seller"]) == (20_749_675, 37_260_237)
    assert held["principal"] == 80_000_000
    assert found["interest"] == 807_621
