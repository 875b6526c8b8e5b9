"""``manage.py advance_day --to DATE``: live the bank days, business date and chain together."""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from scf.chain.drive import step_chain
from scf.chain.node import Node
from scf.chain.rest import wait_for_rest
from scf.chain.signer import open_signer
from scf.core.errors import DomainError
from scf.financing.day_end import advance_days

PATIENCE = 180.0  # seconds for the background processes to come to rest, each time


class Command(BaseCommand):
    """Each day is closed and the next one opened, one after another; refused once it is today."""

    help = "逐日推进营业日与链上时钟 / close the days and open the next, chain time with them"

    def add_arguments(self, parser: CommandParser) -> None:
        """Up to which day, and who drives the chain."""
        parser.add_argument("--to", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--own",
            action="store_true",
            help="签名、发送、出块与入账都在本进程内完成（没有后台进程时）/ "
            "sign, send, mine and apply in this process, where no background processes run",
        )

    def handle(self, *_args: object, **options: object) -> None:
        """Live the days, a line each."""
        node = Node(settings.RPC_URL, chain_id=settings.CHAIN_ID)
        to = options["to"]
        assert isinstance(to, date)
        try:
            quiet = _driven(node) if options["own"] else _polled
            lived = advance_days(to=to, node=node, quiet=quiet, tell=self.stdout.write)
        except DomainError as refusal:
            raise CommandError(refusal.text()) from refusal
        finally:
            node.close()
        self.stdout.write(f"营业日 / business date: {to}（{lived} 天 / days）")


def _polled() -> None:
    wait_for_rest(seconds=PATIENCE)


def _driven(node: Node) -> Callable[[], object]:
    signer = open_signer()
    return lambda: step_chain(node=node, signer=signer)
