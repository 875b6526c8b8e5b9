"""Where the contracts' programs are, and a skip that names the one that is missing."""

import importlib.util
import os
import platform
import shutil
from pathlib import Path
from types import ModuleType

from tests.lacking import lacking

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
MODULES = CONTRACTS / "node_modules"
INSTALL = "run 'npm ci --ignore-scripts' in contracts/"
ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def need_npm_packages() -> None:
    """Skip unless the packages of package-lock.json that the compiler needs are there."""
    for package in ("solc", "@openzeppelin/contracts"):
        if not (MODULES / package / "package.json").is_file():
            lacking("npm", f"the npm package {package} is missing: {INSTALL}")


def need_node() -> str:
    """The node that contracts/solc would take."""
    beside = CONTRACTS.parent / ".venv/bin/node"
    found = os.environ.get("SCF_NODE") or (str(beside) if beside.is_file() else None)
    found = found or shutil.which("node")
    if found is None:
        lacking("node", "the program node is missing: install requirements-dev.lock or set SCF_NODE")
    return found


def need_forge() -> str:
    """The forge of FORGE_BIN, of the npm platform package, or of the PATH."""
    machine = ARCHITECTURES.get(platform.machine().lower(), platform.machine().lower())
    package = f"@foundry-rs/forge-{platform.system().lower()}-{machine}"
    packaged = MODULES / package / "bin/forge"
    found = os.environ.get("FORGE_BIN") or (str(packaged) if packaged.is_file() else None)
    found = found or shutil.which("forge")
    if found is None:
        lacking(
            "npm", f"the program forge is missing: {INSTALL} (package {package}), or set FORGE_BIN"
        )
    if not (MODULES / "@uniswap/v4-core/lib/forge-std/src/Test.sol").is_file():
        lacking("npm", f"the npm package @uniswap/v4-core (forge-std) is missing: {INSTALL}")
    return found


def compile_module() -> ModuleType:
    """contracts/compile.py, which is a script beside the sources and in no package."""
    spec = importlib.util.spec_from_file_location("contracts_compile", CONTRACTS / "compile.py")
    if spec is None or spec.loader is None:
        raise ImportError("contracts/compile.py cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
