"""The pages of an overdue loan, for its bank and its borrower, on a desk and on a phone."""

from collections.abc import Callable

import pytest

from scf.loans.collections.services import NoteIn, add_collection_note
from scf.loans.models import Loan
from scf.loans.services import DemandIn, demand_guarantee, propose_guarantee
from scf.workflow import clocks
from tests.browser.desk import follow
from tests.browser.test_rooms import as_  # noqa: F401 - a fixture
from tests.factories.loans import opened_loan, overdue_loan
from tests.factories.parties import party, somebody
from tests.loans.deal import FUNDED, LATE
from tests.loans.lives import checker, maker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASKED = "dates=2026-07-15%0A2026-08-17&product=bullet&rate=4.00&penalty_rate=5.60&is_relief=on"


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def test_the_banks_pages_of_an_overdue_loan_are_readable(as_, look: Callable[[str], None]):  # noqa: F811
    loan = answered_for(overdue_loan())
    task = loan.collection_tasks.get()
    note = NoteIn(
        channel="phone",
        contact="晏知远 139 0000 0000",
        outcome="promised",
        promised_on=LATE,
        promised_minor=50_000_00,
        text="货款月底到账，先付一部分",
    )
    add_collection_note(task.pk, note=note, by=somebody("chen"))
    page = as_("chen")
    for name, address in (
        ("loans", ""),
        ("loan-bank", f"{loan.pk}/"),
        ("loan-accruals", f"{loan.pk}/accruals"),
        ("loan-postings", f"{loan.pk}/postings"),
        ("loan-arrears", "arrears/"),
        ("loan-tasks", "collections/"),
        ("loan-task", f"collections/{task.pk}/"),
        ("loan-report", "report/"),
        ("loan-what-if", f"{loan.pk}/what-if?{ASKED}"),
        ("loan-demand", f"{loan.pk}/demand"),
        ("loan-cost", f"{loan.pk}/propose/cost"),
    ):
        answer = page.goto(f"/loans/{address}")
        assert answer is not None, name
        assert answer.ok, (name, answer.status)
        look(name)


def test_on_paper_a_table_is_whole_and_no_form_is_printed(as_):  # noqa: F811
    overdue_loan()
    page = as_("chen")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 within its margins
    page.emulate_media(media="print")
    for address in ("/loans/report/", "/loans/"):
        page.goto(address)
        assert page.locator("main form").evaluate_all(
            "forms => forms.every(form => form.getClientRects().length === 0)"
        )
        edges = page.locator("main table").evaluate_all(
            "tables => tables.map(table => table.getBoundingClientRect().right)"
        )
        assert edges, address
        assert max(edges) <= 718, address


def answered_for(loan: Loan) -> Loan:
    """The same under a programme whose core enterprise gives the shortfall back."""
    Loan.objects.filter(pk=loan.pk).update(
        recourse="shortfall_refund", anchor_id=party("hengyan").pk
    )
    return loan


def test_the_core_enterprise_reads_what_it_is_asked_for_and_answers(
    as_,  # noqa: F811
    look: Callable[[str], None],
):
    loan = answered_for(overdue_loan())
    given = DemandIn(100_000_00, "货未售出，门店已停业", LATE)
    demand = propose_guarantee(loan.pk, given=given, key="form", by=maker())
    demand_guarantee(demand.pk, seen=demand.content_hash, by=checker())
    page = as_("lan")
    page.goto("/guarantees/")
    look("demands")
    follow(page, f"a:has-text('{loan.number}')")
    look("demand-enterprise")
    page.click("summary:has-text('拒付')")
    page.fill("#id_reason", "货已按合同交付，见收货确认书")
    follow(page, "button:has-text('拒付')")
    page.wait_for_selector("text=企业拒付")
    page = as_("yi")
    page.goto(f"/guarantees/{demand.pk}/")
    assert "货已按合同交付" in page.inner_text("main")
    look("demand-bank")


def test_the_slider_asks_the_server_and_the_date_follows(as_, look: Callable[[str], None]):  # noqa: F811
    clocks.open_day(FUNDED)
    loan = opened_loan()
    clocks.open_day(FUNDED.replace(month=4, day=1))
    page = as_("ma")
    page.goto(f"/loans/{loan.pk}/")
    assert "801,933.33" in page.inner_text("#quote-shown")
    look("loan-borrower")
    page.evaluate(
        "const early = document.getElementById('id_early'); early.value = 40;"
        " early.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    page.wait_for_selector("#quote-shown >> text=804,833.33")
    assert page.input_value("#id_on") == "2026-05-01"
    page.fill("#id_on", "2026-06-10")
    page.wait_for_selector("#quote-shown >> text=808,700.00")
    assert page.input_value("#id_early") == "0"
    # A slider put in anew hears nothing until htmx has settled it.
    page.wait_for_selector(".htmx-added, .htmx-settling", state="detached")
    page.focus("#id_early")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#quote-shown >> text=2026-06-09")
