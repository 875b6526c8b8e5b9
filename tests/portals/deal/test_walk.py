"""The deal's pages from submitted to settled: who sees which button, and that pressing it works."""

import re

import pytest

from scf.loans.models import Loan
from scf.portals.deal.words import FACTS, QUIET
from scf.workflow.models import Fact
from tests.portals.deal.people import CAST
from tests.portals.deal.walk import Walk

pytestmark = pytest.mark.slow


def addresses(walk: Walk, key: str) -> set[str]:
    """The deal's own addresses on the page, without papers and the bank's review file."""
    root = re.escape(walk.url())
    found = set(re.findall(rf'(?:href|action)="{root}([\w/-]+)"', walk.text(key)))
    return {name.partition("/")[0] for name in found} - {"review", "papers"}


def buttons(walk: Walk) -> dict[str, set[str]]:
    """Everybody who can do something now, and what; every page opens."""
    return {key: found for key in CAST if (found := addresses(walk, key))}


def test_everybody_has_their_own_buttons_up_to_the_money_in_escrow(walk):
    maker_and_checker = {"ma": {"withdraw"}, "nuo": {"withdraw"}}
    assert buttons(walk) == maker_and_checker
    assert "建议通过" in walk.text("zhou", "review")
    walk.recommend()
    assert buttons(walk) == maker_and_checker
    assert "批准所示内容" in walk.text("yi", "review")
    assert "批准所示内容" not in walk.text("zhou", "review")
    walk.approve()
    assert buttons(walk) == {
        "ma": {"withdraw"},
        "nuo": {"sign", "withdraw"},
        "lan": {"sign"},
        "luo": {"sign", "cancel"},
    }
    walk.sign()
    assert buttons(walk) == {
        "ma": {"withdraw"},
        "nuo": {"own-funds", "withdraw"},
        "luo": {"pay-out", "cancel"},
    }
    walk.pay_own_funds()
    assert "own-funds" not in addresses(walk, "nuo")
    assert walk.text("luo", "pay-out").count("tone-green") == 9
    walk.pay_out()
    assert walk.payment.status == "funded"
    assert buttons(walk) == {
        "ku": {"ship"},
        "nuo": {"dispute", "repay", "return"},
        "lan": {"dispute", "return"},
        "ma": {"repay"},
    }


def test_everybody_has_their_own_buttons_down_to_the_settled_loan(funded):
    row, token, code = funded.ship(1, "50", "FH-1")
    found = buttons(funded)
    assert (found["he"], found["ma"]) == ({"accept"}, {"accept", "repay"})
    assert found["ku"] == {"ship", "evidence-link"}

    funded.give_evidence(token, code, "50")
    funded.done(funded.post("he", f"accept/{row.pk}", accepted="50"))
    assert buttons(funded)["luo"] == {"confirm"}
    assert "临A12345" in funded.text("luo", f"confirm/{funded.application.acceptances.get().pk}")
    funded.done(funded.post("luo", f"confirm/{funded.application.acceptances.get().pk}"))
    assert funded.payment.released_minor == funded.line(1).amount_minor

    funded.done(funded.post("nuo", f"dispute/{funded.line(2).pk}", reason="熔指不符"))
    assert buttons(funded)["luo"] == {"decide"}
    given = {"payee_gets": "100,000.00", "decision": "一部分合格"}
    funded.done(funded.post("luo", f"decide/{funded.line(2).pk}", **given))
    assert funded.payment.released_minor == funded.line(1).amount_minor + 100_000_00

    for number in (2, 3):
        for key in ("nuo", "lan"):
            funded.done(funded.post(key, f"return/{funded.line(number).pk}"))
    assert funded.payment.status == "returned"
    funded.repay()
    assert Loan.objects.get().status == "settled"
    assert buttons(funded) == {}
    names = set(
        Fact.objects.filter(deal_id=funded.application.deal_id).values_list("name", flat=True)
    )
    assert {name for name in names if not name.startswith(QUIET)} <= set(FACTS)


def test_what_the_page_says_of_a_settled_deal(funded):
    funded.deliver(1, "50", "FH-1")
    funded.repay()

    page = funded.text("ma")
    for words in ("已付收款人", "380,206.50", "在托管", "619,793.50", "已还本金", "本息已全部还清"):
        assert words in page
    assert " 个确认" in page
    assert "已还本金" not in funded.text("lan")


def test_a_warehouse_clerk_sees_goods_and_no_money(funded):
    page = funded.text("he")
    assert "PP 拉丝 T30S" in page
    for hidden in ("380,206.50", "1,000,000.00", "7,604.13", "贷款", "托管到期"):
        assert hidden not in page.partition("</h1>")[2].partition("</main>")[0]
    for page in ("sign", "repay", "withdraw"):
        assert funded.get("he", page).status_code == 404


def test_what_the_bank_writes_to_itself_stays_there(walk):
    walk.recommend()
    assert "贸易背景真实" in walk.text("yi")
    for key in ("ma", "nuo", "lan", "wei"):
        assert "贸易背景真实" not in walk.text(key)
        assert walk.get(key, "review").status_code == 404


def test_the_live_part_is_asked_for_only_when_something_happened(walk):
    page = walk.text("ma")
    after = re.search(r"facts\?after=(\d+)", page)[1]
    quiet = walk.get("ma", f"facts?after={after}")
    assert (quiet.status_code, "HX-Trigger" in quiet.headers) == (204, False)
    walk.recommend()
    assert walk.get("ma", f"facts?after={after}").headers["HX-Trigger"] == "deal-changed"
    part = walk.text("ma", "?part=live")
    assert "<html" not in part
    assert "审查通过，待审批" in part
