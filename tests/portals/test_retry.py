"""A form that lost a race between two locks is handed in again by itself."""

import psycopg
import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from scf.portals.middleware import TRIES, RetryMiddleware


def clash(kind: type[psycopg.Error]) -> OperationalError:
    """What Django raises for an error of the database."""
    error = OperationalError("lost")
    error.__cause__ = kind("lost")
    return error


class Door:
    """A view that loses so many races before it answers."""

    def __init__(self, losses: int, kind: type[psycopg.Error]) -> None:
        self.losses, self.kind, self.calls = losses, kind, 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.calls += 1
        if self.calls <= self.losses:
            raise clash(self.kind)
        return HttpResponse("done")


def hand_in(door: Door, method: str = "post", path: str = "/deals/") -> object:
    request = getattr(RequestFactory(), method)(path)
    return RetryMiddleware(HttpResponse).process_view(request, door, (), {})


@pytest.mark.parametrize(
    "kind", [psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure]
)
def test_a_lost_race_is_tried_again(kind):
    door = Door(2, kind)
    assert hand_in(door).content == b"done"
    assert door.calls == 3


def test_it_is_not_tried_for_ever():
    door = Door(99, psycopg.errors.DeadlockDetected)
    with pytest.raises(OperationalError):
        hand_in(door)
    assert door.calls == TRIES


def test_another_fault_is_not_tried_again():
    door = Door(1, psycopg.errors.LockNotAvailable)
    with pytest.raises(OperationalError):
        hand_in(door)
    assert door.calls == 1


@pytest.mark.parametrize(("method", "path"), [("get", "/deals/"), ("post", "/api/v1/orders")])
def test_reads_and_the_api_run_as_they_are(method, path):
    door = Door(0, psycopg.errors.DeadlockDetected)
    assert hand_in(door, method, path) is None
    assert door.calls == 0
