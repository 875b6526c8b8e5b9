"""The cast before the pages: logged in through the real login, each in a browser of their own."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from scf.rehearsal.cast import PASSWORD, needs_totp, totp_secret
from scf.rehearsal.people import user_of

CAST = ("chen", "zhou", "yi", "luo", "shen", "wei", "lan", "ku", "bai", "ma", "nuo", "he")
STRANGERS = ("sly", "tian", "yuan", "opal")


def code_of(key: str, *, ahead: int = 0) -> str:
    """What the person's authenticator shows now, or so many time steps (30 s) later."""
    return format_hotp_value(hotp_value(totp_secret(key), int(time.time()) // 30 + ahead))


def logged_in(key: str) -> Client:
    """A browser in which this person has logged in, bank staff with their code."""
    user_of(key)
    client = Client()
    client.post("/accounts/login/", {"login": key, "password": PASSWORD})
    if needs_totp(key):
        client.post("/accounts/code/", {"code": code_of(key)})
    return client
