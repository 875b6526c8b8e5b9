"""A wallet frozen on a lawful order: asked at the bank's desk, said in words to its owner."""

import pytest

from scf.notifications.services import tell
from scf.wallets.models import Act, Purpose, StatusOrder, Wallet
from scf.workflow.models import Fact
from tests.factories.parties import party
from tests.flows.conftest import anvil, begins, further, stack
from tests.portals.rooms import browser_of, text_of

__all__ = ["anvil", "begins", "further", "stack"]

GIVEN = {
    "level": "frozen",
    "authority": "杭州市中级人民法院",
    "number": "（2026）浙01执保77号",
    "reason": "已核对执行人员证件",
}


@pytest.fixture
def general(stack) -> Wallet:
    return Wallet.objects.get(owner_id=party("jinhe").pk, purpose=Purpose.GENERAL)


def freeze(wallet: Wallet, **given: str):
    return browser_of("luo").post(f"/b/wallets/{wallet.pk}/freeze", GIVEN | given)


def page_of(key: str, wallet: Wallet) -> str:
    return text_of(browser_of(key).get(f"/wallets/{wallet.pk}/"))


@pytest.mark.slow
def test_the_desk_freezes_a_wallet_its_owner_reads_why_and_the_desk_lifts_it(general, stack):
    assert freeze(general).headers["Location"] == f"/wallets/{general.pk}/"
    # On its way nothing more is offered, and the owner is not warned before it holds.
    assert f"/b/wallets/{general.pk}/" not in page_of("luo", general)
    assert GIVEN["number"] not in page_of("ma", general)
    stack.rest()

    owner = page_of("ma", general)
    for words in (
        "已冻结",
        "杭州市中级人民法院",
        "（2026）浙01执保77号",
        "贷款到期仍须偿还",
        "远帆",
    ):
        assert words in owner, words
    assert GIVEN["reason"] not in owner
    assert GIVEN["reason"] in page_of("luo", general)
    tell(list(Fact.objects.order_by("pk")))
    inbox = text_of(browser_of("ma").get("/inbox/"))
    assert "一般钱包已冻结，不收不付：杭州市中级人民法院 （2026）浙01执保77号" in inbox
    assert f"/wallets/{general.pk}/" in text_of(browser_of("ma").get("/m/"))
    assert "已冻结" in text_of(browser_of("luo").get("/b/wallets/"))

    lifted = GIVEN | {"number": "（2026）浙01执保77号之一"}
    browser_of("luo").post(f"/b/wallets/{general.pk}/lift", lifted)
    stack.rest()
    general.refresh_from_db()
    assert general.status == "active"
    assert "依法冻结" not in page_of("ma", general)
    assert [each.level for each in StatusOrder.objects.all()] == ["active", "frozen"]


@pytest.mark.slow
def test_a_wallet_that_only_receives_still_takes_an_exchange_and_may_be_frozen_wholly(
    general, stack
):
    freeze(general, level="debit_frozen")
    stack.rest()
    general.refresh_from_db()
    assert general.status == "debit_frozen"
    assert "可以收入，不能付出" in page_of("ma", general)

    before = stack.balance(general)
    given = {"amount": "5.00", "reference": "HX-9"}
    browser_of("luo").post(f"/b/wallets/{general.pk}/exchange", given)
    stack.rest()
    assert stack.balance(general) == before + 5_00

    freeze(general, number="（2026）浙01执100号")
    stack.rest()
    general.refresh_from_db()
    assert general.status == "frozen"
    assert "（2026）浙01执100号" in page_of("ma", general)


@pytest.mark.slow
def test_only_the_banks_operations_with_a_whole_order_and_a_fresh_code_freeze(general):
    for missing in ("authority", "number", "reason"):
        assert freeze(general, **{missing: "  "}).status_code == 400, missing
    assert freeze(general, level="active").status_code == 400
    for key in ("chen", "yi", "ma", "lan", "sly"):
        answer = browser_of(key).post(f"/b/wallets/{general.pk}/freeze", GIVEN)
        assert answer.status_code in (403, 404), key
    for key in ("lan", "sly"):
        assert browser_of(key).get(f"/wallets/{general.pk}/").status_code == 404, key

    stale = browser_of("luo")
    session = stale.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    answer = stale.post(f"/b/wallets/{general.pk}/freeze", GIVEN)
    assert answer.headers["Location"].startswith("/accounts/")
    assert not Act.objects.filter(kind="freeze").exists()
