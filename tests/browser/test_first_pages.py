"""The first pages a person sees, on a desk and on a phone, in light and dark, without scripts
too.
"""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.desk import SIZES, follow
from tests.portals.conftest import PASSWORD, login_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ma(transactional_db):
    return login_of("ma", kind="member", role="member_maker", name="马")


@pytest.fixture
def yi(transactional_db):
    return login_of("yi", kind="bank", role="bank_approver", name="伊", with_totp=True)


def test_the_login_page(page: Page, look):
    page.goto("/accounts/login/")
    assert page.title().startswith("登录")
    look("login")


def test_a_wrong_password_is_said_at_the_form(page: Page, look, ma):
    page.goto("/accounts/login/")
    page.fill("[name=login]", "ma")
    page.fill("[name=password]", "wrong-password-1")
    follow(page, "main button")
    assert "用户名或密码不正确" in page.inner_text("main")
    look("login-refused")


def test_a_member_comes_home_and_turns_the_light_off(login, look, ma):
    page = login("ma")
    assert "云岫金禾塑编有限公司" in page.inner_text("h1")
    look("home-member")

    page.click("details.menu summary")
    look("menu")
    with page.expect_navigation():
        page.select_option("#theme", "dark")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    look("home-member-dark")


def test_bank_staff_come_home_with_their_code(login, look, yi):
    page = login("yi", with_code=True)
    assert "临洲远帆商业银行" in page.inner_text("h1")
    look("home-bank")
    page.goto("/accounts/security/")
    look("security")


def test_the_pages_speak_english(login, look, ma):
    page = login("ma")
    page.click("details.menu summary")
    follow(page, "button[name=language][value=en]")
    assert page.get_attribute("html", "lang") == "en"
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in page.inner_text(".demo"))
    look("home-english")


def test_a_page_that_does_not_exist(login, look, ma):
    page = login("ma")
    assert page.goto("/b/").status == 404
    look("not-found")


def test_the_public_verification(page: Page, look):
    page.goto("/verify/")
    look("verify-ask")
    page.fill("[name=number]", "HD20260312-2222222222")
    follow(page, "main button")
    assert "没有编号为 HD20260312-2222222222 的单据" in page.inner_text("main")


def test_login_and_menu_work_without_scripts(browser: Browser, live_server, ma):
    context = browser.new_context(
        viewport=SIZES["phone"], base_url=live_server.url, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", "ma")
    page.fill("[name=password]", PASSWORD)
    follow(page, "main button")
    page.click("details.menu summary")
    follow(page, "text=退出登录")
    assert page.url.endswith("/accounts/login/?next=/") or page.url.endswith("/accounts/login/")
    context.close()
