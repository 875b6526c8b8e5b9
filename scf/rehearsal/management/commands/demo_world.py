"""Live through the demo world, up to this morning."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scf.core import clock
from scf.rehearsal.money import broken_invariants
from scf.rehearsal.refusals import Stuck
from scf.rehearsal.small_world import small_world
from scf.rehearsal.stack import OwnStack
from scf.rehearsal.world_life import WorldLife
from scf.rehearsal.year_world import year_trades, year_world
from scf.trade.models import Order


class Command(BaseCommand):
    """Signs, sends, mines and applies in this very process: run it before the background
    processes.
    """

    help = "逐日生成演示数据 / live through the demo world, day by day"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which world."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--small", action="store_true", help="8 deals, for the first start")
        which.add_argument("--year", action="store_true", help="60 deals of a whole year")

    def handle(self, *_args: object, **options: Any) -> None:
        """Live it on an empty stack, with progress."""
        if Order.objects.exists():
            self.stdout.write(
                "已有订单，不再生成演示数据 / there are orders already: nothing to do"
            )
            return
        today, started = clock.today(), time.monotonic()
        if options["year"]:
            stories = [*year_world(today), *year_trades(today)]
        else:
            stories = small_world(today)
        stack = OwnStack.opened()
        try:
            life = WorldLife(stack, stories, self.stdout.write)
            life.live(until=today)
            for standing in life.standings():
                self.stdout.write(standing)
            if broken := broken_invariants():
                raise CommandError(f"不变量被违反 / invariants broken: {broken}")
        except Stuck as failure:
            raise CommandError(str(failure)) from failure
        finally:
            stack.node.close()
        seconds = time.monotonic() - started
        self.stdout.write(f"演示数据就绪 / the demo world stands: {seconds:.0f} s")
