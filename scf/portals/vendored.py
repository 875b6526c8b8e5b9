"""The front-end files of others that we ship: what they are, from which package, and their sums."""

import base64
import hashlib
import json
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "vendor"
LOCK = FOLDER / "lock.json"


def locked() -> dict[str, dict[str, str]]:
    """By file name: npm package, version, licence and the ``sha384-…`` sum it must have."""
    files: dict[str, dict[str, str]] = json.loads(LOCK.read_text())
    return files


def sum_of(name: str) -> str:
    """The sum of the file as it lies in the tree, written as browsers write an integrity value."""
    digest = hashlib.sha384((FOLDER / name).read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"
