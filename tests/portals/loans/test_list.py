"""The list of loans: its filters live in the address, its totals above it."""

import pytest

from scf.loans.selectors import view_loan
from scf.loans.services import close_loan_day, record_repayment
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.factories.loans import moved
from tests.factories.parties import user_of
from tests.loans.deal import LATE, MATURITY
from tests.loans.lives import decided
from tests.portals.rooms import browser_of, text_of


def test_bank_and_borrower_find_their_loan_with_whose_turn_it_is(loan):
    for key in ("shen", "zhou", "ma", "nuo"):
        page = text_of(browser_of(key).get("/loans/"))
        assert f"/loans/{loan.pk}/" in page
        assert "2026-06-10 还 808,700.00 元" in page
        assert "800,000.00" in page
    assert "等您处理" in text_of(browser_of("ma").get("/loans/"))
    assert "等您处理" not in text_of(browser_of("shen").get("/loans/"))


def test_a_stranger_finds_no_loan_and_a_warehouse_no_page(loan):
    assert loan.number not in text_of(browser_of("sly").get("/loans/"))
    assert browser_of("he").get("/loans/").status_code == 404


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("q=jinhe", True), ("q=LN2026", True), ("q=nobody", False), ("status=active", True),
        ("status=settled", False), ("least=800,000", True), ("most=799,999.99", False),
        ("due=90", True), ("due=30", False), ("bucket=1-3", False), ("bucket=361-", False),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_the_address(loan, query, is_found):
    page = text_of(browser_of("shen").get(f"/loans/?{query}"))
    assert (f">{loan.number}</a>" in page) is is_found, query


def test_an_overdue_loan_is_found_by_its_bucket_and_said_to_be_late(overdue):
    page = text_of(browser_of("shen").get("/loans/?bucket=4-30"))
    assert f">{overdue.number}</a>" in page
    assert "还清逾期 236,209.38 元，已逾期 5 天" in page
    assert "关注" in page
    assert "235,995.51" in page  # the principal overdue, in the totals
    assert overdue.number not in text_of(browser_of("shen").get("/loans/?bucket=1-3"))


def test_a_filter_that_makes_no_sense_is_said_at_its_field(loan):
    answer = browser_of("shen").get("/loans/?least=much&bucket=never")
    assert answer.status_code == 400
    assert 'id="id_least_error"' in text_of(answer)


def test_a_loan_closed_on_its_due_date_unpaid_is_in_the_first_bucket_next_morning(loan):
    clocks.open_day(MATURITY)
    close_loan_day(loan.pk, day=MATURITY)
    clocks.open_day(LATE.replace(day=11))
    assert f">{loan.number}</a>" in text_of(browser_of("shen").get("/loans/?bucket=1-3"))


def tier_cell(page: str) -> str:
    """What stands in the column of the class, tags left out."""
    cell = page.split('<td data-label="分类">', 1)[1].split("</td>", 1)[0]
    return cell.split(">", 1)[-1].split("<", 1)[0].strip() if "<" in cell else cell.strip()


def test_a_loan_that_is_paid_back_carries_no_class(overdue):
    assert tier_cell(text_of(browser_of("shen").get("/loans/"))) == "关注"
    owed = view_loan(overdue).settlement.total_minor
    record_repayment(overdue, moved=moved("repay", LATE, owed), cause="repay")
    assert tier_cell(text_of(browser_of("shen").get("/loans/"))) == "–"
    assert "五级分类" not in text_of(browser_of("shen").get(f"/loans/{overdue.pk}/"))


def test_what_the_bank_wrote_off_is_overdue_to_its_borrower(overdue):
    decided(overdue, "write_off")

    for address in ("/loans/", f"/loans/{overdue.pk}/"):
        theirs = text_of(browser_of("ma").get(address))
        assert "核销" not in theirs
        assert "追偿" not in theirs
        assert "还清逾期 236,209.38 元，已逾期 5 天" in theirs
    assert overdue.number in text_of(browser_of("ma").get("/loans/?status=overdue"))
    assert overdue.number not in text_of(browser_of("ma").get("/loans/?status=written_off"))
    assert Fact.objects.get(name="loan.written_off").audience == [overdue.bank_id]
    ours = text_of(browser_of("shen").get("/loans/?status=written_off"))
    assert overdue.number in ours
    assert "已核销" in ours
    assert overdue.number not in text_of(browser_of("shen").get("/loans/?status=overdue"))


def test_the_menu_and_the_list_say_loans_in_english(loan):
    user = user_of("shen")
    user.language = "en"
    user.save()
    page = text_of(browser_of("shen").get("/loans/"))
    assert '<h1 class="h2">Loans</h1>' in page
    assert ">Orders</a>" in page
