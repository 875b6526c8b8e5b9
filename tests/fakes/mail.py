"""Mail servers that do not take a letter, as backends of Django's settings."""

from smtplib import SMTPServerDisconnected

from django.core.mail.backends.base import BaseEmailBackend


class Refusing(BaseEmailBackend):
    """The server hangs up before it took anything."""

    def send_messages(self, email_messages: list[object]) -> int:
        raise SMTPServerDisconnected("try again later")


class Dying(BaseEmailBackend):
    """The process is killed while it talks to the server: nobody knows whether the mail left."""

    def send_messages(self, email_messages: list[object]) -> int:
        raise SystemExit
