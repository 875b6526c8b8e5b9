"""Shows the code a demo login's authenticator would show: the demo has no telephones."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scf.core.errors import DomainError
from scf.parties.demo import code_of


class Command(BaseCommand):
    help = "Print the present one-time code of a demo login; refused in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``USERNAME``: whose code."""
        parser.add_argument("username")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One line: the code, and for how many more seconds it holds."""
        if settings.IS_PRODUCTION:
            raise CommandError("ENV=prod: codes come from their owners' authenticators only")
        try:
            code, seconds = code_of(options["username"])
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{code}  ({seconds} s)")
