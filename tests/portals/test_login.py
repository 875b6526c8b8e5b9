"""Logging in: by user name and password, with a code where the role needs one, and not by
guessing.
"""

import pytest
import time_machine
from django.test import Client

from scf.parties.services import set_preferences
from tests.portals.conftest import PASSWORD, code_now, log_in, log_in_with_code


def test_a_member_logs_in_and_lands_in_the_own_portal(client, ma):
    answer = log_in(client, "ma")
    assert answer.headers["Location"] == "/"
    assert client.get("/", follow=True).redirect_chain == [("/m/", 302)]


def test_bank_staff_are_not_in_before_the_code(client, yi):
    assert log_in(client, "yi").headers["Location"] == "/accounts/code/"
    assert client.get("/b/").headers["Location"].startswith("/accounts/login/")

    page = client.get("/accounts/code/").content.decode()
    assert ">动态口令</label>" in page
    assert 'inputmode="numeric"' in page

    answer = client.post("/accounts/code/", {"code": code_now()})
    assert answer.headers["Location"] == "/"
    assert client.get("/b/").status_code == 200


def test_a_code_is_used_once(client, yi):
    with time_machine.travel("2026-03-12 09:00:00+08:00", tick=False):
        log_in_with_code(client, "yi")
        second = Client()
        answer = log_in_with_code(second, "yi")
        assert answer.status_code == 200
        assert "已经用过" in answer.content.decode()
        assert second.get("/b/").status_code == 302


def test_who_is_asked_for_a_code_may_go_back_and_log_in_as_somebody_else(client, yi, ma):
    log_in(client, "yi")
    assert "换一个账户登录" in client.get("/accounts/code/").content.decode()
    client.post("/accounts/logout/", {"next": "/accounts/login/"})
    assert log_in(client, "ma").headers["Location"] == "/"


def test_what_is_sent_after_the_session_ended_is_said_to_be_lost_and_leads_back(client, ma):
    log_in(client, "ma")
    client.logout()
    page = "http://testserver/inbox/preferences/"
    answer = client.post("/inbox/preferences/", {}, headers={"referer": page})
    assert answer.headers["Location"] == "/accounts/login/?next=/inbox/preferences/"
    assert "刚才提交的内容没有办理" in client.get(answer.headers["Location"]).content.decode()
    by_htmx = client.get(
        "/inbox/bell",
        headers={"hx-request": "true", "hx-current-url": "http://testserver/orders/?q=1"},
    )
    assert by_htmx.headers["HX-Redirect"] == "/accounts/login/?next=/orders/%3Fq%3D1"


def test_who_must_keep_the_authenticator_is_not_offered_to_take_it_off(client, yi, ma):
    log_in_with_code(client, "yi")
    page = client.get("/accounts/security/").content.decode()
    assert "/accounts/code/deactivate/" not in page
    assert "由两位同事解除后重新绑定" in page


def test_bank_staff_without_a_token_may_do_nothing_but_bind_one(client, yi_without_token):
    log_in(client, "yi")
    refused = client.get("/b/")
    assert refused.status_code == 404
    assert 'href="/accounts/security/"' in refused.content.decode()
    page = client.get("/", follow=True)
    assert page.redirect_chain == [("/accounts/security/", 302)]
    assert "须先绑定动态口令" in page.content.decode()


@pytest.mark.parametrize("username", ["ma", "nobody"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_words(client, ma, username):
    answer = log_in(client, username, "wrong-password-1")
    assert "用户名或密码不正确" in answer.content.decode()


def test_after_five_failures_the_account_waits_a_quarter_of_an_hour_and_then_lets_its_owner_in(ma):
    with time_machine.travel("2026-03-12 09:00:00+08:00", tick=False) as clock:
        for number in range(5):
            log_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), "ma", "wrong-password-1")
        owner = Client(REMOTE_ADDR="10.0.1.1")
        page = log_in(owner, "ma").content.decode()
        assert "失败次数过多" in page
        assert "最迟 09:15（北京时间）后可再试" in page
        assert "请联系贵机构的管理人员或平台运营" in page

        clock.shift(15 * 60 + 1)
        assert log_in(owner, "ma").status_code == 302


def test_one_address_over_many_accounts_is_stopped(client, ma):
    for number in range(20):
        log_in(client, f"user{number}", "wrong-password-1")
    assert "失败次数过多" in log_in(client, "ma").content.decode()
    assert log_in(Client(REMOTE_ADDR="10.0.1.1"), "ma").status_code == 302


def test_guessing_codes_is_stopped(client, yi):
    log_in(client, "yi")
    for _attempt in range(5):
        client.post("/accounts/code/", {"code": "000000"})
    answer = client.post("/accounts/code/", {"code": code_now()})
    assert answer.status_code == 200
    assert client.get("/b/").status_code == 302


def test_the_session_id_changes_at_login(client, ma):
    client.get("/accounts/login/")
    client.cookies["sessionid"] = "fixed-by-an-attacker-0123456789ab"
    log_in(client, "ma")
    assert client.cookies["sessionid"].value != "fixed-by-an-attacker-0123456789ab"


def test_a_new_password_ends_every_other_session(client, ma):
    other = Client()
    log_in(other, "ma")
    log_in(client, "ma")
    new = "another-2026-yuan"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert client.get("/m/").status_code == 200
    assert other.get("/m/").status_code == 302


@pytest.mark.parametrize(
    "address", ["/accounts/signup/", "/accounts/email/", "/accounts/phone/", "/admin/"]
)
def test_there_is_no_sign_up_no_list_of_addresses_and_no_admin(client, db, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/e/", "/b/", "/o/"])
def test_another_kinds_portal_does_not_exist(client, ma, address):
    log_in(client, "ma")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/", "/m/", "/e/", "/b/", "/o/"])
def test_before_login_every_portal_leads_to_the_login_page(client, db, address):
    assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"


def test_login_does_not_lead_to_another_site(client, ma):
    answer = client.post(
        "/accounts/login/?next=https://evil.example/", {"login": "ma", "password": PASSWORD}
    )
    assert "evil" not in answer.headers["Location"]


def test_a_user_who_was_switched_off_is_out_at_once(client, ma):
    log_in(client, "ma")
    ma.is_active = False
    ma.save(update_fields=["is_active"])
    assert client.get("/m/").status_code == 302


def test_the_language_is_the_users_and_not_the_browsers(client, ma):
    page = client.get("/accounts/login/", headers={"accept-language": "en"})
    assert '<html lang="zh-hans"' in page.content.decode()
    set_preferences(ma, language="en")
    log_in(client, "ma")
    assert '<html lang="en"' in client.get("/m/").content.decode()
