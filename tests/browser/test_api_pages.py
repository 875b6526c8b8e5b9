"""The pages for developers run under our own policy: no inline script, no third party."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_description_unfolds_in_a_browser_under_the_strict_policy(page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    assert page.locator(".opblock").count() > 20
    page.locator(".opblock-summary-control").first.click()
    expect(page.locator(".opblock-body").first).to_be_visible()
    hosts = {url.split("/")[2] for url in asked if url.startswith("http")}
    assert hosts == {page.url.split("/")[2]}


def test_every_code_is_explained_on_one_page(page, look):
    assert page.goto("/api/problems/").status == 200
    expect(page.locator("#step_up_required")).to_be_visible()
    look("api-problems")
