"""The committed bytecode is what the committed sources compile to, by two ways to the compiler."""

import json
import subprocess
from types import ModuleType
from typing import Any

import pytest

from tests.contracts import toolchain

LARGEST_CONTRACT = 24_576  # bytes, EIP-170

# Compiling takes some 25 s; both ways and every comparison share the one standard input.


@pytest.fixture(scope="module")
def compiler() -> ModuleType:
    toolchain.need_npm_packages()
    toolchain.need_node()
    return toolchain.compile_module()


def committed() -> dict[str, str]:
    return {path.stem: path.read_text() for path in (toolchain.CONTRACTS / "abi").glob("*.json")}


@pytest.mark.slow
def test_py_solc_x_gives_the_committed_bytes(compiler):
    assert compiler.compile_all() == committed()


@pytest.mark.slow
def test_the_npm_compiler_called_by_node_gives_the_committed_bytes(compiler):
    given = compiler.standard_input()
    output = compile_with_node(given)
    version = compiler.compiler_version()
    assert compiler.artefacts(given, output, compiler=version) == committed()


def test_the_committed_source_hash_is_of_the_sources_as_they_are(compiler):
    hashes = {json.loads(text)["sourceHash"] for text in committed().values()}
    assert hashes == {compiler.source_hash(compiler.standard_input())}


def test_the_wrapper_says_its_version_as_solc_does():
    toolchain.need_npm_packages()
    toolchain.need_node()
    said = subprocess.run(
        [toolchain.CONTRACTS / "solc", "--version"], check=True, capture_output=True, text=True
    ).stdout
    assert "Version: 0.8.37+commit." in said


@pytest.mark.parametrize("name", sorted(committed()))
def test_every_contract_fits_on_a_chain(name):
    code = json.loads(committed()[name])["deployedBytecode"]
    assert 0 < (len(code) - 2) // 2 <= LARGEST_CONTRACT


def compile_with_node(given: dict[str, Any]) -> dict[str, Any]:
    program = (
        'process.stdout.write(require("./node_modules/solc").compile('
        'require("fs").readFileSync(0, "utf8")))'
    )
    done = subprocess.run(
        [toolchain.need_node(), "--stack-size=4000", "-e", program],
        input=json.dumps(given),
        cwd=toolchain.CONTRACTS,
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    output: dict[str, Any] = json.loads(done.stdout)
    return output
