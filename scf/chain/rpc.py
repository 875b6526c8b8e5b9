"""One kept connection to a node's JSON-RPC door, single questions and batches."""

import http.client
import json
import logging
from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from scf.core.errors import Unavailable

TIMEOUT_SECONDS = 10
LARGEST_ANSWER = 256 * 1024 * 1024
log = logging.getLogger(__name__)


class RpcError(Exception):
    """The node answered a question with an error; ``data`` holds a revert's bytes when there are
    any.
    """

    def __init__(self, code: int, message: str, data: str = "") -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message, self.data = code, message, data

    @property
    def is_revert(self) -> bool:
        """Whether the contract said no, rather than the node."""
        return self.code == 3 or bool(self.data) or "revert" in self.message.lower()


class Rpc:
    """Asks one node. Not safe for threads: each process has its own. Silence is
    Unavailable(node_silent).
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
        self._path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        self._headers = {"Content-Type": "application/json"}
        if parts.username:
            secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            self._headers["Authorization"] = f"Basic {b64encode(secret).decode()}"

    def close(self) -> None:
        """Give the connection back; the next question opens a new one."""
        self._connection.close()

    def ask(self, method: str, *params: Any) -> Any:
        """One question. Raises RpcError when the node refuses it and Unavailable when it is
        silent.
        """
        answer = self.ask_all([(method, params)])[0]
        if isinstance(answer, RpcError):
            raise answer
        return answer

    def ask_all(self, questions: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """A batch: the results in order, an RpcError in the place of each that the node refused."""
        if not questions:
            return []
        asked = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
            for number, (method, params) in enumerate(questions)
        ]
        answers = self._post(json.dumps(asked))
        # A node may answer in any order, and must not answer twice or leave one out.
        by_id = {each.get("id"): each for each in answers if isinstance(each, dict)}
        if set(by_id) != set(range(len(asked))):
            raise Unavailable(_("区块链节点的应答不完整"), code="node_silent")
        return [_result(by_id[number]) for number in range(len(asked))]

    def _post(self, body: str) -> list[Any]:
        try:
            self._connection.request("POST", self._path, body, self._headers)
            response = self._connection.getresponse()
            text = response.read(LARGEST_ANSWER)
            answer = json.loads(text) if response.status == 200 else None
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._connection.close()  # the next question opens a new one
            log.warning("node_silent", extra={"reason": repr(error)})
            raise Unavailable(_("区块链节点没有应答，请稍后再试"), code="node_silent") from error
        if not isinstance(answer, list):
            log.warning("node_silent", extra={"reason": f"{response.status} {text[:200]!r}"})
            raise Unavailable(_("区块链节点没有应答，请稍后再试"), code="node_silent")
        return answer


def _result(answer: dict[str, Any]) -> Any:
    error = answer.get("error")
    if not error:
        return answer.get("result")
    data = error.get("data") or ""
    if isinstance(data, dict):  # some nodes nest it
        data = data.get("data") or data.get("result") or ""
    return RpcError(
        int(error.get("code", 0)),
        str(error.get("message", "")),
        data if str(data).startswith("0x") else "",
    )
