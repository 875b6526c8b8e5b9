"""The database is away: pages, parts, streams and machines hear so calmly, and it comes again."""

import json
import socket
from collections.abc import Iterator

import pytest
from django.db import close_old_connections, connection
from django.test import Client

from scf.parties.models import User
from scf.portals.events.stream import EventStream
from tests.portals.conftest import log_in
from tests.portals.events.served import Ear, served

pytestmark = pytest.mark.django_db(transaction=True)
STILL_SAVED = "凡显示成功的都已保存，不会丢失"
NOTHING_LOST = "Nothing that was acknowledged is lost"


@pytest.fixture
def browser(ma: User) -> Client:
    client = Client(raise_request_exception=False)
    log_in(client, "ma")
    return client


@pytest.fixture
def away(browser: Client) -> Iterator[None]:
    """Every connection of this process finds a port at which nobody answers."""
    connection.close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    kept = dict(connection.settings_dict)
    connection.settings_dict.update(HOST="127.0.0.1", PORT=str(port))
    yield
    connection.close()
    connection.settings_dict.update(HOST=kept["HOST"], PORT=kept["PORT"])


@pytest.mark.parametrize("address", ["/", "/m/", "/inbox/", "/verify/X-1", "/accounts/security/"])
def test_a_page_says_so_in_both_languages_and_nothing_of_the_inside(browser, away, address):
    answer = browser.get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    page = answer.content.decode()
    for words in (STILL_SAVED, NOTHING_LOST, "<html"):
        assert words in page
    for inside in ("Traceback", "OperationalError", "psycopg", "127.0.0.1"):
        assert inside not in page
    assert "sessionid" not in answer.cookies  # the reader is still logged in afterwards
    assert "script-src" in answer.headers["Content-Security-Policy"]


def test_what_is_sent_is_not_taken_for_done(browser, away):
    for address in ("/accounts/login/", "/preferences/", "/inbox/read"):
        answer = browser.post(address, {"login": "ma", "password": "x"})
        assert answer.status_code == 503, address


def test_a_part_of_a_page_becomes_an_alert_where_the_page_keeps_its_alerts(browser, away):
    answer = browser.get("/inbox/bell", headers={"hx-request": "true"})
    assert answer.status_code == 503
    assert answer.headers["HX-Retarget"] == "#refusal"
    assert STILL_SAVED in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_machine_gets_a_problem_document_and_when_to_come_again(ma, browser, away):
    for headers in ({"authorization": "Bearer scf_0123456789ab_" + "0" * 64}, {}):
        client = Client(raise_request_exception=False, headers=headers)
        client.cookies = browser.cookies
        answer = client.get("/api/v1/orders")
        assert answer.status_code == 503
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert answer.headers["Retry-After"].isdigit()
        assert json.loads(answer.content)["code"] == "busy"


def test_it_is_alive_but_not_ready(browser, away):
    assert Client().get("/livez").status_code == 200
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "down"


def test_the_event_stream_refuses_for_the_moment(browser, away):
    session = browser.cookies["sessionid"].value
    with served(EventStream()) as port:
        ear = Ear(port, "/events/deals/0190f0f0-0000-7000-8000-000000000000", session)
        assert ear.status == 503
        ear.close()


def test_a_page_works_again_as_soon_as_the_database_does(browser, ma):
    assert browser.get("/m/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    # In the middle of a request the lost connection is noticed; between two, as servers do, left.
    assert browser.get("/m/").status_code == 503
    close_old_connections()
    assert browser.get("/m/").status_code == 200


def test_without_a_broker_pages_and_forms_work_as_ever(browser, ma, settings):
    settings.BROKER_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert browser.get("/m/").status_code == 200
    answer = browser.post("/preferences/", {"language": "en", "next": "/m/"})
    assert answer.headers["Location"] == "/m/"
    ma.refresh_from_db()
    assert ma.language == "en"
    ready = Client().get("/readyz")
    assert (ready.status_code, ready.json()["parts"]["broker"]) == (200, "down")
