"""``manage.py indexer``: the process that reads the chain and applies what is final."""

from django.conf import settings
from django.core.management.base import BaseCommand

from scf.chain import doorbell
from scf.chain.apply import apply_confirmed
from scf.chain.indexer import check_genesis, scan
from scf.chain.loop import Loop
from scf.chain.node import Node

POLL_SECONDS = 0.25  # a new block rings no bell


class Command(BaseCommand):
    help = "读取区块并入账 / read the chain into rows and apply what is final"
    requires_system_checks: list[str] = []  # checked when the stack is set up

    def handle(self, *_args: object, **_options: object) -> None:
        node = Node(settings.RPC_URL, chain_id=settings.CHAIN_ID)
        loop = Loop("indexer", [doorbell.EVENTS], poll_seconds=POLL_SECONDS)
        loop.run(lambda: scan(node) + apply_confirmed(), first=lambda: check_genesis(node))
