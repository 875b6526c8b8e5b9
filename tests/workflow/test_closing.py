"""What was staged in an act is handed to its closer once, at the outermost end."""

from collections.abc import Iterator

import pytest
from django.db import connection

from scf.workflow import closing
from scf.workflow.closing import closing_act, register_closer, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed() -> Iterator[list[list[str]]]:
    """What the test's own closer was given, call by call."""
    calls: list[list[str]] = []
    register_closer(calls.append)
    yield calls
    closing._closers.pop()


def test_a_closer_gets_all_items_in_one_call(handed: list[list[str]]) -> None:
    closer = closing._closers[-1]
    with closing_act():
        stage(closer, ["a"])
        with closing_act():
            stage(closer, ["b", "c"])

    assert handed == [["a", "b", "c"]]


def test_an_act_in_which_nothing_was_staged_calls_nobody(handed: list[list[str]]) -> None:
    with closing_act():
        pass

    assert handed == []


def test_a_closer_runs_in_the_transaction_of_the_act() -> None:
    seen = []

    def closer(_items: list[str]) -> None:
        seen.append(connection.in_atomic_block)

    register_closer(closer)
    with closing_act():
        stage(closer, ["a"])
    closing._closers.remove(closer)

    assert seen == [True]


def test_closers_stage_nothing() -> None:
    def closer(items: list[str]) -> None:
        stage(closer, items)

    register_closer(closer)
    with pytest.raises(AssertionError, match="while the act closes"), closing_act():
        stage(closer, ["a"])
    closing._closers.remove(closer)


def test_only_a_registered_closer_can_be_staged_for() -> None:
    with pytest.raises(AssertionError, match="not a registered closer"), closing_act():
        stage(print, ["a"])


def test_an_act_can_stand_before_a_function(handed: list[list[str]]) -> None:
    closer = closing._closers[-1]

    @closing_act()
    def act(item: str) -> None:
        stage(closer, [item])

    act("a")
    act("b")

    assert handed == [["a"], ["b"]]
