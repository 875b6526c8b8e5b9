"""Short questions that tell whether something answers; none raises, none waits long."""

import http.client
import socket
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


def database(url: str) -> bool:
    """Whether a PostgreSQL server answers a question."""
    try:
        with psycopg.connect(url, connect_timeout=int(SECONDS)) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.Error:
        return False


def broker(url: str) -> bool:
    """Whether a broker (Redis, Valkey, RabbitMQ) lets us in."""
    try:
        with Connection(url, connect_timeout=SECONDS) as connection:  # type: ignore[no-untyped-call]
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
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
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
