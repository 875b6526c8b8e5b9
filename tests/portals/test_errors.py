"""What goes wrong is said on a page of ours: in words, in both languages, with a way back."""

from uuid import uuid4

import pytest
from django.test import Client, RequestFactory

from scf.portals.errors import broken
from tests.portals.rooms import browser_of, text_of
from tests.portals.test_applications import submitted


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path, db):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def is_ours(page: str) -> bool:
    """The brand, the way back, and no code of ours left standing alone."""
    return 'class="brand"' in page and 'href="/"' in page and "代码" not in page


def test_an_address_that_only_takes_a_form_leads_to_its_page():
    application = submitted()
    deal = f"/deals/{application.deal_id}/"
    zhou, ma = browser_of("zhou"), browser_of("ma")
    assert zhou.get(f"{deal}recommend").headers["Location"] == deal
    assert ma.get(f"/orders/{application.order_id}/cancel").headers["Location"] == (
        f"/orders/{application.order_id}/"
    )
    assert ma.get(f"/stuck/command/{uuid4()}/retry").headers["Location"] == "/stuck/"
    assert ma.get("/preferences/").headers["Location"] == "/"


def test_a_form_sent_to_a_page_that_takes_none_is_refused_in_words():
    answer = browser_of("ma").post("/stuck/")
    page = text_of(answer)
    assert answer.status_code == 405
    assert "不接受这种操作" in page
    assert "does not take" in page
    assert is_ours(page)


def test_a_form_that_is_too_big_is_told_so():
    answer = browser_of("ma").post("/orders/import/", {"side": "x" * 13 * 1024 * 1024})
    page = text_of(answer)
    assert answer.status_code == 413
    assert "提交的内容太大" in page
    assert is_ours(page)


@pytest.mark.parametrize(("reader", "first"), [("ma", "没有这个页面"), (None, "没有这个页面")])
def test_a_missing_page_says_so_in_both_languages(reader, first):
    client = browser_of(reader) if reader else Client()
    answer = client.get("/nowhere")
    page = text_of(answer)
    assert answer.status_code == 404
    assert first in page
    assert "There is no such page" in page
    assert is_ours(page)
    client.post("/preferences/", {"language": "en"})
    page = text_of(client.get("/nowhere"))
    assert page.index("There is no such page") < page.index(first)


def test_a_refusal_leads_back_to_the_page_its_button_stood_on_and_nowhere_else():
    ma = browser_of("ma")
    page, elsewhere = "http://testserver/orders/", "https://elsewhere.example/orders/"
    assert f'href="{page}"' in text_of(ma.post("/stuck/", headers={"referer": page}))
    assert "elsewhere" not in text_of(ma.post("/stuck/", headers={"referer": elsewhere}))
    assert "返回刚才的页面" not in text_of(ma.post("/stuck/"))


def test_a_fault_of_ours_is_a_page_that_needs_nothing_to_work():
    page = text_of(broken(RequestFactory().get("/")))
    assert "系统出错了" in page
    assert "Something broke on our side" in page
    assert "app.css" in page
    assert is_ours(page)
