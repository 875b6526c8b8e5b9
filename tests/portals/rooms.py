"""The cast at the pages: browsers in which somebody has logged in and shown the code."""

import time

from django.test import Client

from tests.factories.parties import user_of


def browser_of(key: str) -> Client:
    """A client in whose session this person showed password and second factor just now."""
    client = Client()
    user = user_of(key)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    at = time.time()
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": at, "username": key},
        {"method": "mfa", "at": at, "type": "totp"},
    ]
    session.save()
    return client


def text_of(answer: object) -> str:
    """The page as text."""
    return answer.content.decode()  # type: ignore[attr-defined]
