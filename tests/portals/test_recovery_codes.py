"""Recovery codes: shown once, each good once, told of, and dead when new ones are made."""

import re

import pytest
from django.core import mail
from django.test import Client

from scf.core.actor import SYSTEM
from scf.notifications.selectors import list_inbox
from scf.notifications.services import send_due, tell
from scf.notifications.wording import said_of
from scf.parties.models import User
from scf.parties.selectors import actor_for, count_recovery_codes
from scf.parties.services import set_mail_address
from scf.workflow.models import Fact
from tests.portals.conftest import PASSWORD, code_now, log_in
from tests.portals.test_account import bind

HERE = "/accounts/code/recovery/"


def codes_on(page: str) -> list[str]:
    return [code.replace(" ", "") for code in re.findall(r"<li>(\d{4} \d{4})</li>", page)]


def made(client: Client, *, kind: str = "yi") -> list[str]:
    """Logs in, binds an authenticator and reads the codes off the page they are shown on."""
    log_in(client, kind)
    bind(client)
    return codes_on(client.get(HERE).content.decode())


def told(user: User) -> list[str]:
    tell(list(Fact.objects.order_by("pk")))
    return [said.title for said in said_of(list(list_inbox(by=actor_for(user))))]


def full_width(code: str) -> str:
    """As a Chinese keyboard writes it."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in code)


def with_code(username: str, code: str) -> Client:
    client = Client()
    log_in(client, username)
    client.post("/accounts/code/", {"code": code})
    return client


def test_binding_an_authenticator_shows_ten_codes_once_and_as_a_file(client, yi_without_token):
    log_in(client, "yi")
    bind(client)
    page = client.get(HERE)
    assert len(set(codes_on(page.content.decode()))) == 10
    assert 'href="data:text/plain;charset=utf-8,scf%20%C2%B7%20yi' in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]

    again = client.get(HERE).content.decode()
    assert codes_on(again) == []
    assert "data:text/plain" not in again
    assert "还有 10 个未用的恢复码" in again
    assert "还有 10 个未用（共 10 个）" in client.get("/accounts/security/").content.decode()


def test_a_recovery_code_opens_the_bank_once_and_its_owner_is_told(client, yi_without_token):
    codes = made(client)
    set_mail_address(yi_without_token, mail="yi@yuanfan.example", by=SYSTEM)
    thief = with_code("yi", f"{codes[0][:4]} {codes[0][4:]}")
    assert thief.get("/b/").status_code == 200
    assert with_code("yi", codes[0]).get("/b/").status_code == 302
    assert count_recovery_codes(yi_without_token) == 9

    assert told(yi_without_token)[0] == "您的登录用了一个恢复码，还剩 9 个"
    send_due()
    assert ["yi@yuanfan.example"] in [letter.to for letter in mail.outbox]
    item = list_inbox(by=actor_for(yi_without_token)).first()
    assert client.get(f"/inbox/{item.pk}/").headers["Location"] == "/accounts/security/"
    # What was used is written nowhere.
    assert codes[0] not in str(list(Fact.objects.values_list("details", flat=True)))


def test_full_width_digits_are_the_same_code_and_open_once(client, yi_without_token):
    log_in(client, "yi")
    secret = bind(client)
    codes = codes_on(client.get(HERE).content.decode())
    assert with_code("yi", full_width(codes[0])).get("/b/").status_code == 200
    assert with_code("yi", codes[0]).get("/b/").status_code == 302
    later = code_now(secret, steps=1)
    assert with_code("yi", full_width(later)).get("/b/").status_code == 200
    assert with_code("yi", later).get("/b/").status_code == 302


def test_an_authenticator_is_bound_with_full_width_digits(client, yi_without_token):
    log_in(client, "yi")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/security/"})
    page = client.get("/accounts/code/activate/").content.decode()
    secret = re.search(r'<code class="hash">([A-Z2-7]{32})</code>', page)[1]
    client.post("/accounts/code/activate/", {"code": full_width(code_now(secret))})
    assert client.get("/b/").status_code == 200


def test_a_recovery_code_stands_in_where_a_code_is_asked_again(client, yi_without_token):
    codes = made(client)
    answer = client.post("/accounts/code/again/", {"code": codes[3], "next": "/b/"})
    assert answer.headers["Location"] == "/b/"
    answer = client.post("/accounts/code/again/", {"code": codes[3], "next": "/b/"})
    assert "恢复码每个只能用一次" in answer.content.decode()


def test_new_codes_kill_the_old_ones_and_are_told_of(client, yi_without_token):
    old = made(client)
    assert client.post(f"{HERE}again/").headers["Location"] == HERE
    new = codes_on(client.get(HERE).content.decode())
    assert len(set(new) - set(old)) == 10
    assert with_code("yi", old[1]).get("/b/").status_code == 302
    assert with_code("yi", new[1]).get("/b/").status_code == 200
    assert "您的恢复码已重新生成，原来的全部作废" in told(yi_without_token)


def test_the_first_codes_of_an_older_login_are_no_new_ones(yi, client):
    log_in(client, "yi")
    client.post("/accounts/code/", {"code": code_now()})
    client.post("/accounts/code/again/", {"code": code_now(steps=1), "next": "/b/"})
    client.post(f"{HERE}again/")
    assert count_recovery_codes(yi) == 10
    assert told(yi) == ["您的恢复码已生成"]


def test_new_codes_need_a_fresh_proof_of_who_asks(yi, client, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    log_in(client, "yi")
    client.post("/accounts/code/", {"code": code_now()})
    answer = client.post(f"{HERE}again/")
    assert answer.headers["Location"].startswith("/accounts/code/again/")
    assert count_recovery_codes(yi) is None


@pytest.mark.parametrize("guess", ["00000000", "", "٠١٢٣٤٥٦٧", "1" * 400])
def test_a_guess_is_refused_and_counts_as_a_failure(client, yi_without_token, guess):
    codes = made(client)
    other = Client()
    log_in(other, "yi")
    for _attempt in range(6):
        other.post("/accounts/code/", {"code": guess})
    assert other.get("/b/").status_code == 302
    is_locked = with_code("yi", codes[0]).get("/b/").status_code == 302
    assert is_locked == bool(guess)  # what is empty is no guess


def test_a_member_who_takes_the_authenticator_off_has_no_codes_left(client, ma):
    made(client, kind="ma")
    assert count_recovery_codes(ma) == 10
    client.post("/accounts/code/deactivate/")
    assert count_recovery_codes(ma) is None
    assert log_in(Client(), "ma", PASSWORD).headers["Location"] == "/"
