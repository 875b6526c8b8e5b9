"""Files on disk under random names below ``DOCUMENTS_ROOT``, written whole or not at all."""

import os
import secrets
from pathlib import Path

from django.conf import settings


def write(content: bytes) -> str:
    """Write the bytes under a new random name, durable before it returns; returns the name.

    A transaction that rolls back afterwards leaves a file that no row names: harmless and
    unreadable.
    """
    stored_name = secrets.token_hex(32)
    target = path_of(stored_name)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(target)
    _sync_folder(target.parent)
    return stored_name


def read(stored_name: str) -> bytes:
    """The bytes stored under this name; raises FileNotFoundError when the disk lost them."""
    return path_of(stored_name).read_bytes()


def path_of(stored_name: str) -> Path:
    """Where the file of this name lies; two folders deep, so that no folder grows too long."""
    return Path(settings.DOCUMENTS_ROOT) / stored_name[:2] / stored_name[2:4] / stored_name


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
