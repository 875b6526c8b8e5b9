"""``manage.py signer``: the process that holds the keys (演示签名器 in a demo)."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from scf.chain import doorbell
from scf.chain.loop import Loop
from scf.chain.signer import BANNER, open_signer
from scf.chain.signer_socket import SignerServer

ROUND = 50  # requests between two looks at the socket


class Command(BaseCommand):
    help = "签名器：持有密钥，按各方策略签名 / hold the keys and sign under each party's policy"
    requires_system_checks: list[str] = []  # checked when the stack is set up

    def handle(self, *_args: object, **_options: object) -> None:
        signer = open_signer()
        if not settings.IS_PRODUCTION:
            self.stdout.write(BANNER)
        server = SignerServer(signer, Path(settings.SIGNER_SOCKET))
        try:
            Loop("signer", [doorbell.SIGNATURES], door=server).run(
                lambda: signer.sign_waiting(limit=ROUND)
            )
        finally:
            server.close()
