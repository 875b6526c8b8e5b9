"""Reads out the mail of the demo, which leaves no machine: each lies in a file."""

from argparse import ArgumentParser
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Print the newest mail written under EMAIL_URL=file: (the demo's way); newest last."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``[--to ADDRESS] [--count N]``."""
        parser.add_argument("--to", default="", help="only mail to this address")
        parser.add_argument("--count", type=int, default=1)

    def handle(self, *_args: Any, **options: Any) -> None:
        """To, subject and text of each."""
        if not settings.EMAIL_FILE_PATH:
            raise CommandError("mail is not written to files here: EMAIL_URL is not file:")
        files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda each: each.name)
        letters = [_read(each) for each in files]
        wanted = [each for each in letters if options["to"] in ("", each["To"])]
        if not wanted:
            raise CommandError("no such mail yet: the worker sends it within seconds")
        for each in wanted[-options["count"] :]:
            self.stdout.write(f"To: {each['To']}\n{each['Subject']}\n\n{each.get_content()}")


def _read(path: Path) -> EmailMessage:
    # The backend ends each mail of a file with a line of dashes.
    letter = message_from_bytes(path.read_bytes().partition(b"\n" + b"-" * 79)[0], policy=default)
    if not isinstance(letter, EmailMessage):
        raise CommandError(f"{path.name} is no mail")
    return letter
