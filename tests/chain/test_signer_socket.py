"""The sender gets its transactions signed through a Unix socket, and nothing else."""

import json
import socket
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scf.chain.faults import RefusedToSign
from scf.chain.signer_client import SignerClient
from scf.chain.signer_socket import SignerServer
from scf.chain.transactions import UnsignedTx
from scf.core.errors import Unavailable

OURS = f"0x{1:040x}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "signer.sock"


@pytest.fixture
def server(fake, signer, path: Path) -> Iterator[SignerServer]:
    server = SignerServer(signer, path)
    yield server
    server.close()


@pytest.fixture
def asked(server, path: Path) -> Callable[..., object]:
    """What the client gets while the server answers one question."""

    def ask(question: Callable[[SignerClient], object]) -> object:
        with ThreadPoolExecutor(1) as caller:
            answer = caller.submit(question, SignerClient(path))
            server.serve_one()
            return answer.result(10)

    return ask


def test_the_socket_is_for_its_owner_alone(server, path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_signs_as_the_signer_itself_would(asked, signer):
    tx = UnsignedTx(20260, 7, OURS, "0x1234", 100_000, 0, 0)
    assert asked(lambda client: client.relayer_address()) == signer.relayer_address()
    assert asked(lambda client: client.sign_transactions([tx])) == signer.sign_transactions([tx])


def test_a_deployment_is_not_signed_through_the_socket(asked):
    tx = UnsignedTx(20260, 7, "", "0x1234", 100_000, 0, 0)
    with pytest.raises(RefusedToSign):
        asked(lambda client: client.sign_transactions([tx]))


def test_party_keys_cannot_be_asked_for_anything(asked, server, path):
    def ask(_client: SignerClient) -> dict[str, str]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
            door.connect(str(path))
            door.sendall(b'{"ask": "sign_digest", "digest": "0x00", "party": "bank"}\n')
            return json.loads(door.makefile().readline())

    assert set(asked(ask)) == {"refused"}


def test_a_caller_that_says_nothing_does_not_stop_the_signer(asked, server, path, signer):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
        silent.connect(str(path))
    server.serve_one()
    assert asked(lambda client: client.relayer_address()) == signer.relayer_address()


def test_a_signer_that_is_not_there_is_waited_for(tmp_path):
    with pytest.raises(Unavailable) as refusal:
        SignerClient(tmp_path / "nobody.sock").relayer_address()
    assert refusal.value.code == "signer_silent"
