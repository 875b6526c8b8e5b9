"""One command on a database and a chain of its own, of which nothing stays."""

import subprocess
import tempfile
from pathlib import Path

import pytest

from scf.runtime.parts import manage

pytestmark = pytest.mark.slow
BEGINS = 1_772_640_000  # 2026-03-05, Shanghai


def folders():
    return set(Path(tempfile.gettempdir()).glob("scf-apart-*"))


def run_apart(*words):
    command = manage("apart", "--begins", str(BEGINS), *words)
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_finds_its_tables_and_its_chain_and_leaves_nothing():
    before = folders()

    done = run_apart("deploy_contracts", "--mine")

    assert done.returncode == 0, done.stderr
    assert "DirectedEscrow" in done.stdout
    assert folders() <= before


def test_its_exit_status_is_passed_on():
    assert run_apart("rehearse_deal", "--order", "/nowhere", "--here").returncode == 2
