"""A lost token is taken off by a colleague; codes are read out in the demo, never in production."""

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from scf.core.errors import Conflict, Forbidden, NotFound
from scf.parties.demo import code_of
from scf.parties.models import User
from scf.parties.services import enrol_totp, remove_totp
from scf.workflow.models import Fact
from tests.parties.conftest import PASSWORD, person_at

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def yi(bank, chen) -> User:
    actor = person_at(bank, "bank_approver", "伊")
    user = User.objects.get(pk=actor.user_id)
    enrol_totp(user, secret=SECRET, by=chen)
    return user


def test_a_colleague_takes_it_off_and_the_sessions_end(yi, chen):
    browser = Client()
    browser.post("/accounts/login/", {"login": yi.username, "password": PASSWORD})
    browser.post("/accounts/code/", {"code": code_of(yi.username)[0]})
    assert browser.get("/accounts/security/").status_code == 200

    remove_totp(yi, by=chen)

    assert not Authenticator.objects.filter(user=yi).exists()
    assert browser.get("/accounts/security/").status_code == 302
    assert Fact.objects.filter(name="person.totp_removed", person_id=chen.person_id).exists()


def test_nobody_takes_the_own_token_off(bank, chen):
    mine = User.objects.get(pk=chen.user_id)
    enrol_totp(mine, secret=SECRET, by=chen)
    with pytest.raises(Forbidden) as refusal:
        remove_totp(mine, by=chen)
    assert refusal.value.code == "four_eyes"


def test_there_is_nothing_to_take_off_twice(yi, chen):
    remove_totp(yi, by=chen)
    with pytest.raises(NotFound):
        remove_totp(yi, by=chen)


def test_a_token_is_never_silently_replaced(yi, chen):
    with pytest.raises(Conflict) as refusal:
        enrol_totp(yi, secret=SECRET, by=chen)
    assert refusal.value.code == "totp_enrolled"


def test_the_demos_code_is_read_out(yi):
    out = StringIO()
    call_command("demo_code", yi.username, stdout=out)
    assert re.fullmatch(r"\d{6}  \(\d{1,2} s\)\n", out.getvalue())


def test_in_production_no_code_is_read_out(yi, settings):
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError, match="authenticators only"):
        call_command("demo_code", yi.username)
