"""``manage.py up`` for real: a whole stack comes up, survives kills, keeps its state, goes down."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from scf.runtime import jsonrpc, probes, processes, report
from scf.runtime.home import Home, stack_environment

ROOT = Path(__file__).parents[2]


def manage(home: Home, *words: str, seconds: float = 240) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "scf.config.settings"}
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *words, "--home", home.folder],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False,
    )  # fmt: skip


def up(home: Home) -> subprocess.CompletedProcess[str]:
    return manage(home, "up", "--detach", "--embedded", "--empty")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home")
    yield home
    manage(home, "reset")


def part(home: Home, name: str) -> dict[str, object]:
    return next(row for row in report.parts_of(home.read_status()) if row["name"] == name)


def happens(true: Callable[[], bool], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.1)
    return true()


@pytest.mark.slow
def test_a_stack_comes_up_survives_kills_keeps_its_state_and_goes_down(home):
    started = up(home)
    assert started.returncode == 0, started.stdout + started.stderr
    status = manage(home, "status")
    assert status.returncode == 0, status.stdout
    given = stack_environment(home.folder)
    assert probes.page(int(given["WEB_PORT"]), "/readyz")
    with psycopg.connect(given["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")

    for name in ("postgres", "chain", "web", "sender"):
        before = part(home, name)
        os.kill(int(str(before["pid"])), signal.SIGKILL)
        assert happens(lambda n=name, b=before: part(home, n)["pid"] not in (b["pid"], None))
    assert happens(lambda: report.is_up(home.read_status()))

    head = jsonrpc.number(given["RPC_URL"], "eth_blockNumber")
    supervisor, _ = report.supervisor_of(home.read_status())
    left = part(home, "postgres")
    os.kill(supervisor, signal.SIGKILL)
    assert happens(lambda: manage(home, "status").returncode != 0)

    again = up(home)
    assert again.returncode == 0, again.stdout + again.stderr
    assert not processes.is_running(left["pid"], left["birth"])
    given = stack_environment(home.folder)
    assert jsonrpc.number(given["RPC_URL"], "eth_blockNumber") >= head > 0
    with psycopg.connect(given["DATABASE_OWNER_URL"]) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)

    rows = report.parts_of(json.loads(home.status_file.read_text()))
    assert manage(home, "down").returncode == 0
    assert [row["name"] for row in rows if processes.is_running(row["pid"], row["birth"])] == []
    assert manage(home, "status").returncode == 1
