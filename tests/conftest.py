"""What every test may ask for: the network it is allowed, and a real chain."""

from collections.abc import Callable, Iterator

import pytest
import pytest_socket

from scf.runtime.anvil import Anvil
from scf.runtime.ports import any_free

DEMO_CHAIN_ID = 20260


@pytest.fixture(autouse=True)
def _only_this_machine() -> Iterator[None]:
    """No test may reach beyond loopback and Unix sockets."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    yield
    pytest_socket._remove_restrictions()


@pytest.fixture
def start_anvil() -> Iterator[Callable[..., Anvil]]:
    """Starts real chains on free ports: ``start_anvil(automine=True, chain_id=…, folder=…)``."""
    running = []

    def start(**options: object) -> Anvil:
        options = {"port": any_free(), "chain_id": DEMO_CHAIN_ID} | options
        chain = Anvil(**options)
        process = chain.start()
        running.append(process)
        chain.wait_ready(process)
        return chain

    yield start
    for process in running:
        process.kill()
        process.wait(10)


@pytest.fixture
def anvil(start_anvil: Callable[..., Anvil]) -> Anvil:
    """A real chain that mines only when told (``evm_mine``), with no price for gas."""
    return start_anvil()
