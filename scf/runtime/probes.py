"""Short questions that tell whether something answers; none raises, none waits long."""

import http.client
import socket
import time
from pathlib import Path

import psycopg
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from scf.chain.faults import RefusedToSign
from scf.chain.signer_client import SignerClient
from scf.core.errors import Unavailable
from scf.runtime import jsonrpc
from scf.runtime.ports import LOOPBACK

SECONDS = 2.0
FRESH = 90.0  # seconds between two beats; a full round of the sender or indexer takes less


def database(url: str) -> bool:
    """Whether a PostgreSQL server answers a question."""
    try:
        with psycopg.connect(url, connect_timeout=int(SECONDS)) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.Error:
        return False


def broker(url: str) -> bool:
    """Whether a broker (Redis, Valkey, RabbitMQ) lets us in."""
    # Without its own limit a broker that hangs would be waited for without end.
    limit = "read_timeout" if url.startswith("amqp") else "socket_timeout"
    options = {"connect_timeout": SECONDS, "transport_options": {limit: SECONDS}}
    try:
        with Connection(url, **options) as connection:  # type: ignore[no-untyped-call]
            connection.ensure_connection(max_retries=1, timeout=SECONDS)
            return True
    except (OperationalError, OSError):
        return False


def node(url: str) -> bool:
    """Whether a chain node answers JSON-RPC."""
    try:
        jsonrpc.number(url, "eth_chainId", seconds=SECONDS)
    except (jsonrpc.NodeSilent, ValueError):
        return False
    return True


def page(port: int, path: str) -> bool:
    """Whether a web server of ours answers 200."""
    return _status(port, path) == http.client.OK


def speaks(port: int) -> bool:
    """Whether a web server answers anything at all."""
    return _status(port, "/") is not None


def _status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def signer(path: Path) -> bool:
    """Whether the signer says which key pays for transactions."""
    try:
        return bool(SignerClient(path).relayer_address())
    except (Unavailable, RefusedToSign):
        return False


def port(number: int) -> bool:
    """Whether somebody listens on a loopback port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(SECONDS)
        return probe.connect_ex((LOOPBACK, number)) == 0


def pulse(file: Path) -> bool:
    """Whether a process without a door beat lately."""
    return file.exists() and time.time() - file.stat().st_mtime < FRESH
