"""A process works, waits for a nudge, outlives outages, and ends when it is told to."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection

from scf.chain import doorbell
from scf.chain.loop import Loop
from scf.core.errors import Unavailable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


def end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_it_ends_after_the_step_that_runs():
    steps = []

    def step() -> int:
        steps.append("done")
        end()
        return 1

    Loop("test", [doorbell.COMMANDS]).run(step)
    assert steps == ["done"]


def test_a_committed_nudge_wakes_it_before_its_time():
    times = []

    def step() -> int:
        times.append(time.monotonic())
        if len(times) == 2:
            end()
        return 0 if len(times) == 1 else 1

    def nudge() -> None:
        time.sleep(0.4)
        doorbell.ring(doorbell.COMMANDS)
        connection.close()

    nudger = threading.Thread(target=nudge)
    nudger.start()
    Loop("test", [doorbell.COMMANDS], poll_seconds=30).run(step)
    nudger.join()
    assert times[1] - times[0] < 15


def test_it_waits_out_an_outage_and_checks_its_world_again():
    heard = []

    def step() -> int:
        heard.append("step")
        if heard.count("step") == 1:
            raise Unavailable("the node is silent")
        end()
        return 1

    Loop("test", [doorbell.COMMANDS]).run(step, first=lambda: heard.append("check"))
    assert heard == ["check", "step", "check", "step"]


def test_a_mistake_of_ours_is_not_waited_out():
    def step() -> int:
        raise AssertionError("a bug")

    with pytest.raises(AssertionError, match="a bug"):
        Loop("test", [doorbell.COMMANDS]).run(step)
