"""What every test may ask for: the network it is allowed, and a real chain."""

import os
import subprocess
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
import pytest_socket

from scf.runtime.anvil import Anvil
from scf.runtime.ports import any_free
from tests.kept import Worlds

DEMO_CHAIN_ID = 20260
Started = tuple[Anvil, subprocess.Popen[bytes]]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow tests first, shared out evenly, so that nobody waits for one of them at the end.

    Of a list of tests each worker of pytest-xdist begins with one run of equal length.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow = [item for item in items if item.get_closest_marker("slow")]
    others = iter([item for item in items if not item.get_closest_marker("slow")])
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        mine = slow[worker::workers]
        share = (len(items) - len(ordered)) // (workers - worker)
        ordered += mine + list(islice(others, max(0, share - len(mine))))
    items[:] = ordered


@pytest.fixture(autouse=True)
def _only_this_machine() -> Iterator[None]:
    """No test may reach beyond loopback and Unix sockets."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    yield
    pytest_socket._remove_restrictions()


@pytest.fixture(autouse=True)
def _the_chain_comes_first(request: pytest.FixtureRequest) -> None:
    """A world is put back before a test makes rows of its own, whichever it names first."""
    if "stack" in request.fixturenames:
        request.getfixturevalue("stack")


@pytest.fixture(scope="session")
def worlds() -> Iterator[Worlds]:
    """The worlds that were lived before, each on a chain of its own."""
    running: list[subprocess.Popen[bytes]] = []
    yield Worlds(lambda **options: _start(running, options))
    _end(running)


@pytest.fixture
def start_anvil() -> Iterator[Callable[..., Anvil]]:
    """Starts real chains on free ports: ``start_anvil(automine=True, chain_id=…, folder=…)``."""
    running: list[subprocess.Popen[bytes]] = []
    yield lambda **options: _start(running, options)[0]
    _end(running)


@pytest.fixture
def anvil(start_anvil: Callable[..., Anvil]) -> Anvil:
    """A real chain that mines only when told (``evm_mine``), with no price for gas."""
    return start_anvil()


def _start(running: list[subprocess.Popen[bytes]], options: dict[str, Any]) -> Started:
    chain = Anvil(**{"port": any_free(), "chain_id": DEMO_CHAIN_ID} | options)
    process = chain.start()
    running.append(process)
    chain.wait_ready(process)
    return chain, process


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.kill()
        process.wait(10)
