"""The sender's end of the signer's Unix socket."""

import json
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from scf.chain.faults import RefusedToSign
from scf.chain.hashing import from_hex
from scf.chain.transactions import SignedTx, UnsignedTx
from scf.core.errors import Unavailable

LARGEST_LINE = 64 * 1024 * 1024
PATIENCE_SECONDS = 2
BATCH_PATIENCE_SECONDS = 10


class SignerClient:
    """The sender's end of the socket."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._address = ""

    def relayer_address(self) -> str:
        """The address that pays for transactions. Raises Unavailable when the signer is silent."""
        self._address = self._address or str(
            self._ask({"ask": "address"}, PATIENCE_SECONDS)["address"]
        )
        return self._address

    def sign_transactions(self, unsigned: Sequence[UnsignedTx]) -> list[SignedTx]:
        """Have transactions signed. Raises Unavailable when the signer is silent, RefusedToSign
        when it will not.
        """
        question = {"ask": "sign", "transactions": [each.as_json() for each in unsigned]}
        answer = self._ask(question, BATCH_PATIENCE_SECONDS)
        return [SignedTx(from_hex(raw), tx_hash) for raw, tx_hash in answer["signed"]]

    def _ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
                door.settimeout(seconds)
                door.connect(str(self._path))
                with door.makefile("rwb") as lines:
                    lines.write(json.dumps(question).encode() + b"\n")
                    lines.flush()
                    answer: dict[str, Any] = json.loads(lines.readline(LARGEST_LINE) or b"{}")
        except (OSError, ValueError) as error:
            raise Unavailable(_("签名器没有应答，请稍后再试"), code="signer_silent") from error
        if not answer:
            raise Unavailable(_("签名器没有应答，请稍后再试"), code="signer_silent")
        if "refused" in answer:
            raise RefusedToSign(answer["refused"])
        return answer
