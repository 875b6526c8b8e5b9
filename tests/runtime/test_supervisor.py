"""The supervisor with small real processes: what dies comes back, what ends does so in order."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from scf.runtime import processes, report
from scf.runtime.home import Home, StackError
from scf.runtime.launch import bring_down, end_leftovers
from scf.runtime.parts import Part, Program
from scf.runtime.postgres import Cluster
from scf.runtime.probes import port as listens
from scf.runtime.supervisor import Supervisor, Watched

SLEEPER = "import time; time.sleep(600)"
# Writes its name when it is asked to end, so that the order of ends can be read.
LAST_WORDS = """
import signal, sys, time
def end(*_):
    open(sys.argv[2], "a").write(sys.argv[1] + " ")
    raise SystemExit
signal.signal(signal.SIGTERM, end)
open(sys.argv[3], "w").close()
time.sleep(600)
"""
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(600)
"""


def always() -> bool:
    return True


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


def sleeper(home: Home, name: str = "sleeper", code: str = SLEEPER, *words: str) -> Part:
    return Part(name, "—", always, Program([sys.executable, "-c", code, *words], home.log(name)))


def ticks_until(supervisor: Supervisor, true: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        supervisor.tick()
        time.sleep(0.02)


def kill(watched: Watched) -> int:
    pid = watched.process.pid
    os.kill(pid, signal.SIGKILL)
    watched.process.wait(10)
    return pid


def test_a_killed_child_comes_back_with_another_pid(home, supervisor, said):
    watched = supervisor.add(sleeper(home))
    supervisor.wait_for("sleeper", seconds=10)
    old = kill(watched)

    ticks_until(supervisor, lambda: watched.restarts == 1 and watched.state == "up")

    assert watched.process.pid != old
    assert watched.ended_with == [-signal.SIGKILL]
    assert "sleeper" in said[0]


@pytest.mark.slow
def test_pauses_between_deaths_grow_and_a_hopeless_start_is_given_up(home, supervisor):
    part = sleeper(home, "broken", "raise SystemExit('no table')")
    watched = supervisor.add(Part(**{**vars(part), "settles": 30.0}))
    began = time.monotonic()
    with pytest.raises(StackError, match=r"broken: no table"):
        supervisor.wait_for("broken", seconds=60)
    assert watched.restarts >= 4
    assert time.monotonic() - began > 0.2 + 0.5 + 1.0 + 2.0


def test_parts_end_in_the_reverse_order_of_their_start(home, tmp_path):
    supervisor = Supervisor(home, say=lambda _: None)
    words = tmp_path / "order"
    for name in ("one", "two", "three"):
        ready = tmp_path / name
        part = sleeper(home, name, LAST_WORDS, name, str(words), str(ready))
        supervisor.add(Part(**{**vars(part), "ready": ready.exists}))
    supervisor.wait_for(seconds=20)

    supervisor.stop()

    assert words.read_text().split() == ["three", "two", "one"]


def test_who_does_not_listen_is_killed(home, supervisor):
    part = sleeper(home, "deaf", DEAF)
    watched = supervisor.add(Part(**{**vars(part), "stop_seconds": 0.3, "settles": 0.5}))
    supervisor.wait_for("deaf", seconds=10)
    pid, birth = watched.process.pid, watched.birth

    supervisor.stop()

    assert not processes.is_running(pid, birth)


def test_children_of_a_killed_leader_do_not_outlive_it(home, supervisor, tmp_path):
    file = tmp_path / "child"
    part = sleeper(home, "leader", PARENT, str(file))
    ready = lambda: file.exists() and bool(file.read_text())  # noqa: E731
    watched = supervisor.add(Part(**{**vars(part), "ready": ready, "leaves_children": True}))
    supervisor.wait_for("leader", seconds=10)
    child = int(file.read_text())
    birth = processes.born(child)
    assert processes.is_running(child, birth)
    kill(watched)

    ticks_until(supervisor, lambda: not processes.is_running(child, birth))
    assert not processes.is_running(child, birth)


def test_the_status_file_tells_pids_states_and_addresses(home, supervisor):
    watched = supervisor.add(sleeper(home))
    supervisor.wait_for("sleeper", seconds=10)
    supervisor.stage = "ready"
    supervisor.tick()

    status = home.read_status()
    (row,) = report.parts_of(status)
    assert (row["name"], row["state"], row["pid"]) == ("sleeper", "up", watched.process.pid)
    assert report.is_up(status)
    assert any("sleeper" in line and "up" in line for line in report.table(home))

    kill(watched)
    supervisor.tick()
    assert not report.is_up(home.read_status())


def test_somebody_elses_engine_is_asked_and_never_started(home, supervisor):
    answers = [False]
    watched = supervisor.add(Part("chain", "http://node.example", lambda: answers[0]))
    supervisor.tick()
    assert (watched.state, watched.process) == ("not answering", None)

    answers[0] = True
    ticks_until(supervisor, lambda: watched.state == "up")


def test_only_one_supervisor_holds_a_home(home):
    with home.only_one(), pytest.raises(StackError, match="running already"), home.only_one():
        pytest.fail("two supervisors had one home")


def test_what_a_killed_supervisor_left_is_ended_by_pid(home, tmp_path):
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path\n"
        "from tests.runtime.test_supervisor import sleeper\n"
        "from scf.runtime.home import Home\n"
        "from scf.runtime.supervisor import Supervisor\n"
        "home = Home(Path(sys.argv[1])); s = Supervisor(home, say=print)\n"
        "s.add(sleeper(home)); s.watch()\n"
    )
    root = str(Path(__file__).parents[2])
    process = Program([sys.executable, "-c", code, str(home.folder), root], home.log("s"))()
    until = time.monotonic() + 20
    while not report.parts_of(home.read_status()):
        assert time.monotonic() < until, home.log("s").read_text()
        time.sleep(0.05)
    (row,) = report.parts_of(home.read_status())
    process.kill()
    process.wait(10)
    assert processes.is_running(row["pid"], row["birth"])
    assert report.supervisor_of(home.read_status()) is None

    assert bring_down(home)

    assert not processes.is_running(row["pid"], row["birth"])
    assert end_leftovers(home.read_status()) == 0


def test_a_pid_that_was_given_to_another_process_is_left_alone(home):
    mine = os.getpid()
    row = {"pid": mine, "birth": processes.born(mine) - 100, "stop_signal": 9, "stop_seconds": 1}
    assert end_leftovers({"parts": [row]}) == 0


def test_postgres_killed_with_signal_9_is_back_with_its_data(home, supervisor):
    cluster = Cluster(home.postgres)
    cluster.initialise()
    watched = supervisor.add(
        Part(
            "postgres",
            str(cluster.sockets),
            cluster.ready,
            cluster.start,
            stop_signal=signal.SIGINT,
        )
    )
    supervisor.wait_for("postgres", seconds=30)
    with psycopg.connect(cluster.url("postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 500) AS n")
    # A session that is busy keeps its backend alive for a while after the postmaster's death.
    busy = psycopg.connect(cluster.url("postgres"))
    kill(watched)

    ticks_until(supervisor, lambda: watched.state == "up" and watched.restarts > 0, seconds=60)

    busy.close()
    with psycopg.connect(cluster.url("postgres")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (500,)


def test_a_listening_port_is_seen():
    assert not listens(1)
