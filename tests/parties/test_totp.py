"""A token is never replaced silently; codes are read out in the demo, never in production."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scf.core.errors import Conflict
from scf.parties.models import User
from scf.parties.services import enrol_totp
from tests.parties.conftest import person_at

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def yi(bank, chen) -> User:
    actor = person_at(bank, "bank_approver", "伊")
    user = User.objects.get(pk=actor.user_id)
    enrol_totp(user, secret=SECRET, by=chen)
    return user


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
