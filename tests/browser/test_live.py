"""An open deal page changes without being loaded again: told by the stream, or by asking."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from playwright.sync_api import Page

from scf.financing.models import Application
from scf.financing.services import withdraw_application
from scf.portals.events.stream import EventStream
from scf.runtime.ports import any_free
from tests.browser.test_rooms import as_  # noqa: F401 - a fixture
from tests.factories.parties import somebody
from tests.portals.events.served import served
from tests.portals.test_applications import submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOLLOWS = "document.documentElement.dataset.follows"


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.fixture
def size() -> str:
    return "desk"


@pytest.fixture
def application(_documents_root, transactional_db) -> Application:
    return submitted()


@pytest.fixture
def portals_know(settings):
    """Tells the portals on which port the stream is, as the runtime does."""

    def tell(port: int) -> None:
        settings.EVENTS_PORT = port
        policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["connect-src"] = ["'self'", f"http://localhost:{port}"]
        settings.CONTENT_SECURITY_POLICY = policy

    return tell


@pytest.fixture
def stream(portals_know) -> Iterator[EventStream]:
    stream = EventStream()
    with served(stream) as port:
        portals_know(port)
        yield stream


def opened(page: Page, application: Application, follows: str) -> Page:
    page.goto(f"/deals/{application.deal_id}/")
    page.locator(f"html[data-follows='{follows}']").wait_for(state="attached")
    page.evaluate("window.sameDocument = true")
    return page


def test_the_deal_page_changes_by_the_stream_without_a_reload(as_, application, stream):  # noqa: F811
    page = opened(as_("zhou"), application, "stream")
    assert "已撤回" not in page.inner_text("main")
    page.focus("#live a >> nth=0")
    held = page.evaluate("document.activeElement.href")
    withdraw_application(application.pk, note="不再需要", by=somebody("ma"))
    page.locator("main").get_by_text("已撤回").first.wait_for()
    assert page.evaluate("window.sameDocument")
    assert page.evaluate(FOLLOWS) == "stream"
    assert page.evaluate("document.activeElement.href") == held


def test_without_a_stream_the_page_asks_every_few_seconds(as_, application, portals_know):  # noqa: F811
    portals_know(any_free())
    page = opened(as_("zhou"), application, "asking")
    withdraw_application(application.pk, note="不再需要", by=somebody("ma"))
    page.locator("main").get_by_text("已撤回").first.wait_for(timeout=10_000)
    assert page.evaluate("window.sameDocument")
