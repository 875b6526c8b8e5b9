"""A node is not trusted: silence, half answers and nonsense are Unavailable, never a guess."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from scf.chain.node import Node
from scf.chain.rpc import Rpc, RpcError
from scf.core.errors import Unavailable


@pytest.fixture
def answering() -> Iterator[Callable[[int, object], str]]:
    """A server that answers every question the same: ``answering(status, body)`` is its address."""
    servers = []

    def start(status: int, body: object) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                text = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_args: object) -> None:
                """Silent."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, []),
        (429, [{"id": 0, "result": "0x1"}]),
        (200, b"<html>"),
        (200, {"id": 0, "result": "0x1"}),
        (200, []),
        (200, [{"id": 5, "result": "0x1"}]),
    ],
)
def test_what_is_no_answer_is_unavailable(answering, status, body):
    rpc = Rpc(answering(status, body))
    with pytest.raises(Unavailable):
        rpc.ask("eth_blockNumber")
    rpc.close()


def test_nobody_there_is_unavailable():
    with pytest.raises(Unavailable) as refusal:
        Rpc("http://127.0.0.1:9").ask("eth_blockNumber")
    assert refusal.value.code == "node_silent"


def test_a_refusal_keeps_its_bytes(answering):
    error = {"code": 3, "message": "execution reverted", "data": "0xdeadbeef"}
    rpc = Rpc(answering(200, [{"id": 0, "error": error}]))
    with pytest.raises(RpcError) as refusal:
        rpc.ask("eth_call")
    assert (refusal.value.data, refusal.value.is_revert) == ("0xdeadbeef", True)
    rpc.close()


def test_a_block_the_node_does_not_have_is_waited_for(answering):
    node = Node(answering(200, [{"id": 0, "result": None}]), chain_id=20260)
    with pytest.raises(Unavailable):
        node.headers(5, 5)
    node.close()
