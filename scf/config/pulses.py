"""How Celery's two processes show that they come round: see ``scf.core.pulse``."""

from typing import Any

from celery import bootsteps
from celery.beat import PersistentScheduler

from scf.core import pulse

EVERY = 5.0  # seconds between two beats of a worker


class WorkerPulse(bootsteps.StartStopStep):  # type: ignore[misc]
    """Beats with the worker's own event loop, so that a loop that hangs falls silent."""

    requires = {"celery.worker.components:Timer"}

    def __init__(self, _worker: Any, **_options: Any) -> None:
        self.timer: Any = None

    def start(self, worker: Any) -> None:
        """Begin to beat."""
        self.timer = worker.timer.call_repeatedly(EVERY, pulse.beat)

    def stop(self, _worker: Any) -> None:
        """Beat no more."""
        if self.timer:
            self.timer.cancel()


class PulsingScheduler(PersistentScheduler):  # type: ignore[misc]
    """Beats at every look at the schedule."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Send what is due; returns the seconds until the next look."""
        pulse.beat()
        return super().tick(*args, **kwargs)
