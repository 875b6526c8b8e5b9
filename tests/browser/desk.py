"""Everybody's own browser before one deal: opened, pressed, and looked at on a desk and a phone."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from scf.rehearsal.cast import PASSWORD, needs_totp
from tests.portals.deal.people import code_of
from tests.portals.deal.walk import Walk

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
SHOTS = os.environ.get("SCREENSHOTS", "")


def follow(page: Page, what: str | Locator) -> None:
    """Click the first of what leads to another page, and wait for that page: a click alone
    returns while the old page is still there, and whoever then reads may read either.
    """
    link = page.locator(what) if isinstance(what, str) else what
    with page.expect_navigation():
        link.first.click()


class Desk:
    """Everybody's own browser before one deal."""

    def __init__(self, browser: Browser, address: str, deal: Walk) -> None:
        self.browser, self.address, self.deal = browser, address, deal
        self.pages: dict[str, Page] = {}
        self.complaints: list[str] = []

    def page_of(self, key: str) -> Page:
        if key not in self.pages:
            self.pages[key] = self._logged_in(key)
        return self.pages[key]

    def _logged_in(self, key: str) -> Page:
        context = self.browser.new_context(
            viewport=SIZES["desk"],
            base_url=self.address,
            locale="zh-CN",
            reduced_motion="reduce",
        )
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.goto("/accounts/login/")
        page.fill("[name=login]", key)
        page.fill("[name=password]", PASSWORD)
        follow(page, "main button")
        if needs_totp(key):
            # A code is taken once, and the walk may have used the present one.
            page.fill("[name=code]", code_of(key, ahead=int(key in self.deal.clients)))
            follow(page, "main button")
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    def _hear(self, said) -> None:
        if "Content Security" in said.text:
            self.complaints.append(said.text)

    def open(self, key: str, path: str = "") -> Page:
        page = self.page_of(key)
        page.goto(path if path.startswith("/") else self.deal.url(path))
        return page

    def press(self, key: str, words: str) -> Page:
        """Press a link or button of these words, then let the chain come to rest."""
        page = self.page_of(key)
        follow(page, page.locator("main a, main button").filter(has_text=words, visible=True))
        self.deal.rest()
        return page

    def look(self, key: str, name: str) -> None:
        """On a desk and on a phone: a picture, nothing for axe to say, no sideways scrolling."""
        page = self.page_of(key)
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            if SHOTS:
                Path(SHOTS).mkdir(parents=True, exist_ok=True)
                page.screenshot(path=f"{SHOTS}/{name}-{size}.png", full_page=True)
            found = Axe().run(page)
            self.complaints += [
                f"{name} {size}: {one['id']} {[node['html'][:200] for node in one['nodes'][:3]]}"
                for one in found.response["violations"]
            ]
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > viewport["width"]:
                self.complaints.append(f"{name} is {width} px wide on a {size}")
        page.set_viewport_size(SIZES["desk"])
