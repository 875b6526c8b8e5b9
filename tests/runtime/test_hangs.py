"""A part that runs but does not answer is started anew, and nothing else is."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from scf.core import pulse
from scf.runtime import binaries, jsonrpc, probes, processes
from scf.runtime.anvil import Anvil
from scf.runtime.home import Home
from scf.runtime.parts import Part, Program
from scf.runtime.ports import any_free
from scf.runtime.postgres import Cluster
from scf.runtime.supervisor import Supervisor, Watched
from tests.runtime.test_anvil import LOGGER, mined, on_disk
from tests.runtime.test_supervisor import DEAF, PARENT, SLEEPER, sleeper, ticks_until


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    return home


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(home: Home, said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(home, say=said.append)
    yield supervisor
    supervisor.stop()


def stop(watched: Watched) -> int:
    pid = watched.process.pid
    os.kill(pid, signal.SIGSTOP)
    watched.ask_at = 0.0  # the next round asks at once instead of within five seconds
    return pid


def came_back(watched: Watched, old: int) -> Callable[[], bool]:
    return lambda: watched.state == "up" and watched.process.pid != old


def test_a_stopped_part_is_started_anew_once_its_patience_is_over(home, supervisor, said):
    watched = supervisor.add(replace(sleeper(home), patience=2.0))
    supervisor.wait_for("sleeper", seconds=10)
    old, birth, began = stop(watched), watched.birth, time.monotonic()

    ticks_until(supervisor, lambda: watched.state == "not answering")
    ticks_until(supervisor, came_back(watched, old))

    assert 2.0 < time.monotonic() - began < 15
    assert not processes.is_running(old, birth)
    assert "silent for" in said[0]


def test_a_part_that_goes_on_in_time_is_left_alone(home, supervisor):
    watched = supervisor.add(replace(sleeper(home), patience=3.0))
    supervisor.wait_for("sleeper", seconds=10)
    old = stop(watched)
    ticks_until(supervisor, lambda: watched.state == "not answering")

    os.kill(old, signal.SIGCONT)
    ticks_until(supervisor, lambda: watched.state == "up")

    assert (watched.process.pid, watched.silent) == (old, 0.0)


def test_one_that_hangs_and_does_not_listen_is_killed(home, supervisor):
    """It ignores SIGTERM, so only the signal that cannot be ignored ends it."""
    answers = [True]
    part = replace(
        sleeper(home, "deaf", DEAF), settles=0.5, ready=lambda: answers[0],
        patience=0.5, stop_seconds=0.5,
    )  # fmt: skip
    watched = supervisor.add(part)
    supervisor.wait_for("deaf", seconds=10)
    old = watched.process.pid
    answers[0], watched.ask_at = False, 0.0

    ticks_until(supervisor, lambda: watched.ended_with == [-signal.SIGKILL])
    answers[0] = True
    ticks_until(supervisor, came_back(watched, old))
    assert watched.process.pid != old


def test_a_stopped_child_of_a_part_is_a_hang_of_the_part(home, supervisor, tmp_path):
    file = tmp_path / "child"
    ready = lambda: file.exists() and bool(file.read_text())  # noqa: E731
    part = sleeper(home, "leader", PARENT, str(file))
    watched = supervisor.add(replace(part, ready=ready, leaves_children=True, patience=1.0))
    supervisor.wait_for("leader", seconds=10)
    old, child = watched.process.pid, int(file.read_text())
    os.kill(child, signal.SIGSTOP)
    watched.ask_at = 0.0

    ticks_until(supervisor, came_back(watched, old))

    assert processes.born(child) is None


def test_silence_counts_only_while_what_it_needs_answers(home, supervisor):
    database, door = [True], [True]
    supervisor.add(Part("database", "elsewhere", lambda: database[0]))
    part = replace(sleeper(home), ready=lambda: door[0], needs=("database",), patience=1.0)
    watched = supervisor.add(part)
    supervisor.wait_for(seconds=10)
    old = watched.process.pid
    database[0] = door[0] = False
    for each in supervisor.watched:
        each.ask_at = 0.0

    quiet_until = time.monotonic() + 3
    ticks_until(supervisor, lambda: time.monotonic() > quiet_until)
    assert (watched.state, watched.process.pid) == ("not answering", old)

    database[0] = True
    ticks_until(supervisor, lambda: watched.restarts == 1)


def test_who_is_stopped_is_not_excused_by_what_it_needs(home, supervisor):
    supervisor.add(Part("database", "elsewhere", lambda: False))
    watched = supervisor.add(replace(sleeper(home), needs=("database",), patience=1.0))
    supervisor.wait_for("sleeper", seconds=10)
    old = stop(watched)
    ticks_until(supervisor, came_back(watched, old))
    assert watched.process.pid != old


def test_one_that_lives_but_is_not_ready_is_not_taken_for_hanging(home, supervisor):
    ready = [True]
    part = replace(sleeper(home), ready=lambda: ready[0], alive=lambda: True, patience=0.5)
    watched = supervisor.add(part)
    supervisor.wait_for("sleeper", seconds=10)
    old = watched.process.pid
    ready[0], watched.ask_at = False, 0.0

    quiet_until = time.monotonic() + 2.5
    ticks_until(supervisor, lambda: time.monotonic() > quiet_until)
    assert (watched.state, watched.process.pid) == ("not answering", old)


def test_a_supervisor_that_slept_does_not_take_everybody_for_hanging(home, supervisor):
    watched = supervisor.add(replace(sleeper(home), patience=30.0))
    supervisor.wait_for("sleeper", seconds=10)
    os.kill(watched.process.pid, signal.SIGSTOP)
    watched.ask_at = 0.0
    ticks_until(supervisor, lambda: watched.state == "not answering")
    watched.asked_at -= 3600  # it last looked an hour ago
    watched.ask_at = 0.0
    supervisor.tick()
    assert 0 < watched.silent < 10.0
    os.kill(watched.process.pid, signal.SIGCONT)


def test_a_process_without_a_door_shows_its_life_by_a_file(home, supervisor, monkeypatch):
    file = home.pulse("sleeper")
    start = Program([sys.executable, "-c", SLEEPER], home.log("sleeper"), pulse=file)
    watched = supervisor.add(Part("sleeper", "—", lambda: probes.pulse(file), start, patience=1.0))
    supervisor.wait_for("sleeper", seconds=10)
    old, long_ago = watched.process.pid, time.time() - 2 * probes.FRESH
    os.utime(file, (long_ago, long_ago))
    monkeypatch.setenv("PULSE_FILE", str(file))
    pulse.beat()
    assert probes.pulse(file)

    os.utime(file, (long_ago, long_ago))
    watched.ask_at = 0.0
    ticks_until(supervisor, came_back(watched, old))


def test_without_a_supervisor_nobody_touches_anything(monkeypatch, tmp_path):
    monkeypatch.delenv("PULSE_FILE", raising=False)
    monkeypatch.chdir(tmp_path)
    pulse.beat()
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_postgres_comes_back_with_its_data_and_its_own_lock_file(home, supervisor):
    cluster = Cluster(home.postgres)
    cluster.initialise()
    part = Part(
        "postgres", str(cluster.sockets), cluster.ready, cluster.start,
        stop_signal=signal.SIGINT, patience=1.0,
    )  # fmt: skip
    watched = supervisor.add(part)
    supervisor.wait_for("postgres", seconds=60)
    with psycopg.connect(cluster.url("postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 500) AS n")
    busy = psycopg.connect(cluster.url("postgres"))
    backend = busy.info.backend_pid
    # A backend that is stopped as well cannot see its server's end, and would hold its memory.
    os.kill(backend, signal.SIGSTOP)
    old = stop(watched)
    watched.part = replace(part, stop_seconds=2.0)

    ticks_until(supervisor, came_back(watched, old), seconds=90)

    busy.close()
    assert processes.born(backend) is None
    assert int((cluster.data / "postmaster.pid").read_text().split()[0]) != old
    with psycopg.connect(cluster.url("postgres")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (500,)


def test_a_stopped_chain_comes_back_with_its_blocks(home, supervisor):
    chain = Anvil(any_free(), 20260, folder=home.chain)
    part = Part("chain", chain.url, chain.ready, chain.start, chore=chain.keep, patience=1.0)
    watched = supervisor.add(part)
    supervisor.wait_for("chain", seconds=30)
    mined(chain, data=LOGGER, gasPrice="0x0")
    on_disk(chain)
    old = stop(watched)

    ticks_until(supervisor, came_back(watched, old), seconds=60)

    assert jsonrpc.number(chain.url, "eth_blockNumber") == 1


def test_a_broker_that_hangs_is_found_out_in_bounded_time(home, supervisor):
    socket = home.folder / "valkey.sock"
    command = [str(binaries.valkey()), "--port", "0", "--unixsocket", str(socket), "--save", ""]
    url = f"redis+socket://{socket}"
    start = Program(command, home.log("broker"))
    watched = supervisor.add(
        Part("broker", str(socket), lambda: probes.broker(url), start, patience=1.0)
    )
    supervisor.wait_for("broker", seconds=30)
    os.kill(watched.process.pid, signal.SIGSTOP)
    began = time.monotonic()
    assert not probes.broker(url)
    assert time.monotonic() - began < 2 * probes.SECONDS + 2
    os.kill(watched.process.pid, signal.SIGCONT)
