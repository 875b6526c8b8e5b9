"""The locks agree: what runs is what was tested, by its hashes, from no named place."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PINNED = re.compile(
    r"^([A-Za-z0-9._-]+)==([^\s\\]+)((?:\s*\\\n\s+--hash=sha256:[0-9a-f]{64})+)", re.MULTILINE
)
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = ("requirements.lock", "requirements-dev.lock", "contracts/package-lock.json")


def pinned(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    found = PINNED.findall((ROOT / lock).read_text())
    return {
        plain(name): (version, frozenset(re.findall(r"sha256:\w+", hashes)))
        for name, version, hashes in found
    }


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named(requirements: list[str]) -> set[str]:
    return {plain(re.match(r"[A-Za-z0-9._-]+", each)[0]) for each in requirements}


def test_what_runs_is_what_was_tested():
    running, tested = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert len(running) > 50
    assert {name: tested.get(name) for name in running} == running


def test_each_lock_holds_what_the_project_asks_for():
    assert named(PYPROJECT["dependencies"]) <= set(pinned("requirements.lock"))
    dev = named(PYPROJECT["optional-dependencies"]["dev"])
    assert dev <= set(pinned("requirements-dev.lock"))


def test_the_tools_of_development_do_not_run_in_production():
    assert set(pinned("requirements.lock")) & {"pytest", "mypy", "ruff", "playwright"} == set()


@pytest.mark.parametrize("lock", LOCKS[:2])
def test_no_package_is_locked_without_its_hashes(lock):
    text = (ROOT / lock).read_text()
    assert set(re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)) == {
        name for name, _version, _hashes in PINNED.findall(text)
    }


def test_no_node_package_is_locked_without_its_hash():
    packages = json.loads((ROOT / LOCKS[2]).read_text())["packages"]
    locked = {name: package for name, package in packages.items() if name}
    assert [name for name, package in locked.items() if "integrity" not in package] == []
    assert [name for name, package in locked.items() if "resolved" in package] == []


@pytest.mark.parametrize("lock", LOCKS[:2])
def test_a_lock_names_no_place_to_fetch_from(lock):
    lines = (ROOT / lock).read_text().splitlines()
    said = [line for line in lines if not line.startswith("#")]
    assert [line for line in said if re.search(r"://|^\s*-[^-]|--[a-z-]+-(url|links)", line)] == []


def test_the_image_is_built_from_what_runs():
    dockerfile = (ROOT / "docker" / "Dockerfile").read_text()
    assert "requirements-dev.lock" not in dockerfile
    assert "make venv" in dockerfile
