"""Free ports of this machine's loopback."""

import socket
from collections.abc import Collection

LOOPBACK = "127.0.0.1"
BACKLOG = 512


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def any_free() -> int:
    """A port nobody listens on; the system picks it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def first_free(wanted: int, *, but: Collection[int] = (), tries: int = 50) -> int:
    """The wanted port, or the next free one above it, or any at all; none of ``but``."""
    for port in range(wanted, min(wanted + tries, 65536)):
        if port not in but and is_free(port):
            return port
    return any_free()


def hold(port: int) -> socket.socket:
    """Listen on a port for a part that is yet to start, and for each one that comes after it.

    Nobody else takes the port meanwhile, and who calls waits for an answer instead of being
    refused. Raises OSError when the port is taken.
    """
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((LOOPBACK, port))
        door.listen(BACKLOG)
    except OSError:
        door.close()
        raise
    return door
