"""The demo says who may log in, and what their authenticators show."""

import io
import json

import pytest
from allauth.mfa.totp.internal.auth import validate_totp_code
from django.core.management import CommandError, call_command

from scf.rehearsal.cast import PASSWORD, PEOPLE, needs_totp, totp_secret
from scf.rehearsal.people import user_of


def said(*words):
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_table_names_every_login_that_is_there():
    for key in ("luo", "ma"):
        user_of(key)

    rows = {row["user"]: row for row in json.loads(said("demo_logins", "--json"))}

    assert set(rows) == {"luo", "ma"}
    assert rows["luo"]["totp_secret"] == totp_secret("luo")
    assert (rows["ma"]["totp_secret"], rows["ma"]["portal"]) == (None, "member")
    assert user_of("ma").check_password(PASSWORD)


@pytest.mark.django_db
def test_the_code_is_the_one_the_login_asks_for():
    user_of("luo")

    assert validate_totp_code(totp_secret("luo"), said("demo_code", "luo").split()[0])


@pytest.mark.django_db
def test_who_has_no_authenticator_gets_no_code():
    user_of("ma")
    with pytest.raises(CommandError):
        said("demo_code", "ma")


def test_in_production_there_are_neither_logins_nor_codes(settings):
    settings.IS_PRODUCTION = True
    for words in (("demo_logins",), ("demo_code", "luo")):
        with pytest.raises(CommandError):
            said(*words)


def test_bank_and_operator_alone_carry_authenticators():
    assert {PEOPLE[key].at for key in PEOPLE if needs_totp(key)} == {
        "yuanfan", "dongling", "platform",
    }  # fmt: skip
