"""Mine the embedded chain."""

import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from scf.runtime.blocks import Producer


class Command(BaseCommand):
    """``manage.py produce_blocks``: mines when there is something to mine, until it is ended."""

    help = "Mine the chain of RPC_URL when its pool is not empty, then what confirmations need."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """How fast."""
        parser.add_argument("--at-once", action="store_true", help="do not keep blocks apart")

    def handle(self, *_args: object, **options: object) -> None:
        """Mine until SIGTERM or Ctrl-C."""
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        producer = Producer(
            settings.RPC_URL,
            confirmations=settings.CHAIN_CONFIRMATIONS,
            at_once=bool(options["at_once"]),
        )
        producer.run(stop)
