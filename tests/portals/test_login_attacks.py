"""What somebody tries who wants in as another: each is tried here, none leads in."""

import time

import pytest
import time_machine
from django.test import Client

from scf.core.actor import SYSTEM
from scf.notifications.services import tell
from scf.parties.services import set_mail_address
from scf.workflow.models import Fact
from tests.portals.conftest import PASSWORD, SECRET, code_now, log_in, log_in_with_code

NINE = "2026-03-12 09:00:00+08:00"
LOCKED = "失败次数过多"


def test_failures_count_for_the_login_under_whatever_name_and_port_of_the_site(ma):
    hosts = ["127.0.0.1:1", "127.0.0.1:2", "localhost:3", "localhost", "testserver:5"]
    for number, host in enumerate(hosts):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}", headers={"host": host})
        log_in(client, "ma", "wrong-password-1")
    assert LOCKED in log_in(Client(REMOTE_ADDR="10.0.1.1"), "ma").content.decode()


def test_failures_count_together_however_the_name_is_typed(ma):
    for number, name in enumerate(["MA", "Ma", " ma ", "\u3000ma", "ｍａ"]):
        log_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), name, "wrong-password-1")
    assert LOCKED in log_in(Client(REMOTE_ADDR="10.0.1.1"), "ma").content.decode()


def test_a_name_that_nobody_has_is_locked_like_one_that_somebody_has(ma):
    for name in ("ma", "nobody"):
        for number in range(5):
            log_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), name, "wrong-password-1")
        assert LOCKED in log_in(Client(REMOTE_ADDR="10.0.1.1"), name).content.decode()


def test_a_header_that_names_another_address_is_not_believed(ma, settings):
    for number in range(20):
        client = Client(headers={"x-forwarded-for": f"10.9.0.{number}"})
        log_in(client, f"user{number}", "wrong-password-1")
    late = Client(headers={"x-forwarded-for": "10.9.9.9"})
    assert LOCKED in log_in(late, "ma").content.decode()
    # Behind a proxy of ours its last word counts, and only that.
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    behind = Client(headers={"x-forwarded-for": "127.0.0.1, 10.9.9.9"})
    assert log_in(behind, "ma").status_code == 302


def test_an_own_login_in_between_does_not_give_an_address_new_tries(ma, yi):
    for number in range(19):
        log_in(Client(), f"user{number}", "wrong-password-1")
    assert log_in_with_code(Client(), "yi").headers["Location"] == "/"
    log_in(Client(), "user19", "wrong-password-1")
    assert LOCKED in log_in(Client(), "ma").content.decode()


def test_a_code_is_used_once_also_half_a_minute_later(yi):
    with time_machine.travel(NINE, tick=False) as clock:
        code = code_now()
        first = Client()
        log_in(first, "yi")
        first.post("/accounts/code/", {"code": code})
        assert first.get("/b/").status_code == 200
        for seconds in (31, 28):
            clock.shift(seconds)
            again = Client()
            log_in(again, "yi")
            again.post("/accounts/code/", {"code": f"{code[:3]} {code[3:]}"})
            assert again.get("/b/").status_code == 302, seconds


def test_a_code_shown_at_login_proves_nothing_a_second_time(client, yi):
    with time_machine.travel(NINE, tick=False) as clock:
        code = code_now()
        log_in(client, "yi")
        client.post("/accounts/code/", {"code": code})
        clock.shift(35)
        answer = client.post("/accounts/code/again/", {"code": code, "next": "/b/"})
        assert "已经用过" in answer.content.decode()


def test_guessing_codes_is_stopped_across_sessions_and_addresses_and_its_owner_is_told(yi):
    set_mail_address(yi, mail="yi@yuanfan.example", by=SYSTEM)
    for number in range(6):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        log_in(client, "yi")
        client.post("/accounts/code/", {"code": "000000"})
    late = Client(REMOTE_ADDR="10.0.1.1")
    log_in(late, "yi")
    assert LOCKED in late.post("/accounts/code/", {"code": code_now()}).content.decode()
    assert late.get("/b/").status_code == 302

    tell(list(Fact.objects.order_by("pk")))
    names = list(Fact.objects.values_list("name", flat=True))
    assert names.count("person.code_guessed") == 1


def test_the_second_factor_cannot_be_walked_around(yi):
    client = Client()
    log_in(client, "yi")
    for address in ("/", "/b/", "/accounts/security/", "/accounts/code/recovery/",
                    "/accounts/code/activate/", "/accounts/password/change/"):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/accounts/"), address
    # Nor does a password stand in for the code where one has to prove again who one is.
    log_in_with_code(client, "yi")
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/b/"})
    assert answer.headers["Location"].startswith("/accounts/code/again/")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "http://localhost:9/",
        "/%09/evil.example",
    ],
)
def test_no_next_leads_to_another_site(ma, wanted):
    client = Client()
    given = {"login": "ma", "password": PASSWORD, "next": wanted}
    found = [client.post("/accounts/login/", given)]
    found.append(client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": wanted}))
    found.append(client.post("/accounts/logout/", {"next": wanted}))
    for answer in found:
        place = answer.headers.get("Location", "/")
        assert place.startswith("/"), place
        assert not place.startswith(("//", "/\\", "/\t")), place
        assert "evil" not in place.partition("?")[0].replace("%09/evil.example", ""), place


def test_a_foreign_host_is_refused(ma):
    answer = Client(raise_request_exception=False, headers={"host": "evil.example"}).get(
        "/accounts/login/"
    )
    assert answer.status_code == 400


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(client, ma, settings):
    client.get("/accounts/login/")
    log_in(client, "ma")
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
    assert settings.SESSION_COOKIE_SECURE == settings.CSRF_COOKIE_SECURE == settings.SECURE_COOKIES


def test_logging_out_takes_a_form_of_ours(ma):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ma, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post("/accounts/logout/").status_code == 403
    client.get("/accounts/logout/")
    assert client.get("/m/").status_code == 200


def test_a_password_takes_as_long_to_refuse_as_a_name_that_nobody_has(ma, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    ma.set_password(PASSWORD)
    ma.save()

    def seconds(name: str) -> float:
        took = []
        for number in range(3):
            client = Client(REMOTE_ADDR=f"10.0.{len(name)}.{number}")
            begin = time.perf_counter()
            log_in(client, name, "wrong-password-1")
            took.append(time.perf_counter() - begin)
        return min(took)

    known, unknown = seconds("ma"), seconds("nobody")
    assert 0.5 < known / unknown < 2, (known, unknown)
    assert SECRET  # the cast's authenticators play no part before the password is right
