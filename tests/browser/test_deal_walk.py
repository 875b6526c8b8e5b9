"""One deal in real browsers, each person in their own, from the review to the settled loan.

The chain is driven in this process between the steps; every page is looked at on a desk and on a
phone.
"""

import re

import pytest
from playwright.sync_api import Browser

from scf.loans.models import Loan
from scf.rehearsal.cast import PASSWORD
from tests.browser.desk import SIZES, Desk, follow
from tests.factories.parties import party
from tests.flows.conftest import begins, stack  # noqa: F401 - the chain as a fixture
from tests.portals.deal.conftest import _documents_root, funded, further, walk  # noqa: F401 - fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
CHINESE = re.compile("[\u4e00-\u9fff]")


def test_a_deal_from_review_to_settled_in_every_bodys_browser(desk: Desk):
    review_and_sign(desk)
    fund(desk)
    deliver_and_dispute(desk)
    give_back_and_repay(desk)
    read_in_english(desk)
    assert desk.complaints == []


def review_and_sign(desk: Desk) -> None:
    desk.open("ma")
    desk.look("ma", "01-submitted-buyer")
    desk.open("zhou")
    desk.look("zhou", "02-submitted-reviewer")
    desk.press("zhou", "查看并审查")
    desk.look("zhou", "03-review")
    desk.press("zhou", "建议通过，提交审批")
    # The buyer's page, open all the time, has followed without being loaded again.
    desk.page_of("ma").get_by_text("审查通过，待审批").wait_for()
    desk.open("yi", "review")
    desk.look("yi", "04-approval")
    desk.press("yi", "批准所示内容")
    for key in ("nuo", "lan", "luo"):
        desk.open(key, "sign")
        desk.look(key, f"05-sign-{key}")
        desk.press(key, "签署")
    assert desk.deal.application.status == "signed"


def fund(desk: Desk) -> None:
    desk.open("nuo")
    desk.look("nuo", "06-own-funds")
    desk.press("nuo", "支付首付款")
    desk.open("luo", "pay-out")
    desk.look("luo", "07-pay-out")
    page = desk.page_of("luo")
    follow(page, page.locator("main").get_by_text("核对无误，放款到托管"))
    desk.look("luo", "08-on-its-way")
    desk.deal.rest()
    desk.open("lan")
    desk.look("lan", "09-funded-seller")


def deliver_and_dispute(desk: Desk) -> None:
    page = desk.open("ku", "ship")
    page.fill("[name=number]", "FH-1")
    page.fill("[name=carrier]", "驭程物流")
    page.fill("[name=vehicle]", "临A12345")
    page.fill("[name=line_2]", "")
    page.fill("[name=line_3]", "")
    desk.look("ku", "10-ship")
    desk.press("ku", "登记发货")
    desk.look("ku", "11-links")
    code = page.inner_text("strong.fs-2")
    page.goto(page.get_attribute("main img + p + p a, main p.hash a", "href"))
    desk.look("ku", "12-evidence")
    for name, value in {
        "code": code,
        "quantity": "49.9",
        "name": "郝",
        "vehicle": "临A12345",
    }.items():
        page.fill(f"[name={name}]", value)
    desk.press("ku", "确认交货")
    desk.look("ku", "13-evidence-done")
    page = desk.open("he")
    desk.look("he", "14-clerk")
    follow(page, "main a.btn")
    desk.look("he", "15-accept")
    page.fill("[name=accepted]", "49.9")
    page.fill("[name=short]", "0.1")
    desk.press("he", "确认验收")
    page = desk.open("luo")
    follow(page, page.get_by_text("核对收货：第 1 行"))
    desk.look("luo", "16-confirm")
    desk.press("luo", "证据相符，确认付款")
    page = desk.open("nuo")
    page.click("tbody tr:nth-child(2) .line-buttons summary")
    follow(page, "tbody tr:nth-child(2) .line-buttons a")
    desk.look("nuo", "17-dispute")
    page.fill("[name=reason]", "熔指不符")
    desk.press("nuo", "提出争议")
    page = desk.open("luo")
    follow(page, page.get_by_text("裁定争议", exact=True))
    page.fill("[name=payee_gets]", "100,000.00")
    page.fill("[name=decision]", "一部分合格")
    desk.look("luo", "18-decide")
    follow(page, "main form button")
    desk.deal.rest()
    desk.open("lan")
    desk.look("lan", "19-partial-seller")


def give_back_and_repay(desk: Desk) -> None:
    for number in (2, 3):
        for key in ("nuo", "lan"):
            page = desk.open(key)
            page.click(f"tbody tr:nth-child({number}) .line-buttons summary")
            follow(page, f"tbody tr:nth-child({number}) .line-buttons a[href*='/return/']")
            if (number, key) == (2, "nuo"):
                desk.look(key, "20-agree-return")
            desk.press(key, "同意退回余额")
    exchange(desk)
    desk.open("ma", "repay")
    desk.look("ma", "20-repay")
    desk.press("ma", "从一般钱包还款")
    assert Loan.objects.get().status == "settled"
    page = desk.open("ma")
    desk.look("ma", "21-settled-buyer")
    page = desk.open("luo")
    desk.look("luo", "22-settled-bank")
    follow(page, "ol.timeline-list a[href^='/tx/']")
    desk.look("luo", "23-transaction")
    follow(page, "a[href^='/blocks/']")
    desk.look("luo", "24-block")
    desk.open("luo", "/stuck/")
    desk.look("luo", "25-stuck")


def exchange(desk: Desk) -> None:
    """The bank's desk turns the buyer's deposit into coins of its wallet."""
    page = desk.open("luo", "/b/wallets/")
    desk.look("luo", "20-wallets")
    row = page.locator("tbody tr", has_text=party("jinhe").name)
    follow(page, row.get_by_text("兑换", exact=True))
    page.fill("[name=amount]", "900,000.00")
    page.fill("[name=reference]", "HX-1")
    desk.look("luo", "20-exchange")
    desk.press("luo", "存款兑换数字人民币")


def read_in_english(desk: Desk) -> None:
    page = desk.open("ma")
    page.click("details.menu summary")
    follow(page, "button[name=language][value=en]")
    desk.look("ma", "26-english")
    for name in page.locator("main h2, main dt, main th[scope=col], main .chip, main .btn").all():
        assert not CHINESE.search(name.inner_text()), name.inner_text()


def test_the_deal_can_be_read_and_acted_on_without_scripts(desk: Desk, browser: Browser):
    context = browser.new_context(
        viewport=SIZES["phone"], base_url=desk.address, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", "ma")
    page.fill("[name=password]", PASSWORD)
    follow(page, "main button")
    page.goto(desk.deal.url())
    follow(page, "text=撤回申请")
    page.fill("[name=note]", "不再需要")
    follow(page, "main form button")
    desk.deal.application.refresh_from_db()
    assert desk.deal.application.status == "withdrawn"
    context.close()
