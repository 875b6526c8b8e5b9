"""The block producer: mines the embedded chain when there is something to mine, rests when not.

After the last block with transactions it mines the empty blocks that confirmations need. Blocks are
a second apart, because the chain writes its state to disk once a second: what has its confirmations
survives a kill. While a world is lived through (``at_once``) nobody waits and nothing is paced.
"""

import threading
import time

from scf.core import pulse
from scf.runtime import jsonrpc

IDLE = 0.2  # seconds between two looks at the pool
APART = 1.0  # seconds between two blocks, as long as between two writings of the state
SILENT = 1.0  # seconds to wait when the node does not answer


class Producer:
    """Mines one chain until it is told to stop."""

    def __init__(self, url: str, *, confirmations: int, at_once: bool) -> None:
        self.url = url
        self.confirmations = confirmations
        self.at_once = at_once
        # What was mined before a restart may still lack its confirmations.
        self.owed = confirmations
        self._last = 0.0

    def run(self, stop: threading.Event) -> None:
        """Look, mine, rest, until ``stop`` is set. A silent node is waited for."""
        while not stop.is_set():
            pulse.beat()
            try:
                pause = self.step()
            except jsonrpc.NodeSilent:
                # A node that was away may have lost its last blocks, confirmations among them.
                self.owed = self.confirmations
                pause = SILENT
            stop.wait(pause)

    def step(self) -> float:
        """Mine at most one block; returns the seconds to rest before the next look."""
        wait = 0.0 if self.at_once else self._last + APART - time.monotonic()
        if wait > 0:
            return min(wait, IDLE)
        if self._waiting():
            self.owed = self.confirmations
        elif self.owed:
            self.owed -= 1
        else:
            return IDLE
        jsonrpc.call(self.url, "evm_mine", seconds=60)
        self._last = time.monotonic()
        return 0.0

    def _waiting(self) -> bool:
        pool = jsonrpc.call(self.url, "txpool_status")
        return isinstance(pool, dict) and int(str(pool["pending"]), 16) > 0
