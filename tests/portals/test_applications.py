"""Applying step by step with a live quote, and the list of applications."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils.translation import override

from scf.core import clock
from scf.financing.models import Application
from scf.financing.services import ApplicationIn, submit_application
from scf.portals.templatetags.quantities import unit
from scf.workflow import clocks
from tests.factories.credit import ready_programme
from tests.factories.parties import somebody, user_of
from tests.factories.trade import confirmed_order, line_ids_of
from tests.portals.rooms import browser_of, text_of


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path, db):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def terms_of(programme_id: UUID, **changes: str) -> dict[str, str]:
    """What the buyer of golden deal 1 types: all lines, ninety days, the least own funds."""
    today = clocks.business_date()
    return {
        "lines": "1-3",
        "programme": str(programme_id),
        "funding_planned_on": today.isoformat(),
        "matures_on": (today + timedelta(days=90)).isoformat(),
        "own_funds": "",
        "purpose": "采购树脂，发往云岫仓库",
        **changes,
    }


def submitted(**changes: object) -> Application:
    order = confirmed_order(**changes)
    programme = ready_programme()
    return submit_application(
        ApplicationIn(
            programme_id=programme.pk,
            order_line_ids=tuple(line_ids_of(order)),
            matures_on=clocks.business_date() + timedelta(days=90),
        ),
        by=somebody("ma"),
    )


def test_a_buyer_applies_in_three_steps():
    order, programme = confirmed_order(), ready_programme()
    ma = browser_of("ma")
    assert "PO-2026-0305" in text_of(ma.get("/applications/new/"))

    step = ma.post(f"/applications/new/{order.pk}/", {"line": ["1", "2", "3"]})
    assert step.headers["Location"] == f"/applications/new/{order.pk}/terms?lines=1-3"
    page = text_of(ma.get(step.headers["Location"]))
    for shown in ("800,000.00", "8,700.00", "96.67", "4.35 %", "单利", "卖方贴息"):
        assert shown in page

    given = terms_of(programme.pk)
    papers = text_of(ma.get(f"/applications/new/{order.pk}/papers", given))
    for shown in ("提款申请书", "支付委托书", "云岫金禾塑编有限公司", "定向支付给上述收款人"):
        assert shown in papers
    assert not Application.objects.exists()

    answer = ma.post(f"/applications/new/{order.pk}/papers", given)
    application = Application.objects.get()
    assert answer.headers["Location"] == f"/deals/{application.deal_id}/"
    assert (application.status, application.loan_minor) == ("in_review", 800_000_00)


def test_the_quote_follows_the_figures_without_the_rest_of_the_page():
    order, programme = confirmed_order(), ready_programme()
    answer = browser_of("ma").get(
        f"/applications/new/{order.pk}/quote", terms_of(programme.pk, own_funds="400,000")
    )
    page = text_of(answer)
    assert "<html" not in page
    assert "600,000.00" in page
    assert "6,525.00" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"own_funds": "100,000"}, "首付款须不少于 200,000.00 元"),
        ({"own_funds": "一百"}, "不是金额"),
        ({"matures_on": "2020-01-01"}, "还款日须晚于计划放款日"),
        ({"matures_on": "2090-01-01"}, "天不在 1 至 180 天之间"),
        ({"matures_on": "tomorrow"}, "输入一个有效的日期"),
        ({"funding_planned_on": "2020-01-01"}, "不能早于今天"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(changes, words):
    order, programme = confirmed_order(), ready_programme()
    given = terms_of(programme.pk, **changes)
    answer = browser_of("ma").post(f"/applications/new/{order.pk}/papers", given)
    page = text_of(answer)

    assert answer.status_code == 400
    name, typed = next(iter(changes.items()))
    said = re.search(rf'id="id_{name}_error">([^<]*)<', page)
    assert said
    assert words in said[1]
    assert f'value="{typed}"' in page
    assert "采购树脂，发往云岫仓库" in page
    assert not Application.objects.exists()


def test_the_purpose_is_asked_for_before_the_papers():
    order, programme = confirmed_order(), ready_programme()
    given = terms_of(programme.pk, purpose="")
    answer = browser_of("ma").get(f"/applications/new/{order.pk}/papers", given)
    assert answer.status_code == 400
    assert 'id="id_purpose_error"' in text_of(answer)


def test_a_loan_above_the_limit_is_said_before_and_refused_at_the_submit():
    order, programme = confirmed_order(), ready_programme(borrower_minor=100_000_00)
    ma = browser_of("ma")
    given = terms_of(programme.pk)
    assert "超过当前可用额度" in text_of(ma.get(f"/applications/new/{order.pk}/papers", given))
    answer = ma.post(f"/applications/new/{order.pk}/papers", given)
    assert answer.status_code == 400
    assert "借款人额度不足" in text_of(answer)
    assert not Application.objects.exists()


def test_no_line_and_a_wrong_line_are_said():
    order = confirmed_order()
    ma = browser_of("ma")
    answer = ma.post(f"/applications/new/{order.pk}/", {})
    assert "请至少选择一行订单" in text_of(answer)
    answer = ma.post(f"/applications/new/{order.pk}/", {"lines": "1-9"})
    assert "第 4 行不能融资" in text_of(answer)
    answer = ma.post(f"/applications/new/{order.pk}/", {"lines": "one"})
    assert "行号写法不正确：one" in text_of(answer)


def test_a_financed_order_is_not_offered_again():
    application = submitted()
    ma = browser_of("ma")
    assert "没有可以融资的订单" in text_of(ma.get("/applications/new/"))
    step = ma.get(f"/applications/new/{application.order_id}/terms?lines=1-3")
    assert step.headers["Location"] == f"/applications/new/{application.order_id}/"


def test_without_a_programme_the_page_says_what_to_do():
    order = confirmed_order()
    page = text_of(browser_of("ma").get(f"/applications/new/{order.pk}/terms?lines=1"))
    assert "没有可用的融资项目" in page


def test_only_the_buyer_applies():
    order = confirmed_order()
    ready_programme()
    for key in ("wei", "bai", "sly", "he", "nuo"):
        other = browser_of(key)
        for address in ("", "terms?lines=1", "quote?lines=1", "papers?lines=1"):
            answer = other.get(f"/applications/new/{order.pk}/{address}")
            assert answer.status_code == 404, (key, address)


def test_every_party_finds_the_application_and_a_stranger_does_not():
    application = submitted()
    for key in ("ma", "nuo", "wei", "lan", "zhou", "yi", "luo", "chen", "shen"):
        page = text_of(browser_of(key).get("/applications/"))
        assert application.number in page
        assert f"/deals/{application.deal_id}/" in page
    assert application.number not in text_of(browser_of("sly").get("/applications/"))
    assert browser_of("he").get("/applications/").status_code == 404
    assert browser_of("opal").get("/applications/").status_code == 404


def test_the_list_is_narrowed_by_the_address():
    application = submitted()
    zhou, ma = browser_of("zhou"), browser_of("ma")
    link = f">{application.number}</a>"

    for query in ("", "q=jinhe", "q=PO-2026", f"q={application.number}", "status=in_review",
                  "least=1000000", "mine=on"):  # fmt: skip
        assert link in text_of(zhou.get(f"/applications/?{query}")), query
    for query in ("q=nothing", "status=funded", "most=999,999.99"):
        assert link not in text_of(zhou.get(f"/applications/?{query}")), query
    assert link not in text_of(ma.get("/applications/?mine=on"))
    assert link in text_of(ma.get("/applications/?side=buyer"))
    assert link not in text_of(ma.get("/applications/?side=seller"))


def test_a_missing_purpose_keeps_the_price_in_view():
    order, programme = confirmed_order(), ready_programme()
    given = terms_of(programme.pk, purpose="")
    page = text_of(browser_of("ma").post(f"/applications/new/{order.pk}/papers", given))
    assert "请填写资金用途" in page
    assert "要花多少钱" in page


def test_an_english_reader_meets_no_chinese_but_names():
    ma = user_of("ma")
    ma.language = "en"
    ma.save()
    application = submitted()
    deal = text_of(browser_of("ma").get(f"/deals/{application.deal_id}/"))
    for chinese in ("固定利率", "到期一次还本付息", "本笔贷款"):
        assert chinese not in deal
    assert "4.35 %, fixed" in deal
    assert '<h1 class="h2">Orders</h1>' in text_of(browser_of("ma").get("/orders/"))
    order = confirmed_order(number="PO-EN")
    given = terms_of(application.programme_id, own_funds="a lot")
    quoted = text_of(browser_of("ma").get(f"/applications/new/{order.pk}/quote", given))
    assert "Own funds (yuan): Not an amount: write a number" in quoted
    with override("en"):
        assert (unit("吨"), unit("TNE"), unit("托盘")) == ("t", "t", "托盘")


@pytest.mark.parametrize(("opened", "is_said"), [("2026-03-23", True), ("", False)])
def test_a_happening_names_its_bank_day_where_that_is_not_the_day_on_the_clock(opened, is_said):
    day = date.fromisoformat(opened) if opened else clock.today()
    clocks.open_day(day)
    application = submitted()
    page = text_of(browser_of("ma").get(f"/deals/{application.deal_id}/"))
    assert (f"营业日 {day}" in page) is is_said
