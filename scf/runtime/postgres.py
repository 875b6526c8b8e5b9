"""An embedded PostgreSQL cluster: initialised, started, asked and stopped.

It listens on a Unix socket in a folder of its own and never on TCP. PostgreSQL refuses to run as
root, so root runs it as the user nobody. ``postmaster.pid`` is never touched: after a crash the
server decides itself when its old backends are gone.
"""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from scf.runtime import sockets
from scf.runtime.binaries import postgres_folder

NOBODY = 65534
OWNER = "scf_owner"
APP = "scf_app"
SOCKET_NAME = ".s.PGSQL.5432"


class PostgresError(RuntimeError):
    """The cluster could not be made, started or stopped; the message says what it said."""


@dataclass(frozen=True)
class Cluster:
    """One data folder and its server. ``durable=False`` is for tests: it survives no power cut."""

    folder: Path
    durable: bool = True
    said: Path | None = None

    @property
    def data(self) -> Path:
        """The data folder, owned by whoever runs the server."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server says: ``said``, or a file beside the cluster's folder."""
        return self.said or self.folder.with_suffix(".log")

    @property
    def sockets(self) -> Path:
        """A 0700 folder for the socket: the cluster's own, or a short one instead."""
        return sockets.folder_for(self.folder, longest_name=SOCKET_NAME)

    def url(self, database: str, *, role: str = OWNER) -> str:
        """The address of a database of this cluster, as libpq reads it."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='/')}"

    @property
    def is_made(self) -> bool:
        """Whether the data folder holds a cluster."""
        return (self.data / "PG_VERSION").exists()

    def initialise(self) -> None:
        """Make the data folder if it is not there yet. Safe to call twice. Raises PostgresError."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, self.data):
            self._own_folder(folder)
        if self.is_made:
            return
        command = [
            str(postgres_folder() / "initdb"), "--pgdata", str(self.data), "--username", OWNER,
            "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums",
        ]  # fmt: skip
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(  # noqa: S603 - our own binary and arguments
            self._prefix() + command,
            user=self._user(), cwd="/", env=_environment(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            # A half-made folder would be refused by the next attempt.
            shutil.rmtree(self.data, ignore_errors=True)
            raise PostgresError(f"initdb: {done.stderr.strip() or done.stdout.strip()}")

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and return at once; ``wait_ready`` says when it answers."""
        self._own_folder(self.sockets)
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own binary and arguments
                self._prefix() + self._command(),
                user=self._user(), cwd="/", env=_environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def stop(self, server: subprocess.Popen[bytes], *, seconds: float = 30) -> None:
        """Fast shutdown: sessions are ended, everything is written. Harmless when it has ended."""
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(seconds)
            except subprocess.TimeoutExpired:
                # Immediate shutdown: the next start replays the log, nothing committed is lost.
                server.send_signal(signal.SIGQUIT)
                server.wait(seconds)

    def ready(self) -> bool:
        """Whether the server answers a question now."""
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.Error:
            return False

    def wait_ready(self, server: subprocess.Popen[bytes], *, seconds: float = 60) -> None:
        """Wait until it answers. Raises PostgresError with the log's end when it does not."""
        until = time.monotonic() + seconds
        while not self.ready():
            if server.poll() is not None:
                raise PostgresError(f"PostgreSQL ended: {self.last_words()}")
            if time.monotonic() > until:
                raise PostgresError(f"silent for {seconds:.0f} s: {self.last_words()}")
            time.sleep(0.1)

    def last_words(self) -> str:
        """The last lines of the server's log, for an error message."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return " | ".join(lines[-4:])

    def create_database(self, name: str) -> None:
        """Create a database and the two roles of the house: the owner migrates, the app runs.

        Safe to call twice. The app role is no superuser; rooms revoke from it what must stay.
        """
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP])
            if not known.fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APP)))
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not found.fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            for statement in _APP_GRANTS:
                connection.execute(statement)

    def _command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "timezone": "UTC",
            "log_line_prefix": "%m [%p] ",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(postgres_folder() / "postgres"), "-D", str(self.data), *options]

    def _user(self) -> int | None:
        return NOBODY if os.geteuid() == 0 and self._nobody_reaches() else None

    def _prefix(self) -> list[str]:
        if os.geteuid() != 0 or self._nobody_reaches():
            return []
        # Root keeps its access to the files, and the server sees itself as somebody else.
        return ["unshare", "--user", f"--map-user={NOBODY}", "--"]

    def _nobody_reaches(self) -> bool:
        ways = (self.folder, self.sockets, postgres_folder() / "postgres")
        folders = [parent for way in ways for parent in way.resolve().parents]
        return all(folder.stat().st_mode & 0o001 for folder in folders)

    def _own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = self._user() or os.geteuid()
        if folder.stat().st_uid not in (owner, os.geteuid()):
            raise PostgresError(f"{folder} belongs to somebody else (uid {folder.stat().st_uid})")
        if folder.stat().st_uid != owner:
            os.chown(folder, owner, -1)
        folder.chmod(0o700)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


_APP_GRANTS = (
    f"GRANT USAGE ON SCHEMA public TO {APP}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public "
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public "
    f"GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {APP}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public "
    f"GRANT EXECUTE ON FUNCTIONS TO {APP}",
)
