"""Orders, applying, programmes and limits in a real browser, on a desk and on a phone, looked at by
axe.
"""

import re
from datetime import timedelta

import pytest

from scf.core.actor import SYSTEM
from scf.credit.inputs import LimitIn
from scf.credit.services import propose_limit, propose_version
from scf.financing.services import ApplicationIn, submit_application
from scf.trade.selectors import list_imports
from scf.workflow import clocks
from tests.browser.desk import follow
from tests.factories.credit import GOLDEN_TERMS, ready_programme
from tests.factories.parties import party, somebody
from tests.factories.trade import confirmed_order, draft_order, line_ids_of
from tests.portals.rooms import browser_of
from tests.portals.test_orders import HEAD, ROW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.fixture
def as_(context, page, live_server):
    """The page as somebody of the cast who has logged in: ``as_("ma")``."""

    def become(key: str):
        session = browser_of(key).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return become


@pytest.fixture
def world(transactional_db):
    """One order to finance, one to confirm, one application in review, proposals waiting."""
    programme = ready_programme(borrower_minor=1_700_000_00)
    order = confirmed_order()
    draft_order(number="PO-2026-0306")
    taken = confirmed_order(number="PO-2026-0307")
    given = ApplicationIn(
        programme_id=programme.pk,
        order_line_ids=tuple(line_ids_of(taken)),
        matures_on=clocks.business_date() + timedelta(days=90),
        purpose="采购树脂",
    )
    submit_application(given, by=somebody("ma"))
    propose_version(
        programme.pk,
        terms=type(GOLDEN_TERMS)(**{**vars_of(GOLDEN_TERMS), "rate_ppm": 45_000}),
        by=somebody("chen"),
    )
    raised = LimitIn("borrower", party("jinhe").pk, 2_000_000_00, clocks.business_date())
    propose_limit(raised, by=somebody("chen"))
    return {"programme": programme, "order": order}


def vars_of(terms) -> dict[str, object]:
    return {name: getattr(terms, name) for name in terms.__dataclass_fields__}


def opened(page, address: str) -> None:
    """The page of this address, and not the one that says there is none."""
    assert page.goto(address).status == 200, address


def test_homes_and_lists(as_, look, world):
    number = world["order"].number
    for key, address, name, shown in (
        ("ma", "/m/", "room-home-member", party("jinhe").name),
        ("ma", "/applications/", "room-applications", "PO-2026-0307"),
        ("ma", "/orders/", "room-orders", number),
        ("wei", "/e/", "room-home-enterprise", party("hengyan").name),
        ("zhou", "/b/", "room-home-bank", party("yuanfan").name),
        ("yi", "/b/", "room-home-approver", party("yuanfan").name),
    ):
        page = as_(key)
        opened(page, address)
        assert shown in page.inner_text("main"), address
        look(name)


def test_a_buyer_applies_with_the_quote_following_the_figures(as_, look, world):
    page = as_("ma")
    page.goto(f"/orders/{world['order'].pk}/")
    look("room-order")
    follow(page, page.locator("text=申请融资").last)
    look("room-apply-lines")
    follow(page, "main button:has-text('下一步')")
    assert "8,700.00" in page.inner_text("#quote")
    look("room-apply-terms")

    page.fill("#id_own_funds", "400000")
    page.locator("#id_own_funds").blur()
    page.wait_for_selector("#quote >> text=6,525.00")
    page.fill("#id_purpose", "采购树脂，发往云岫仓库")
    follow(page, "main button:has-text('看文件')")
    look("room-apply-papers")
    follow(page, "main button:has-text('提交申请')")
    page.wait_for_url(re.compile("/deals/"))


def test_a_file_with_errors_and_one_without(as_, look, world, tmp_path):
    wrong, right = tmp_path / "wrong.csv", tmp_path / "right.csv"
    wrong.write_bytes("\r\n".join([HEAD, ROW.replace("32.5", "-1")]).encode("utf-8-sig"))
    right.write_bytes("\r\n".join([HEAD, ROW]).encode("utf-8-sig"))
    page = as_("ma")
    page.goto("/orders/import/")
    look("room-upload")
    page.set_input_files("#id_file", str(wrong))
    follow(page, "main button:has-text('上传')")
    look("room-import-errors")
    page.goto("/orders/import/")
    page.set_input_files("#id_file", str(right))
    follow(page, "main button:has-text('上传')")
    look("room-import-checked")
    follow(page, "main button:has-text('确认导入')")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}/$"))
    assert list_imports(by=SYSTEM).count() == 2


def test_programmes_and_limits(as_, look, world):
    page = as_("yi")
    for address, name in (
        ("/programmes/", "room-programmes"),
        (f"/programmes/{world['programme'].pk}/", "room-programme"),
        ("/b/limits/", "room-limits"),
    ):
        opened(page, address)
        look(name)
    follow(page, "main section a")
    page.wait_for_url(re.compile(r"/b/limits/[0-9a-f-]{36}/$"))
    look("room-limit")
    page = as_("chen")
    opened(page, "/b/programmes/new/")
    assert page.locator("main form").count() == 1
    look("room-programme-new")
    opened(page, "/b/limits/new/")
    assert page.locator("main form").count() == 1
    look("room-limit-new")
