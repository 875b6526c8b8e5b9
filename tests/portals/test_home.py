"""The home pages: what waits for whom, where the money is, in a number of queries that stays."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scf.financing.access import content_hash
from scf.financing.models import Application
from scf.financing.selectors import (
    escrow_sums,
    last_release,
    list_my_turn,
    list_ready_to_ship,
    turn_of,
)
from scf.financing.services import (
    ApplicationIn,
    recommend_application,
    ship_delivery,
    submit_application,
)
from scf.parties.permissions import Permission
from scf.trade.inputs import ShipmentLineIn
from scf.workflow import clocks
from tests.factories.credit import ready_programme
from tests.factories.parties import also, somebody, user_of
from tests.factories.trade import confirmed_order, draft_order, line_ids_of
from tests.financing.conftest import (
    anvil,
    approved,
    begins,
    deal,
    further,
    programme_changes,
    signed,
    stack,
)
from tests.portals.rooms import browser_of, text_of

__all__ = ["anvil", "approved", "begins", "deal", "further", "programme_changes", "signed", "stack"]
PORTALS = {
    "e": ("wei", "lan", "ku", "bai"),
    "b": ("chen", "zhou", "yi", "luo", "shen"),
    "m": ("ma", "nuo", "he", "delta", "dong"),
    "o": ("opal",),
}


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path, db):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.fixture
def submit():
    """Submits one more application of the buyer, each on an order of its own."""
    programme = ready_programme(borrower_minor=70_000_000_00)

    def one_more(number: int) -> Application:
        order = confirmed_order(number=f"PO-{number:03d}")
        given = ApplicationIn(
            programme_id=programme.pk,
            order_line_ids=tuple(line_ids_of(order)),
            matures_on=clocks.business_date() + timedelta(days=90),
        )
        return submit_application(given, by=somebody("ma"))

    return one_more


def queries_of(key: str, address: str) -> int:
    client = browser_of(key)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("root", sorted(PORTALS))
def test_everybody_has_a_home_before_there_is_anything(root):
    for key in PORTALS[root]:
        answer = browser_of(key).get(f"/{root}/")
        assert answer.status_code == 200, key
        assert 'class="empty"' in text_of(answer), key


def test_every_entry_of_every_menu_leads_to_a_page(submit):
    submit(1)
    for root, people in PORTALS.items():
        for key in people:
            client = browser_of(key)
            menu = client.get(f"/{root}/").context["menu"]
            assert menu
            for item in menu:
                assert client.get(item.url).status_code == 200, (key, item.url)


def test_the_menu_marks_where_one_is_and_the_home_only_at_home():
    chen = browser_of("chen")

    def marked(address: str) -> list[str]:
        menu = chen.get(address).context["menu"]
        return [str(item.label) for item in menu if item.is_here]

    assert marked("/b/") == ["首页"]
    assert marked("/b/limits/new/") == ["额度"]
    assert marked("/b/programmes/new/") == []


def test_what_waits_is_shown_to_whose_turn_it_is(submit):
    application = submit(1)
    draft_order(number="PO-9")
    for key, root, words in (("zhou", "b", application.number), ("wei", "e", "PO-9")):
        page = text_of(browser_of(key).get(f"/{root}/"))
        assert "等您处理" in page
        assert f">{words}" in page
    for key, root in (("luo", "b"), ("ma", "m")):
        page = text_of(browser_of(key).get(f"/{root}/"))
        assert "现在没有等您处理的事" in page
        assert page.index("进行中的交易") < page.index(f">{application.number}")
        assert "等待 <strong>临洲远帆商业银行</strong>：审查贸易背景" in page
    assert f">{application.number}" not in text_of(browser_of("sly").get("/b/"))


def test_who_recommended_is_not_asked_to_approve(submit):
    application = submit(1)
    zhou = also(somebody("zhou"), Permission.APPLICATION_APPROVE)
    recommend_application(
        application.pk, seen=content_hash(application), opinion="贸易背景真实", by=zhou
    )
    assert list_my_turn(by=zhou) == []
    assert [found for found, _turn in list_my_turn(by=somebody("yi"))] == [application]


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("zhou", "/b/"),
        ("zhou", "/applications/"),
        ("ma", "/m/"),
        ("wei", "/orders/"),
        ("wei", "/e/"),
        ("wei", "/applications/"),
    ],
)
def test_more_rows_ask_no_more_questions(submit, key, address):
    submit(1)
    submit(2)
    few = queries_of(key, address)
    for number in range(3, 9):
        submit(number)
    assert queries_of(key, address) == few


def test_the_homes_say_where_the_money_is(deal):
    sums = escrow_sums(by=somebody("zhou"), side="bank")
    assert (sums.in_escrow_minor, sums.released_minor) == (1_000_000_00, 0)
    assert list_my_turn(by=somebody("ku")) == [(deal.application, turn_of(deal.application))]

    assert "托管中 1,000,000.00 元，贷款余额 800,000.00 元" in text_of(browser_of("luo").get("/b/"))
    enterprise = text_of(browser_of("lan").get("/e/"))
    assert "1 张订单钱已到托管可发货，合计 1,000,000.00 元" in enterprise
    assert "3 行待发" in enterprise
    member = text_of(browser_of("ma").get("/m/"))
    assert "1,000,000.00 元在托管，等收货" in member
    assert "贷款余额 800,000.00 元，下次还款 06-10 付 808,700.00 元" in member
    assert "我的数字人民币钱包" in member
    reader = user_of("ma")
    reader.language = "en"
    reader.save()
    english = text_of(browser_of("ma").get("/m/"))
    assert "；" not in english
    assert "。" not in english
    warehouse = text_of(browser_of("ku").get("/e/"))
    assert "钱已到托管" in warehouse
    assert "1,000,000.00" not in warehouse


def test_a_funded_deal_is_listed_by_where_its_money_stands_not_by_its_application(deal):
    listed = text_of(browser_of("wei").get("/applications/"))
    assert re.search(r'<span class="chip[^>]*>托管资金已到位', listed)
    assert "托管资金已到位" in text_of(
        browser_of("wei").get(f"/orders/{deal.application.order_id}/")
    )


def test_there_is_no_form_where_nothing_is_left_to_ship(deal):
    url = f"/deals/{deal.application.deal_id}/ship"
    assert 'name="number"' in text_of(browser_of("ku").get(url))
    for number, quantity in ((1, 50), (2, 50), (3, 40)):
        line = deal.application.order.lines.get(line_number=number)
        ship_delivery(
            deal.application.pk,
            number=f"FH-{number}",
            lines=[ShipmentLineIn(line.pk, Decimal(quantity))],
            by=somebody("ku"),
        )
    page = text_of(browser_of("ku").get(url))
    assert "没有待发的货" in page
    assert 'name="number"' not in page


def test_shipped_goods_are_no_longer_to_be_shipped_and_wait_for_the_buyer(deal):
    line = deal.application.order.lines.get(line_number=1)
    ship_delivery(
        deal.application.pk,
        number="FH-1",
        lines=[ShipmentLineIn(line.pk, Decimal(50))],
        by=somebody("ku"),
    )
    ready = list_ready_to_ship(by=somebody("wei"))
    assert [(each.lines, each.open_minor) for each in ready] == [(2, 619_793_50)]
    accept = text_of(browser_of("he").get("/m/"))
    assert "PP 拉丝 T30S" in accept
    assert f"/deals/{deal.application.deal_id}/accept/" in accept


def test_the_payee_reads_what_came_and_when(deal):
    assert last_release(by=somebody("wei")) is None
    deal.accept(1, "50")
    came = last_release(by=somebody("wei"))
    assert came is not None
    assert came.amount_minor == 380_206_50
    assert "380,206.50 元已到账 03-12" in text_of(browser_of("wei").get("/e/"))
