"""Say what runs."""

import sys

from django.core.management.base import BaseCommand, CommandParser

from scf.runtime import report
from scf.runtime.management.homes import add_home, home_of


class Command(BaseCommand):
    """``manage.py status``: a table; exit 0 only when every part is up."""

    help = "Part, state, address; exit 0 only when every part is up."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which stack."""
        add_home(parser)

    def handle(self, *_args: object, **options: object) -> None:
        """Print the table and end with its verdict."""
        home = home_of(options)
        report.tell(report.table(home), self.stdout.write)
        if not report.is_up(home.read_status()):
            sys.exit(1)
