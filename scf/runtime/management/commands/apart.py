"""Run one command on a database and a chain of its own."""

import argparse
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from scf.runtime.anvil import ChainError
from scf.runtime.apart import run_apart
from scf.runtime.binaries import MissingProgram
from scf.runtime.home import StackError
from scf.runtime.postgres import PostgresError


class Command(BaseCommand):
    """``manage.py apart --begins SECONDS COMMAND …``: exits as the command did, leaves nothing."""

    help = "在专用的数据库与链上运行一条命令 / run one command on engines of its own"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """When the chain begins, and the command."""
        parser.add_argument("--begins", type=int, required=True, help="first second of the chain")
        parser.add_argument("words", nargs=argparse.REMAINDER)

    def handle(self, *_args: object, **options: object) -> None:
        """Run it and pass its exit status on."""
        words, begins = options["words"], options["begins"]
        assert isinstance(words, list)
        assert isinstance(begins, int)
        try:
            status = run_apart(words, begins=begins, chain_id=settings.CHAIN_ID)
        except (StackError, PostgresError, ChainError, MissingProgram) as error:
            raise CommandError(str(error)) from error
        sys.exit(status)
