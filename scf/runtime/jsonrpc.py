"""A few questions to a chain node by JSON-RPC, without the weight of a web3 library."""

import http.client
import json
from base64 import b64encode
from urllib.parse import unquote, urlsplit


class NodeSilent(RuntimeError):
    """The node did not answer, or answered with an error; the message carries its words."""


def call(url: str, method: str, *params: object, seconds: float = 5) -> object:
    """Ask the node at ``url`` and return the result. Raises NodeSilent."""
    question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
    answer = _post(url, json.dumps(question), seconds)
    if not isinstance(answer, dict) or "result" not in answer:
        raise NodeSilent(f"{method}: {answer}")
    return answer["result"]


def number(url: str, method: str, *params: object, seconds: float = 5) -> int:
    """Ask for a hexadecimal quantity and return it as a number. Raises NodeSilent."""
    return int(str(call(url, method, *params, seconds=seconds)), 16)


def _post(url: str, body: str, seconds: float) -> object:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    headers = {"Content-Type": "application/json"}
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        answer: object = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NodeSilent(f"{parts.hostname}:{parts.port}: {error}") from error
    finally:
        connection.close()
    return answer
