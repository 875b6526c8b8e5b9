"""``manage.py sender``: the process that sends what the outbox holds."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from scf.chain import doorbell
from scf.chain.indexer import check_genesis
from scf.chain.loop import Loop
from scf.chain.node import Node
from scf.chain.sender import send_ready
from scf.chain.signer_client import SignerClient


class Command(BaseCommand):
    help = "发送链上操作 / send what the outbox holds, in order, exactly once"
    requires_system_checks: list[str] = []  # checked when the stack is set up

    def handle(self, *_args: object, **_options: object) -> None:
        node = Node(settings.RPC_URL, chain_id=settings.CHAIN_ID)
        relayer = SignerClient(Path(settings.SIGNER_SOCKET))
        loop = Loop("sender", [doorbell.COMMANDS])
        loop.run(lambda: send_ready(node, relayer=relayer), first=lambda: check_genesis(node))
