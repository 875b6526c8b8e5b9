"""Which parts make this stack, and how they reach each other.

An engine whose address is given by the environment (``DATABASE_URL``, ``BROKER_URL``, ``RPC_URL``)
is somebody else's: it is asked, never started, and nothing else changes.
"""

import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from socket import socket

from scf.runtime import binaries, probes
from scf.runtime.anvil import Anvil
from scf.runtime.home import Home, StackError, stack_environment
from scf.runtime.parts import Part, Process, Program, manage
from scf.runtime.ports import first_free, hold, is_free
from scf.runtime.postgres import APP, OWNER, Cluster

DATABASE = "scf"
WEB_PORT = 8000
EVENTS_PORT = 8010
RPC_PORT = 8645
NO_DOOR = "—"
SETTLES = 2.0  # seconds a process without a door must live to count as up
WORKER = ("--concurrency=2", "--without-gossip", "--without-mingle")
BEAT = ("--scheduler=scf.config.pulses:PulsingScheduler", "--pidfile=")
WEB_WORKERS = 2
WEB_THREADS = 8


@dataclass
class Stack:
    """The parts of one home. ``given`` is the environment that may replace some of them."""

    home: Home
    given: Mapping[str, str]
    chain_id: int
    begins: int | None = None  # the chain's first second, for a world that begins in the past
    moved: list[str] = field(default_factory=list)  # ports that were taken, in words

    def __post_init__(self) -> None:
        self._ports: set[int] = set()
        self._doors: dict[int, socket] = {}
        self._last = stack_environment(self.home.folder)
        self.cluster = Cluster(self.home.postgres, said=self.home.log("postgres"))
        self.web_port = self._port("WEB_PORT", WEB_PORT)
        self.events_port = self._port("EVENTS_PORT", EVENTS_PORT)
        rpc_port = 0 if "RPC_URL" in self.given else self._port("RPC_PORT", RPC_PORT)
        self.chain = Anvil(
            rpc_port, self.chain_id, folder=self.home.chain,
            timestamp=self.begins, log=self.home.log("chain"),
        )  # fmt: skip
        self.environment = self._environment()

    def hold_doors(self) -> None:
        """Keep the ports of the portals, which start last, from now on. Raises StackError."""
        for port in (self.web_port, self.events_port):
            try:
                self._doors[port] = hold(port)
            except OSError as error:
                raise StackError(f"{port} 端口已被占用 / the port is taken: {error}") from error

    def close_doors(self) -> None:
        """Give the ports of the portals back. Harmless twice."""
        for door in self._doors.values():
            door.close()
        self._doors.clear()

    @property
    def owner_environment(self) -> dict[str, str]:
        """For the commands that change tables: the same stack, as the database's owner."""
        return {**self.environment, "DATABASE_URL": self.environment["DATABASE_OWNER_URL"]}

    @property
    def portal(self) -> str:
        """The address people open."""
        return f"http://127.0.0.1:{self.web_port}/"

    def engines(self) -> list[Part]:
        """Database, broker, chain: what must answer before anything of ours can begin."""
        return [self._postgres(), self._broker(), *self._chain()]

    def programs(self) -> list[Part]:
        """Our own processes behind the portals, in the order they start."""
        schedule = self.home.folder / "beat.db"
        return [
            self._signer(),
            self._doorless("sender", manage("sender"), "postgres", "chain", "signer"),
            self._doorless("indexer", manage("indexer"), "postgres", "chain"),
            self._doorless("worker", _celery("worker", *WORKER), "broker"),
            self._doorless("beat", _celery("beat", *BEAT, f"--schedule={schedule}"), "broker"),
        ]

    def portals(self) -> list[Part]:
        """What people and machines see: pages and API, and the stream of events."""
        return [self._web(), *self._events()]

    def producer(self, *, at_once: bool) -> list[Part]:
        """The process that mines the embedded chain; none beside somebody else's chain."""
        if "RPC_URL" in self.given:
            return []
        words = ["produce_blocks", *(["--at-once"] if at_once else [])]
        return [self._doorless("blocks", manage(*words), "chain")]

    def _environment(self) -> dict[str, str]:
        database = self.given.get("DATABASE_URL")
        embedded = {
            "DATABASE_URL": database or self.cluster.url(DATABASE, role=APP),
            "DATABASE_OWNER_URL": database or self.cluster.url(DATABASE, role=OWNER),
            "BROKER_URL": f"redis+socket://{self.home.sockets / 'valkey.sock'}",
            "RPC_URL": self.chain.url,
            "PUBLIC_URL": self.portal.rstrip("/"),
            "SIGNER_SOCKET": str(self.home.sockets / "signer.sock"),
        }
        chosen = {name: self.given.get(name, value) for name, value in embedded.items()}
        ports = {"WEB_PORT": self.web_port, "EVENTS_PORT": self.events_port}
        if "RPC_URL" not in self.given:
            ports["RPC_PORT"] = self.chain.port
        addresses = {name: str(port) for name, port in ports.items()}
        return {**chosen, **addresses, "SCF_HOME": str(self.home.folder)}

    def _port(self, name: str, default: int) -> int:
        if wanted := self.given.get(name):
            if not is_free(int(wanted)):
                raise StackError(f"{name}={wanted} 端口已被占用 / the port is taken")
            return int(wanted)
        wished = int(self._last.get(name, default))
        port = first_free(wished, but=self._ports)
        self._ports.add(port)
        if port != wished:
            self.moved.append(f"{name}: {wished} 已被占用, 改用 / is taken, moved to {port}")
        return port

    def _postgres(self) -> Part:
        if url := self.given.get("DATABASE_URL"):
            return Part("postgres", without_password(url), lambda: probes.database(url))
        return Part(
            "postgres", str(self.cluster.sockets), self.cluster.ready, self._start_postgres,
            stop_signal=signal.SIGINT, stop_seconds=60,
        )  # fmt: skip

    def _start_postgres(self) -> Process:
        self.cluster.initialise()
        return self.cluster.start()

    def _broker(self) -> Part:
        url = self.environment["BROKER_URL"]
        if "BROKER_URL" in self.given:
            return Part("broker", without_password(url), lambda: probes.broker(url))
        socket = self.home.sockets / "valkey.sock"
        command = [
            str(binaries.valkey()), "--port", "0", "--unixsocket", str(socket),
            "--unixsocketperm", "700", "--save", "", "--appendonly", "no",
            "--dir", str(self.home.folder), "--daemonize", "no",
        ]  # fmt: skip
        start = self._program("broker", command)
        return Part("broker", str(socket), lambda: probes.broker(url), start)

    def _chain(self) -> Iterator[Part]:
        url = self.environment["RPC_URL"]
        if "RPC_URL" in self.given:
            yield Part("chain", without_password(url), lambda: probes.node(url))
        else:
            yield Part("chain", url, self.chain.ready, self.chain.start, chore=self.chain.keep)

    def _signer(self) -> Part:
        socket = Path(self.environment["SIGNER_SOCKET"])
        return Part(
            "signer", str(socket), lambda: probes.signer(socket),
            self._program("signer", manage("signer")), leaves_children=True, needs=("postgres",),
        )  # fmt: skip

    def _doorless(self, name: str, command: list[str], *needs: str) -> Part:
        """A process nobody can knock at: it is up while it beats."""
        pulse = self.home.pulse(name)
        start = Program(command, self.home.log(name), self.environment, pulse=pulse)
        return Part(
            name, NO_DOOR, lambda: probes.pulse(pulse), start,
            leaves_children=True, settles=SETTLES, needs=needs,
        )  # fmt: skip

    def _web(self) -> Part:
        door = self._doors[self.web_port].fileno()
        command = [
            sys.executable, "-m", "gunicorn", "scf.config.wsgi:application",
            "--bind", f"fd://{door}", "--worker-class", "gthread",
            "--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS),
            "--graceful-timeout", "10", "--no-control-socket", "--log-level", "warning",
            "--preload",
        ]  # fmt: skip
        return Part(
            "web", self.portal, lambda: probes.page(self.web_port, "/readyz"),
            self._program("web", command, door), leaves_children=True,
            alive=lambda: probes.page(self.web_port, "/livez"), needs=("postgres",),
        )  # fmt: skip

    def _events(self) -> Iterator[Part]:
        if find_spec("scf.config.asgi") is None:
            return
        door = self._doors[self.events_port].fileno()
        command = [
            sys.executable, "-m", "uvicorn", "scf.config.asgi:application",
            "--fd", str(door), "--lifespan", "off", "--log-level", "warning",
            "--timeout-graceful-shutdown", "3",
        ]  # fmt: skip
        start = self._program("events", command, door)
        address = f"http://127.0.0.1:{self.events_port}/"
        yield Part("events", address, lambda: probes.speaks(self.events_port), start)

    def _program(self, name: str, command: list[str], door: int | None = None) -> Program:
        return Program(command, self.home.log(name), self.environment, door=door)


def _celery(name: str, *options: str) -> list[str]:
    app = [sys.executable, "-m", "celery", "--app", "scf.config.celery", "--quiet"]
    return [*app, name, "--loglevel", "INFO", *options]


def without_password(url: str) -> str:
    """An address fit to be shown: without user and password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
