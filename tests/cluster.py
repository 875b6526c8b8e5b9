"""A throw-away PostgreSQL cluster for a run of the tests, named before Django reads its settings.

Loaded with ``-p tests.cluster`` because pytest-django reads the settings before any conftest. Each
worker of pytest-xdist has a cluster of its own: facts are handed out below the oldest transaction
of the whole cluster, so a long test of one worker would hide the facts of another.
``SCF_TEST_DATABASE_URL`` names another server, whose role must be allowed to make databases.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from scf.runtime.postgres import NOBODY, Cluster

PREFIX = "scf-test-"


class ThrowAway:
    """Starts the cluster when the run begins and removes it when the run ends."""

    def __init__(self, folder: Path) -> None:
        self.cluster = Cluster(folder, durable=False)
        os.environ["DATABASE_URL"] = self.cluster.url("scf")
        self._server = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        _remove_leftovers()
        self.cluster.initialise()
        self._server = self.cluster.start()
        self.cluster.wait_ready(self._server)
        # Every test database is a copy of this one, so the app's role has its rights in each.
        self.cluster.create_database("template1")

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        if self._server is not None:
            self.cluster.stop(self._server)
        _remove(self.cluster)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    if given := os.environ.get("SCF_TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = given
    else:
        folder = Path(tempfile.gettempdir()) / f"{PREFIX}{os.getpid()}"
        early_config.pluginmanager.register(ThrowAway(folder), "throw-away-cluster")
    return (yield)


def _remove_leftovers() -> None:
    """A run that was killed leaves its server behind; whoever comes next ends it by its own pid."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = re.fullmatch(rf"{PREFIX}(\d+)", folder.name)
        if owner and not psutil.pid_exists(int(owner[1])) and _ours(folder):
            _end_postmaster(folder / "data" / "postmaster.pid")
            _remove(Cluster(folder))


def _ours(folder: Path) -> bool:
    return folder.is_dir() and folder.stat().st_uid in (os.geteuid(), NOBODY)


def _end_postmaster(pid_file: Path) -> None:
    if not pid_file.exists():
        return
    pid, folder = pid_file.read_text().splitlines()[:2]
    if psutil.pid_exists(int(pid)) and folder in psutil.Process(int(pid)).cmdline():
        server = psutil.Process(int(pid))
        server.terminate()
        psutil.wait_procs([server], timeout=10)


def _remove(cluster: Cluster) -> None:
    shutil.rmtree(cluster.folder, ignore_errors=True)
    shutil.rmtree(cluster.sockets, ignore_errors=True)
    cluster.log.unlink(missing_ok=True)
