"""The reader's own account: token, language, theme, sessions."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from scf.core import clock
from tests.portals.conftest import PASSWORD, SECRET, code_now, log_in, log_in_with_code

NINE = "2026-03-12 09:00:00+08:00"


def bind(client: Client) -> str:
    """Binds an authenticator as a person would; returns its secret."""
    client.get("/accounts/code/activate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/security/"})
    page = client.get("/accounts/code/activate/").content.decode()
    secret = re.search(r'<code class="hash">([A-Z2-7]{32})</code>', page)[1]
    client.post("/accounts/code/activate/", {"code": code_now(secret)})
    return secret


def test_binding_a_token_opens_the_banks_pages_and_ends_other_sessions(client, yi_without_token):
    other = Client()
    log_in(other, "yi")
    log_in(client, "yi")
    assert client.get("/b/").status_code == 404

    bind(client)

    assert client.get("/b/").status_code == 200
    assert other.get("/accounts/security/").status_code == 302


def test_the_code_that_bound_the_token_is_used_up(client, yi_without_token):
    with time_machine.travel(NINE, tick=False):
        log_in(client, "yi")
        secret = bind(client)
        second = Client()
        log_in(second, "yi")
        answer = second.post("/accounts/code/", {"code": code_now(secret)})
        assert "已经用过" in answer.content.decode()


def test_the_secret_does_not_lie_in_the_database_in_the_clear(yi):
    stored = Authenticator.objects.get(user=yi).data["secret"]
    assert SECRET not in stored
    assert stored.startswith("1:")


def test_bank_staff_cannot_take_their_token_off(client, yi):
    with time_machine.travel(NINE, tick=False) as clock:
        log_in_with_code(client, "yi")
        clock.shift(30)
        client.post("/accounts/code/again/", {"code": code_now(), "next": "/"})
        client.post("/accounts/code/deactivate/")
    assert Authenticator.objects.filter(user=yi).exists()


def test_language_and_theme_are_kept_with_the_user(client, ma):
    log_in(client, "ma")
    client.post("/preferences/", {"language": "en", "theme": "dark", "next": "/m/"})
    ma.refresh_from_db()
    assert (ma.language, ma.theme) == ("en", "dark")
    page = client.get("/m/").content.decode()
    assert 'lang="en"' in page
    assert 'data-bs-theme="dark"' in page


def test_a_visitor_chooses_the_language_too(client, db):
    answer = client.post("/preferences/", {"language": "en", "next": "/accounts/login/"})
    assert answer.headers["Location"] == "/accounts/login/"
    assert 'lang="en"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_preferences_lead_back_only_to_this_site(client, db, wanted):
    assert client.post("/preferences/", {"next": wanted}).headers["Location"] == "/"


def test_an_unknown_theme_is_refused(client, ma):
    log_in(client, "ma")
    assert client.post("/preferences/", {"theme": "pink"}).status_code == 422


CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)


def test_other_devices_are_listed_and_sent_away(client, ma):
    other = Client(headers={"user-agent": CHROME})
    log_in(other, "ma")
    UserSession.objects.update(last_seen_at=clock.now() - timedelta(days=3))
    log_in(client, "ma")
    page = client.get("/accounts/sessions/").content.decode()
    for words in ("Chrome · Linux", "未知浏览器", "127.0.0.1", "最近使用"):
        assert words in page
    assert CHROME not in page

    later = Client()  # met by another process, which does not know that it was seen
    later.cookies = other.cookies
    later.get("/m/")
    assert not UserSession.objects.filter(last_seen_at__lt=clock.now() - timedelta(days=1)).exists()
    client.post("/accounts/sessions/")
    assert other.get("/m/").status_code == 302
    assert client.get("/m/").status_code == 200


def test_a_form_without_its_token_is_refused_in_words(ma):
    strict = Client(enforce_csrf_checks=True)
    answer = log_in(strict, "ma")
    assert answer.status_code == 403
    assert "表单已过期或来源不符" in answer.content.decode()
