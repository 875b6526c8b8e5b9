"""The bank's review screen as the one who works there all day uses it: keys, drafts, figures."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from scf.financing.access import content_hash
from scf.financing.models import Application
from scf.financing.services import (
    recommend_application,
    resubmit_application,
    return_application,
)
from tests.browser.desk import SIZES, follow
from tests.browser.test_rooms import as_  # noqa: F401 - a fixture
from tests.factories.parties import somebody
from tests.portals.rooms import browser_of
from tests.portals.test_applications import submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.fixture
def application(_documents_root, transactional_db) -> Application:
    """Returned once, and handed in again with a purpose."""
    application = submitted()
    note = "请写明送货地点"
    return_application(application.pk, codes=["papers_missing"], note=note, by=somebody("zhou"))
    return resubmit_application(application.pk, purpose="采购树脂，发往云岫仓库", by=somebody("ma"))


def review(application: Application) -> str:
    return f"/deals/{application.deal_id}/review"


def is_open(page: Page, dialog: str) -> bool:
    return page.evaluate(f"document.getElementById('{dialog}').open")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.name || document.activeElement.tagName")


def recommended(application: Application) -> None:
    application.refresh_from_db()
    seen = content_hash(application)
    recommend_application(application.pk, seen=seen, opinion="贸易背景真实", by=somebody("zhou"))


def test_the_screen_is_readable_with_all_it_shows(as_, look: Callable[[str], None], application):  # noqa: F811
    page = as_("zhou")
    page.goto(review(application))
    assert "退回后的变化" in page.inner_text("main")
    look("review-since-return")
    page.emulate_media(color_scheme="dark")
    look("review-since-return-dark")
    page.emulate_media(color_scheme="light")
    follow(page, "button[name=figures][value=wan]")
    page.wait_for_selector("main >> text=80.00 万")
    look("review-wan")
    page.goto("/applications/?status=in_review")
    page.click("text=保存当前筛选")
    page.fill("#saved_view_name", "等我审查")
    look("list-saved-views")
    follow(page, ".saved-views button:has-text('保存')")
    page.wait_for_selector(".saved-view a[aria-current=page]")
    look("list-saved-view-here")


def test_keys_open_what_they_say_and_never_while_typing(as_, look, application, size):  # noqa: F811
    recommended(application)
    page = as_("yi")
    page.goto(review(application))
    page.keyboard.press("a")
    assert is_open(page, "keys-decide")
    assert "800,000.00" in page.inner_text("#keys-decide")
    look("keys-decide")
    page.keyboard.press("j")  # the dialog has the keys now
    page.keyboard.press("Escape")
    assert not is_open(page, "keys-decide")

    page.focus("[name=note]")
    page.keyboard.type("a?/jkr")
    assert page.input_value("[name=note]") == "a?/jkr"
    assert not is_open(page, "keys-decide")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+a")
    assert not is_open(page, "keys-decide")

    page.keyboard.press("r")
    assert focused(page) in {"refusal-codes", "back-note"}
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert is_open(page, "keys-help")
    look("keys-help")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    assert not is_open(page, "keys-decide")
    page.reload()
    page.keyboard.press("a")
    assert not is_open(page, "keys-decide")


def test_the_dialog_sends_the_approval_with_what_was_shown_and_the_note(as_, application):  # noqa: F811
    recommended(application)
    page = as_("yi")
    page.goto(review(application))
    page.fill("[name=note]", "agreed")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("a")
    with page.expect_request("**/approve") as sent:
        page.click("#keys-decide [data-yes]")
    application.refresh_from_db()
    assert f"seen={content_hash(application)}" in sent.value.post_data
    assert "note=agreed" in sent.value.post_data


def test_search_and_rows_by_key(as_, application):  # noqa: F811
    page = as_("zhou")
    page.goto(review(application))
    with page.expect_navigation():
        page.keyboard.press("/")
    page.wait_for_selector("[name=q]:focus")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == application.number
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/deals/{application.deal_id}/")


def test_a_draft_survives_a_closed_page_and_is_forgotten_at_logout(as_, application, context):  # noqa: F811
    page = as_("zhou")
    page.goto(review(application))
    drafted = page.input_value("[name=opinion]")
    page.fill("[name=opinion]", "核对了三份合同，")
    page.goto("/applications/")
    page.goto(review(application))
    assert page.input_value("[name=opinion]") == "核对了三份合同，"
    page.click("text=丢弃草稿")
    assert page.input_value("[name=opinion]") == drafted
    page.reload()
    assert page.input_value("[name=opinion]") == drafted

    page.fill("[name=opinion]", "还没写完")
    assert page.evaluate("Object.keys(localStorage).some(key => key.startsWith('scf-draft:'))")
    page.click("details.menu summary")
    follow(page, "form[action$='logout/'] button")
    assert not page.evaluate("Object.keys(localStorage).some(key => key.startsWith('scf-draft:'))")


def test_a_draft_of_an_older_version_is_not_put_into_the_next(as_, application):  # noqa: F811
    page = as_("zhou")
    page.goto(review(application))
    page.fill("[name=opinion]", "对第二轮的意见")
    return_application(application.pk, codes=["other"], note="再补", by=somebody("zhou"))
    resubmit_application(application.pk, purpose="第三轮", by=somebody("ma"))
    page.reload()
    assert "对第二轮的意见" not in page.input_value("[name=opinion]")


def test_the_unit_of_figures_is_chosen_without_scripts(browser: Browser, live_server, application):
    context = browser.new_context(
        viewport=SIZES["phone"], base_url=live_server.url, java_script_enabled=False
    )
    session = browser_of("zhou").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(review(application))
    follow(page, "button[name=figures][value=wan]")
    assert "80.00 万" in page.inner_text("main")
    assert page.get_attribute("main .facts span[title]", "title") == "1,000,000.00 元"
    context.close()
