"""The mail server of the settings, as one address."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from scf.config.environment import MailServer, mail_server

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://u%40x:p%2Fw@mail.example",
         MailServer(SMTP, "mail.example", 587, "u@x", "p/w", starts_tls=True)),
        ("smtp://mail.example:25?tls=0", MailServer(SMTP, "mail.example", 25)),
        ("smtps://mail.example", MailServer(SMTP, "mail.example", 465, is_tls=True)),
        ("console:", MailServer("django.core.mail.backends.console.EmailBackend")),
        ("file:", MailServer("django.core.mail.backends.filebased.EmailBackend")),
        ("", MailServer("django.core.mail.backends.dummy.EmailBackend")),
    ],
)  # fmt: skip
def test_a_server_is_read_from_its_address(url, server):
    assert mail_server(url) == server


@pytest.mark.parametrize("url", ["imap://mail.example", "smtp:", "mail.example:25"])
def test_what_is_no_mail_server_stops_the_start(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail_server(url)
