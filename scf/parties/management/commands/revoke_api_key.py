"""Ends an API key; its next request is refused."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scf.core.errors import DomainError
from scf.parties.selectors import find_actor
from scf.parties.services import revoke_api_key


class Command(BaseCommand):
    help = "Revoke an API key by its prefix (the part between scf_ and the secret)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``PREFIX --as MANAGER``."""
        parser.add_argument("prefix")
        parser.add_argument("--as", dest="manager", required=True, help="who revokes it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One line: since when it is dead."""
        try:
            row = revoke_api_key(options["prefix"], by=find_actor(options["manager"]))
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{row.prefix} revoked at {row.revoked_at:%Y-%m-%d %H:%M:%S%z}")
