"""The contracts' own tests, and the form of their sources."""

import subprocess

import pytest

from tests.contracts import toolchain


@pytest.mark.slow
def test_forge_test_passes():
    done = forge("test")
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


def test_sources_are_formatted():
    done = forge("fmt", "--check")
    assert done.returncode == 0, done.stdout[-4000:]


def forge(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [toolchain.need_forge(), *arguments],
        cwd=toolchain.CONTRACTS,
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
