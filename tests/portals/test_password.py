"""A forgotten password: by a mailed link, or by what two colleagues hand over."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from scf.core import clock
from scf.core.actor import SYSTEM
from scf.notifications.services import send_due, tell
from scf.parties.models import User
from scf.parties.services import (
    answer_resets,
    create_person,
    create_user,
    grant_role,
    set_mail_address,
)
from scf.rehearsal.cast import PASSWORD as CAST_PASSWORD
from scf.workflow.models import Fact
from tests.factories.parties import party, user_of
from tests.portals.conftest import PASSWORD, code_now, log_in
from tests.portals.rooms import browser_of, text_of

ASK = "/accounts/password/reset/"
PEOPLE = "/organization/people/"
RECOVER = "/accounts/password/recover/"
NEW = "xin-mima-2026-cui"
MAIL = "yi@yuanfan.example"


def asked(mail_address: str, client: Client | None = None):
    return (client or Client()).post(ASK, {"email": mail_address})


def mailed() -> list[str]:
    """The links that left, after the pumps had their turn."""
    answer_resets()
    tell(list(Fact.objects.order_by("pk")))
    send_due()
    bodies = [letter.body for letter in mail.outbox]
    return [link for body in bodies for link in re.findall(r"\S+/password/reset/key/\S+", body)]


def set_new(link: str, password: str = NEW):
    browser = Client()
    page = browser.get(link.partition("8000")[2], follow=True)
    where = page.request["PATH_INFO"]
    return browser.post(where, {"password1": password, "password2": password})


@pytest.fixture
def yi_with_mail(yi) -> User:
    return set_mail_address(yi, mail=MAIL, by=SYSTEM)


def test_a_mailed_link_sets_a_new_password_once_and_the_code_is_still_asked(yi_with_mail):
    elsewhere = Client()
    log_in(elsewhere, "yi")
    elsewhere.post("/accounts/code/", {"code": code_now()})
    assert elsewhere.get("/b/").status_code == 200

    asked(MAIL.upper())
    (link,) = mailed()
    assert link.startswith("http://127.0.0.1:8000/accounts/password/reset/key/")
    assert set_new(link).headers["Location"] == "/accounts/password/reset/done/"

    assert elsewhere.get("/b/").status_code == 302
    browser = Client()
    assert log_in(browser, "yi", NEW).headers["Location"] == "/accounts/code/"
    assert browser.get("/b/").status_code == 302
    assert set_new(link, "noch-ein-neues-2026").status_code == 200  # used: no form, no change
    yi_with_mail.refresh_from_db()
    assert yi_with_mail.check_password(NEW)
    mailed()
    assert mail.outbox[-1].subject == "您的登录密码已重设，其他登录已全部退出"


def test_the_answer_is_the_same_whether_a_login_has_the_address_or_not(yi_with_mail):
    known, unknown = asked(MAIL), asked("nobody@yuanfan.example")
    assert known.headers["Location"] == unknown.headers["Location"] == f"{ASK}sent/"
    assert known.content == unknown.content
    assert len(mailed()) == 1
    assert {tuple(letter.to) for letter in mail.outbox} == {(MAIL,)}


def test_a_link_holds_for_half_an_hour(yi_with_mail):
    asked(MAIL)
    (link,) = mailed()
    with time_machine.travel(time.time() + 31 * 60):
        page = Client().get(link.partition("8000")[2])
    assert "这个链接已用过、已过期，或不完整" in page.content.decode()


def test_a_weak_password_is_refused_in_words_and_the_link_still_holds(yi_with_mail):
    asked(MAIL)
    (link,) = mailed()
    assert "密码至少 10 位" in set_new(link, "kurz").content.decode()
    assert set_new(link).status_code == 302


def test_asking_again_and_again_is_stopped(yi_with_mail):
    browser = Client()
    assert [asked(MAIL, browser).status_code for _attempt in range(4)] == [302, 302, 302, 429]
    assert asked("nobody@yuanfan.example", browser).status_code == 302


def test_who_was_locked_out_logs_in_at_once_with_the_new_password(yi_with_mail):
    for number in range(5):
        log_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), "yi", "wrong-password-1")
    asked(MAIL)
    set_new(mailed()[0])
    assert log_in(Client(), "yi", NEW).headers["Location"] == "/accounts/code/"


def test_a_login_that_was_switched_off_gets_no_link(yi_with_mail):
    User.objects.update(is_active=False)
    asked(MAIL)
    assert mailed() == []


def test_another_address_needs_a_fresh_proof_and_the_old_one_is_told(client, ma):
    set_mail_address(ma, mail="ma@jinhe.example", by=SYSTEM)
    log_in(client, "ma")
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        answer = client.post("/inbox/preferences/", {"mail": "thief@evil.example"})
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
        ma.refresh_from_db()
        assert ma.email == "ma@jinhe.example"
        client.post(answer.headers["Location"], {"password": PASSWORD})
    ma.refresh_from_db()
    assert ma.email == "thief@evil.example"
    mailed()
    assert ["ma@jinhe.example"] in [letter.to for letter in mail.outbox]


def test_without_a_mail_server_the_page_says_who_helps(client, db, settings):
    settings.MAIL_IS_ON = False
    page = client.get(ASK).content.decode()
    assert "本平台没有设置邮件服务器" in page
    assert "/accounts/password/recover/" in page


def half_on(page: str) -> str:
    return re.search(r'id="half">(\S{4}) (\S{4})<', page).expand(r"\1\2")


@pytest.fixture
def second_signer(db) -> Client:
    """Another signer at the organization of Lan and Wei, at a browser of their own."""
    for key in ("lan", "wei"):
        user_of(key)
    person = create_person("柏", by=SYSTEM)
    create_user(person.pk, username="bo", password=PASSWORD, by=SYSTEM)
    role = "enterprise_signer"
    grant_role(party("hengyan").pk, person_id=person.pk, role=role, by=SYSTEM)
    return browser_of("bo")


def test_two_colleagues_hand_over_a_half_each_and_the_person_sets_a_new_password(second_signer):
    wei, lan = Client(), browser_of("lan")
    log_in(wei, "wei", CAST_PASSWORD)
    assert wei.get(PEOPLE).status_code == 404
    given = {"user": user_of("wei").pk, "lost": "password", "reason": "忘记密码，当面核对"}
    answer = lan.post(PEOPLE, given)
    assert answer.headers["Cache-Control"] == "no-store"
    first = half_on(text_of(answer))
    assert "另一人确认后一天内有效" in text_of(answer)
    page = text_of(lan.get(PEOPLE))
    assert first not in page
    assert "/confirm" not in page  # who asked is offered to take it back only

    assert wei.get("/e/").status_code == 200
    where = re.search(rf"{PEOPLE}\S+/confirm", text_of(second_signer.get(PEOPLE)))[0]
    confirmed = text_of(second_signer.post(where))
    second = half_on(confirmed)
    assert "从现在起一天内有效" in confirmed
    assert wei.get("/e/").status_code == 302

    typed = {"username": "wei", "first": first, "second": second}
    passwords = {"password1": NEW, "password2": NEW}
    wrong = Client().post(RECOVER, {**typed, "second": first, **passwords})
    assert "用户名或重设码不正确" in text_of(wrong)
    unlike = Client().post(RECOVER, {**typed, **passwords, "password2": "x"})
    assert "两次输入的密码不一致" in text_of(unlike)
    short = Client().post(RECOVER, {**typed, "password1": "kurz", "password2": "kurz"})
    assert "密码至少 10 位" in text_of(short)
    done = Client().post(RECOVER, {**typed, **passwords})
    assert done.headers["Location"] == "/accounts/login/"
    assert log_in(Client(), "wei", NEW).headers["Location"] == "/"


def test_guessing_a_code_is_stopped(second_signer):
    typed = {"username": "wei", "first": "A" * 8, "second": "A" * 8}
    passwords = {"password1": NEW, "password2": NEW}
    answers = [
        Client(REMOTE_ADDR=f"10.0.0.{number}").post(RECOVER, {**typed, **passwords}).status_code
        for number in range(6)
    ]
    assert answers == [400] * 5 + [429]


def test_a_weak_password_is_no_try_at_the_code(second_signer):
    typed = {"username": "wei", "first": "A" * 8, "second": "A" * 8}
    weak = {"password1": "kurz", "password2": "kurz"}
    for _often in range(7):
        answer = Client().post(RECOVER, {**typed, **weak})
        assert answer.status_code == 400
    assert "密码至少 10 位" in text_of(answer)


def test_the_second_person_finds_the_request_in_the_inbox_until_somebody_answered(second_signer):
    user = user_of("wei")
    given = {"user": user.pk, "lost": "password", "reason": "忘记密码"}
    browser_of("lan").post(PEOPLE, given)
    mailed()
    page = text_of(second_signer.get("/inbox/"))
    assert "帮 韦 恢复登录的申请等您确认" in page
    item = re.search(r"/inbox/[0-9a-f-]{36}/", page)[0]
    assert second_signer.get(item).headers["Location"] == PEOPLE
    where = re.search(rf"{PEOPLE}\S+/refuse", text_of(second_signer.get(PEOPLE)))[0]
    second_signer.post(where)
    mailed()
    assert "已办结" in text_of(second_signer.get("/inbox/"))


def test_the_operator_confirms_where_there_is_one_manager_and_sees_whose_it_is(db):
    for key in ("nuo", "ma"):
        user_of(key)
    opal = browser_of("opal")
    given = {"user": user_of("ma").pk, "lost": "password", "reason": "忘记密码"}
    browser_of("nuo").post(PEOPLE, given)
    page = text_of(opal.get(PEOPLE))
    assert party("jinhe").short_name in page
    where = re.search(rf"{PEOPLE}\S+/confirm", page)[0]
    assert half_on(text_of(opal.post(where)))
    assert opal.get(f"{PEOPLE}?organization={party('jinhe').pk}").status_code == 200
    assert browser_of("nuo").post(where).status_code in (403, 409)
