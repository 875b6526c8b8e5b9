"""Compiles the contracts with the one compiler of this repository and writes abi/<Name>.json.

Run after every change under src/: ``python contracts/compile.py``. Running the platform needs no
compiler: it reads the committed files, and tests/contracts/test_artefacts.py compares them byte by byte.
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import solcx

HERE = Path(__file__).resolve().parent
SOLC = HERE / "solc"
ABI = HERE / "abi"
CONTRACTS = ("PartyRegistry", "WalletRegistry", "DigitalYuan", "EscrowVault", "DirectedEscrow")
IMPORT = re.compile(r'^\s*(?:import|\}\s*from)\b[^;]*?"([^"]+)"', re.MULTILINE | re.DOTALL)

# The same as in foundry.toml. No metadata in the bytecode, so that bytes depend on the code alone.
SETTINGS: dict[str, Any] = {
    "evmVersion": "cancun",
    "metadata": {"appendCBOR": False, "bytecodeHash": "none"},
    "optimizer": {"enabled": True, "runs": 400},
    "outputSelection": {"*": {"*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"]}},
    "viaIR": True,
}


def standard_input() -> dict[str, Any]:
    """The compiler's input: our sources and every source they import, by name."""
    sources: dict[str, dict[str, str]] = {}
    waiting = [f"src/{name}.sol" for name in CONTRACTS]
    while waiting:
        name = waiting.pop()
        if name in sources:
            continue
        text = _path_of(name).read_text(encoding="utf-8")
        sources[name] = {"content": text}
        waiting.extend(_resolve(name, target) for target in IMPORT.findall(text))
    return {"language": "Solidity", "sources": dict(sorted(sources.items())), "settings": SETTINGS}


def source_hash(given: dict[str, Any]) -> str:
    """SHA-256 over all sources and settings, in hex: tells in a moment whether abi/ is out of date."""
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()


def artefacts(given: dict[str, Any], output: dict[str, Any], *, compiler: str) -> dict[str, str]:
    """The text of each committed file, by contract name."""
    files = {}
    for name in CONTRACTS:
        built = output["contracts"][f"src/{name}.sol"][name]
        settings = {key: value for key, value in SETTINGS.items() if key != "outputSelection"}
        artefact = {
            "contractName": name,
            "abi": built["abi"],
            "bytecode": "0x" + built["evm"]["bytecode"]["object"],
            "deployedBytecode": "0x" + built["evm"]["deployedBytecode"]["object"],
            "compiler": compiler,
            "settings": settings,
            "sourceHash": source_hash(given),
        }
        files[name] = json.dumps(artefact, indent=1, sort_keys=True) + "\n"
    return files


def compiler_version() -> str:
    """What the pinned compiler calls itself."""
    version = json.loads((HERE / "node_modules/solc/package.json").read_text(encoding="utf-8"))
    return f"solc-js {version['version']}"


def compile_all() -> dict[str, str]:
    """Compile everything through py-solc-x and answer the files' texts."""
    given = standard_input()
    output = solcx.compile_standard(given, solc_binary=SOLC)
    return artefacts(given, output, compiler=compiler_version())


def _path_of(name: str) -> Path:
    return HERE / (f"node_modules/{name}" if name.startswith("@") else name)


def _resolve(importer: str, target: str) -> str:
    if not target.startswith("."):
        return target
    parts = importer.split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            parts.pop()
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def main() -> None:
    """Write the artefacts."""
    ABI.mkdir(exist_ok=True)
    for name, text in compile_all().items():
        (ABI / f"{name}.json").write_text(text, encoding="utf-8")
        sys.stdout.write(f"abi/{name}.json\n")


if __name__ == "__main__":
    main()
