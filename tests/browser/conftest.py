"""A real browser against a real server: pages opened as a person of the cast, looked at by axe.

Skipped, with a message, where the system has no chromium.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.desk import SHOTS, SIZES, Desk, follow
from tests.lacking import lacking
from tests.portals.conftest import PASSWORD, code_now
from tests.portals.deal.walk import Walk


def chromium() -> str | None:
    """The system's chromium: ``CHROMIUM`` names another."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        lacking("browser", "no chromium on this system: install it, or name one in CHROMIUM")
    # Playwright keeps an event loop in this thread; Django would take its presence for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(params=sorted(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    """Every page is looked at on a desk and on a phone."""
    return str(request.param)


@pytest.fixture
def context(browser: Browser, size: str, live_server) -> Iterator[BrowserContext]:
    cache.clear()
    # Colours that still fade from light to dark have no contrast to measure: nothing moves.
    context = browser.new_context(
        viewport=SIZES[size], base_url=live_server.url, locale="zh-CN", reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test when its scripts fail or its policy refuses something."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    yield page
    assert complaints == []


@pytest.fixture
def login(page: Page) -> Callable[..., Page]:
    """Logs in as a person would: ``login("ma")``, or ``login("yi", with_code=True)``."""

    def log_in(username: str, *, with_code: bool = False) -> Page:
        page.goto("/accounts/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", PASSWORD)
        follow(page, "main button")
        if with_code:
            page.fill("[name=code]", code_now())
            follow(page, "main button")
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    return log_in


@pytest.fixture
def desk(browser: Browser, live_server, walk: Walk) -> Iterator[Desk]:
    """The walk of the test's own module, each person before a browser of theirs."""
    desk = Desk(browser, live_server.url, walk)
    yield desk
    for page in desk.pages.values():
        page.context.close()
    assert not desk.complaints, "\n".join(desk.complaints)


@pytest.fixture
def look(page: Page, size: str) -> Callable[[str], None]:
    """Asks axe for violations and the page for sideways scrolling; keeps a picture in
    SCREENSHOTS.
    """

    def look_at(name: str) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{name}-{size}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= SIZES[size]["width"], f"{name} is {width} px wide"

    return look_at


def wait_for_next_code() -> None:
    """A code is taken once: waits until the authenticator shows the next one (at most 30 s)."""
    time.sleep(30 - time.time() % 30 + 0.2)
