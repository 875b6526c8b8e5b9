"""Named filters of a list: each reader's own, opened as an address."""

import pytest

from scf.portals.saved import MOST, cleaned
from tests.portals.rooms import browser_of, text_of
from tests.portals.test_applications import submitted


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path, db):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def save(browser, name: str, query: str, page: str = "applications"):
    return browser.post("/saved-views/", {"page": page, "name": name, "query": query})


def test_a_filter_is_kept_under_a_name_and_opens_the_same_list():
    submitted()
    zhou = browser_of("zhou")
    listed = text_of(zhou.get("/applications/?status=in_review&q=&after="))
    assert 'name="query" value="status=in_review"' in listed

    answer = save(zhou, "等我审查", "status=in_review&q=&mine=on")
    assert answer.headers["Location"] == "/applications/?mine=on&status=in_review"
    shown = text_of(zhou.get("/applications/"))
    assert '<a href="/applications/?mine=on&amp;status=in_review">等我审查</a>' in shown
    here = text_of(zhou.get("/applications/?mine=on&status=in_review"))
    assert 'status=in_review" aria-current="page">等我审查</a>' in here


def test_a_name_used_before_means_the_new_filters():
    zhou = browser_of("zhou")
    save(zhou, "大额", "least=1000000")
    save(zhou, "大额", "least=5000000")
    links = zhou.get("/applications/").context["saved"].links
    assert [(each.name, each.url) for each in links] == [("大额", "/applications/?least=5000000")]


def test_the_filters_of_one_reader_are_nobody_elses():
    zhou, yi = browser_of("zhou"), browser_of("yi")
    save(zhou, "我的", "mine=on")
    assert "我的</a>" not in text_of(yi.get("/applications/"))
    number = zhou.get("/applications/?mine=on").context["saved"].links[0].id
    assert yi.post(f"/saved-views/{number}/drop").status_code == 404
    answer = zhou.post(f"/saved-views/{number}/drop")
    assert answer.headers["Location"] == "/applications/?mine=on"
    assert zhou.get("/applications/").context["saved"].links == []


def test_a_list_of_orders_keeps_its_own():
    zhou = browser_of("zhou")
    save(zhou, "本月", "q=PO", page="orders")
    assert "本月" in text_of(zhou.get("/orders/"))
    assert "本月" not in text_of(zhou.get("/applications/"))


def test_what_is_no_list_or_has_no_name_is_refused_in_words():
    zhou = browser_of("zhou")
    for given in ({"page": "stuck", "name": "a"}, {"page": "orders", "name": " "}, {}):
        answer = zhou.post("/saved-views/", given, follow=True)
        assert "请填写名称" in text_of(answer), given


def test_only_so_many_are_kept():
    zhou = browser_of("zhou")
    for number in range(MOST):
        save(zhou, f"第 {number} 个", f"q={number}")
    save(zhou, "太多", "q=x")
    assert len(zhou.get("/applications/").context["saved"].links) == MOST
    save(zhou, "第 1 个", "q=again")  # an old name still takes new filters
    assert "q=again" in text_of(zhou.get("/applications/"))


def test_without_a_login_nothing_is_kept(client):
    assert client.post("/saved-views/", {"page": "orders", "name": "a"}).status_code == 302


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ""),
        ("status=&after=0190", ""),
        ("status=draft&q=塑编", "q=%E5%A1%91%E7%BC%96&status=draft"),
        ("b=2&a=1&a=3", "a=1&a=3&b=2"),
    ],
)
def test_filters_are_kept_in_one_form(query, kept):
    assert cleaned(query) == kept
