"""End the stack."""

from django.core.management.base import BaseCommand, CommandParser

from scf.runtime.launch import bring_down
from scf.runtime.management.homes import add_home, home_of


class Command(BaseCommand):
    """``manage.py down``: ends every part by its pid, in order, and keeps all state."""

    help = "Stop everything; all state is kept."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which stack."""
        add_home(parser)

    def handle(self, *_args: object, **options: object) -> None:
        """End it; saying so is all there is when nothing runs."""
        ended = bring_down(home_of(options))
        self.stdout.write("已停止 / stopped" if ended else "没有在运行 / nothing was running")
