"""``.env.example`` lists every variable the product reads, and none that it does not."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ = re.compile(
    r"""env\.(?:text|number|flag|words)\(\s*"([A-Z_]+)"      # settings
    | environ(?:\.get\(|\[)"([A-Z_]+)"                        # programs
    | given(?:\.get\(|\[)"([A-Z_]+)"                          # the stack's own choice
    | _port\("([A-Z_]+)"
    | _first\([^)]*"([A-Z_]+_BIN)"
    """,
    re.VERBOSE,
)
# The system's own, and variables that one process of ours sets for another.
NOT_OURS = {
    "PATH",
    "HOME",
    "DATABASE_URL_FILE",
    "SIGNER_PASSWORD_FILE",
    "PULSE_FILE",
    "PYTEST_XDIST_WORKER",
}

FOR_COMPOSE_ALONE = {"POSTGRES_PASSWORD", "BROKER_PASSWORD"}


def variables_read() -> set[str]:
    files = [*(ROOT / "scf").rglob("*.py"), ROOT / "tests" / "cluster.py"]
    found = {
        name for file in files for match in READ.findall(file.read_text()) for name in match if name
    }
    return found - NOT_OURS


def variables_listed() -> set[str]:
    return set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_every_variable_that_is_read_is_listed():
    assert variables_read() - variables_listed() == set()


def test_no_variable_is_listed_that_nobody_reads():
    assert variables_listed() - variables_read() == FOR_COMPOSE_ALONE
