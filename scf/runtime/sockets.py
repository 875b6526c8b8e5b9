"""Unix sockets need short paths: 107 bytes at most, so deep folders get a short stand-in."""

import hashlib
import os
from pathlib import Path

PATH_LIMIT = 107  # bytes of a Unix socket's path, the closing zero included


def folder_for(folder: Path, *, longest_name: str) -> Path:
    """The folder itself if a socket of that name fits below it, else a short one of its own.

    The stand-in is named after the folder and the user; whoever makes it must make it 0700 and
    refuse it when it belongs to somebody else.
    """
    if len(os.fsencode(folder / longest_name)) < PATH_LIMIT:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(f"/tmp/scf-{os.geteuid()}-{digest}")  # noqa: S108 - short on purpose, see above
