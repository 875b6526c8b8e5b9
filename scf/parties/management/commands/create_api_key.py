"""Issues an API key for a person of an organization; the key is printed once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scf.core import clock
from scf.core.errors import DomainError
from scf.parties.selectors import find_actor
from scf.parties.services import create_api_key


class Command(BaseCommand):
    help = "Issue an API key that acts as a user's person, by another user who may grant roles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``USERNAME --as MANAGER [--scope order:view …] [--days 90] [--name ERP]``."""
        parser.add_argument("username", help="whose person the key acts as")
        parser.add_argument("--as", dest="manager", required=True, help="who issues it")
        parser.add_argument("--scope", action="append", default=[], help="all held when absent")
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--name", default="API")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One line: the key. It cannot be shown again."""
        try:
            who, by = find_actor(options["username"]), find_actor(options["manager"])
            if who.organization_id is None or who.person_id is None:
                raise CommandError(f"{options['username']} acts for no organization")
            issued = create_api_key(
                who.organization_id,
                person_id=who.person_id,
                name=options["name"],
                scopes=options["scope"] or who.permissions,
                expires_at=clock.now() + timedelta(days=options["days"]),
                by=by,
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(issued.key)
