"""The adapters of the ways to a person. A new channel is a function that takes a letter."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.mail import EmailMessage

from scf.notifications.models import Channel


@dataclass(frozen=True)
class Letter:
    """A message as it leaves: to whom, about what, and an id that is its own for good."""

    message_id: str
    to: str
    subject: str
    text: str


Send = Callable[[Letter], None]


def send_mail(letter: Letter) -> None:
    """Hand a letter to the mail server of the settings. Raises SMTPException or OSError."""
    EmailMessage(
        subject=letter.subject,
        body=letter.text,
        to=[letter.to],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    ).send()


CHANNELS: dict[Channel, Send] = {Channel.MAIL: send_mail}
