"""The signer's Unix socket: the sender asks for the relayer's address and for signed
transactions, no more.

One JSON line a question and an answer. The socket is for its owner alone (0600); party keys
cannot be asked for anything here.
"""

import json
import logging
import os
import socket
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from scf.chain.faults import RefusedToSign
from scf.chain.hashing import to_hex
from scf.chain.signer import Signer
from scf.chain.signer_client import LARGEST_LINE, PATIENCE_SECONDS
from scf.chain.transactions import UnsignedTx

log = logging.getLogger(__name__)


class SignerServer:
    """Answers on the socket, one question at a time, between the rounds of the signer's loop."""

    def __init__(self, signer: Signer, path: Path) -> None:
        self._signer = signer
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            self._door.bind(str(path))
        finally:
            os.umask(before)
        self._door.listen(16)

    def fileno(self) -> int:
        """For ``select``."""
        return self._door.fileno()

    def serve_one(self) -> None:
        """Take one caller's question and answer it; a caller that falls silent is dropped."""
        caller, _address = self._door.accept()
        with caller:
            caller.settimeout(PATIENCE_SECONDS)
            try:
                with caller.makefile("rwb") as lines:
                    question = lines.readline(LARGEST_LINE)
                    lines.write(json.dumps(self._answer(question)).encode() + b"\n")
            except (OSError, DatabaseError) as error:
                # No answer is an answer too: the sender asks again.
                log.warning("signer_gave_no_answer", extra={"reason": repr(error)})

    def close(self) -> None:
        """Stop listening."""
        self._door.close()

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            question = json.loads(line)
            if question["ask"] == "address":
                return {"address": self._signer.relayer_address()}
            unsigned = [UnsignedTx(**each) for each in question["transactions"]]
            signed = self._signer.sign_transactions(unsigned)
        except RefusedToSign as refusal:
            log.error("signer_refused", extra={"reason": str(refusal)})
            return {"refused": str(refusal)}
        except (ValueError, TypeError, KeyError) as error:
            return {"refused": f"not understood: {error!r}"}
        return {"signed": [[to_hex(each.raw), each.tx_hash] for each in signed]}
