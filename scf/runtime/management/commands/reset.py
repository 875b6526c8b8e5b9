"""End the stack and forget it."""

from django.core.management.base import BaseCommand, CommandParser

from scf.runtime.launch import bring_down
from scf.runtime.management.homes import add_home, home_of


class Command(BaseCommand):
    """``manage.py reset``: down, then every file of the stack is removed."""

    help = "Stop everything and remove all state: database, chain, keys, documents, logs."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which stack."""
        add_home(parser)

    def handle(self, *_args: object, **options: object) -> None:
        """End it and remove its folder."""
        home = home_of(options)
        bring_down(home)
        home.forget()
        self.stdout.write(f"已清空 / removed: {home.folder}")
