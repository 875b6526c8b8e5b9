"""The event stream: an open page hears of its deal at once, and nobody else hears anything."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from scf.financing.models import Application
from scf.financing.services import withdraw_application
from scf.portals.events.stream import EventStream
from tests.factories.parties import somebody
from tests.portals.events.served import Ear, served
from tests.portals.rooms import browser_of
from tests.portals.test_applications import submitted

pytestmark = pytest.mark.django_db(transaction=True)
OTHER_DEAL = "0190f0f0-0000-7000-8000-000000000000"


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.fixture
def application(_documents_root, transactional_db) -> Application:
    return submitted()


@pytest.fixture
def stream() -> EventStream:
    return EventStream(heartbeat=0.2, lasts=60, a_user=2)


@pytest.fixture
def port(stream: EventStream, transactional_db) -> Iterator[int]:
    with served(stream) as port:
        yield port


@pytest.fixture
def hear() -> Iterator[Callable[..., Ear]]:
    """Opens a stream: ``hear(port, application, "ma")``; all are closed at the end."""
    ears: list[Ear] = []

    def open_one(port: int, about: Application | str, key: str = "", **headers: str) -> Ear:
        path = about if isinstance(about, str) else f"/events/deals/{about.deal_id}"
        ears.append(Ear(port, path, session_of(key) if key else "", **headers))
        return ears[-1]

    yield open_one
    for ear in ears:
        ear.close()


def session_of(key: str) -> str:
    return browser_of(key).cookies["sessionid"].value


def waited_until(said) -> bool:
    until = time.monotonic() + 10
    while not said() and time.monotonic() < until:
        time.sleep(0.02)
    return said()


def test_a_nudge_arrives_within_a_second_after_a_fact_commits(hear, application, stream, port):
    ear = hear(port, application, "ma")
    assert ear.status == 200
    assert ear.answer.headers["Content-Type"].startswith("text/event-stream")
    ear.next_event()  # said once when the listener begins
    withdraw_application(application.pk, note="不再需要", by=somebody("ma"))
    assert ear.next_event() < 1
    ear.close()
    assert waited_until(lambda: stream.open.total() == 0)


def test_every_party_hears_and_one_connection_listens_for_all(hear, application, stream, port):
    ears = [hear(port, application, key) for key in ("ma", "lan", "zhou")]
    assert [ear.status for ear in ears] == [200, 200, 200]
    ears[0].next_event()  # said once when the listener begins, to who was there
    withdraw_application(application.pk, note="不再需要", by=somebody("ma"))
    assert all(ear.next_event() < 1 for ear in ears)
    assert stream.nudges.connections == 1


def test_a_stranger_finds_nothing(hear, application, port):
    for key in ("sly", "tian", "opal"):
        assert hear(port, application, key).status == 404
    assert hear(port, f"/events/deals/{OTHER_DEAL}", "ma").status == 404
    assert hear(port, "/deals/", "ma").status == 404


def test_without_a_session_nobody_is_let_in(hear, application, port):
    assert hear(port, application).status == 401
    assert hear(port, application, Cookie="sessionid=" + "a" * 32).status == 401


def test_bank_staff_without_their_second_factor_find_nothing(hear, application, port):
    browser = browser_of("zhou")
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    assert hear(port, application, Cookie=f"sessionid={session.session_key}").status == 404


def test_a_foreign_host_is_refused(hear, application, port):
    answer = hear(port, application, "ma", Host="evil.example")
    assert answer.status == 400


def test_one_user_holds_only_so_many_streams(hear, application, stream, port):
    ears = [hear(port, application, "ma") for _each in range(3)]
    assert [ear.status for ear in ears] == [200, 200, 429]
    ears[0].close()
    assert waited_until(lambda: stream.open.total() == 1)
    assert hear(port, application, "ma").status == 200


def test_a_stream_ends_by_itself_and_its_heart_beats_until_then(hear, application):
    stream = EventStream(heartbeat=0.1, lasts=0.6)
    with served(stream) as port:
        said = hear(port, application, "ma").rest()
        assert said.startswith("retry: 2000\n")
        assert said.count(": still here") >= 3
        assert waited_until(lambda: stream.open.total() == 0)


def test_a_lost_connection_is_made_again_and_everybody_looks(hear, application, stream, port):
    ear = hear(port, application, "ma")
    ear.next_event()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE query = 'LISTEN facts' AND datname = current_database()"
        )
        assert cursor.fetchone() == (1,)
    ear.next_event()  # connected again: who may have missed something looks
    withdraw_application(application.pk, note="不再需要", by=somebody("ma"))
    assert ear.next_event() < 1
    assert stream.nudges.connections == 2
    ear.close()


def test_the_portals_page_may_read_the_stream_from_its_own_host_alone(
    hear, application, port, settings
):
    settings.EVENTS_PORT = port
    ours = hear(port, application, "ma", Origin="http://127.0.0.1:8000").answer.headers
    assert ours["Access-Control-Allow-Origin"] == "http://127.0.0.1:8000"
    assert ours["Access-Control-Allow-Credentials"] == "true"
    theirs = hear(port, application, "ma", Origin="http://evil.example:8000").answer.headers
    assert theirs["Access-Control-Allow-Origin"] is None
    settings.EVENTS_PORT = 0
    behind = hear(port, application, "lan", Origin="http://127.0.0.1:8000")
    assert behind.status == 200
    assert behind.answer.headers["Access-Control-Allow-Origin"] is None
