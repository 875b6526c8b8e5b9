"""The bell and the messages in a real browser, on a desk and on a phone, looked at by axe."""

from datetime import timedelta

import pytest

from scf.notifications.services import tell
from scf.workflow.models import Fact
from tests.browser.desk import follow
from tests.factories.parties import user_of
from tests.loans.deal import MATURITY
from tests.notifications.conftest import morning, opened_loan_of, submitted
from tests.portals.rooms import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def as_(context, page, live_server):
    """The page as somebody of the cast who has logged in: ``as_("ma")``."""

    def become(key: str):
        session = browser_of(key).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return become


def test_a_reminder_is_found_by_the_bell_read_and_chosen_for_mail(
    as_, look, settings, tmp_path, transactional_db
):
    settings.DOCUMENTS_ROOT = str(tmp_path)
    application = submitted()
    opened_loan_of(application)
    morning(MATURITY - timedelta(days=7))
    tell(list(Fact.objects.order_by("pk")))

    page = as_("ma")
    page.goto("/m/")
    bell = page.locator("a.bell")
    count = int(bell.locator(".bell-count").inner_text())
    bell.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/")
    assert "还有 7 天：2026-06-10 应还 808,700.00 元" in page.inner_text("main")
    look("inbox")

    follow(page, page.get_by_role("button", name="标为已读：还有 7 天"))
    assert page.locator(".bell-count").all_inner_texts() == ([str(count - 1)] if count > 1 else [])

    page.goto("/inbox/preferences/")
    page.get_by_label("邮箱").fill("ma@jinhe.example")
    page.get_by_label("还款提醒").check()
    follow(page, page.get_by_role("button", name="保存", exact=True).last)
    look("inbox-preferences")
    assert page.get_by_label("还款提醒").is_checked()

    user = user_of("ma")
    user.language, user.theme = "en", "dark"
    user.save()
    page.goto("/inbox/")
    assert "808,700.00 yuan fall due on 2026-06-10" in page.inner_text("main")
    look("inbox-english-dark")
