"""One loan on its page: plan, what is due, what settles it on which day, the books for the bank."""

from datetime import date

from scf.core.money import format_yuan
from scf.loans.base_rate import Pricing, ResetOn, Tenor
from scf.loans.selectors import view_loan
from scf.loans.services import record_repayment, take_back
from scf.loans.terms import Product
from scf.portals.loans.words import PRODUCTS
from scf.workflow import clocks
from tests.factories.loans import moved, opened_loan
from tests.loans.deal import FUNDED, MATURITY, RETURNED
from tests.loans.lives import go_to
from tests.portals.rooms import browser_of, text_of


def page_of(key: str, loan, query: str = "") -> str:
    return text_of(browser_of(key).get(f"/loans/{loan.pk}/{query}"))


def test_the_borrower_sees_plan_and_what_settles_today(loan):
    page = page_of("ma", loan)
    for shown in ("2026-06-10", "808,700.00", "今天还清要付", "801,933.33", "还有 70 天", "4.35 %"):
        assert shown in page, shown
    assert "每日计息" not in page
    assert "五级分类" not in page


def test_each_day_of_the_slider_is_the_servers_own_figure(loan):
    ma = browser_of("ma")
    early = text_of(ma.get(f"/loans/{loan.pk}/quote?early=40"))
    assert "<html" not in early
    for shown in ("2026-05-01", "804,833.33", "3,866.67", "4.35 %"):
        assert shown in early, shown
    assert 'id="quote-on"' in early  # the date follows the slider
    assert 'id="quote-early"' not in early

    dated = text_of(ma.get(f"/loans/{loan.pk}/quote?on=2026-06-10"))
    assert "808,700.00" in dated
    assert 'id="quote-early"' in dated


def test_without_scripts_the_form_takes_whichever_of_date_and_slider_was_changed(loan):
    assert "804,833.33" in page_of("ma", loan, "?early=70&on=2026-05-01&was=2026-04-01")
    assert "804,833.33" in page_of("ma", loan, "?early=40&on=2026-04-01&was=2026-04-01")
    assert "801,933.33" in page_of("ma", loan, "?early=nonsense&on=yesterday")


def test_an_overdue_loan_shows_what_waiting_costs(overdue):
    page = page_of("ma", overdue, "?on=2026-06-20")
    assert "逾期 5 天" in page
    assert "比今天还清多付" in page
    assert page.count("213.87") > 1  # five days more of 235,995.51 at 6.525 %
    assert "还款专户" in page


def test_the_bank_sees_each_day_with_its_formula_and_each_posting_with_its_lines(overdue):
    page = page_of("shen", overdue)
    for shown in (
        "每日计息",
        "235,995.51 × 6.525 % ÷ 360",
        "42.7742",
        "1303.02 逾期贷款",
        "6011 利息收入",
    ):
        assert shown in page, shown
    shen = browser_of("shen")
    days = text_of(shen.get(f"/loans/{overdue.pk}/accruals?skip=5"))
    assert "627,919.30 × 4.35 % ÷ 360" in days
    assert "8,076.2075" in days
    books = text_of(shen.get(f"/loans/{overdue.pk}/postings"))
    assert "转逾期贷款" in books


def test_the_books_are_the_banks_alone(loan):
    for name in ("accruals", "postings"):
        assert browser_of("ma").get(f"/loans/{loan.pk}/{name}").status_code == 404
    for key in ("sly", "wei", "bai", "he"):
        assert browser_of(key).get(f"/loans/{loan.pk}/").status_code == 404, key


def test_an_interest_only_row_that_was_paid_is_said_to_be_paid(db):
    clocks.open_day(FUNDED)
    made = opened_loan(due_dates=(date(2026, 4, 20), MATURITY), expiry_on=None)
    clocks.open_day(date(2026, 4, 20))
    interest = view_loan(made).due.total_minor
    record_repayment(made, moved=moved("repay", date(2026, 4, 20), interest), cause="repay")

    first, last = view_loan(made).rows
    assert (interest, first.is_paid, last.is_paid) == (3_770_00, True, False)
    assert view_loan(made).next_due_on == MATURITY
    assert "已还清" in page_of("ma", made)


def test_a_floating_rate_shows_each_reset_with_its_quote(db, settings, tmp_path):
    settings.SCF_HOME, settings.DOCUMENTS_ROOT = str(tmp_path), str(tmp_path)
    clocks.open_day(FUNDED)
    loan = opened_loan(
        due_dates=(date(2026, 4, 20), MATURITY),
        pricing=Pricing(Tenor.ONE_YEAR, 15_000, ResetOn.INTEREST_DAY),
    )
    go_to(date(2026, 4, 21))
    page = page_of("ma", loan)

    for shown in ("先息后本", "自 2026-04-20 起年利率", "4.50 %（2025-05-20 公布的 LPR 3.00 %）"):
        assert shown in page, shown


def test_every_product_has_its_name_on_the_page():
    assert set(PRODUCTS) == set(Product)


def test_operations_give_back_what_was_overpaid_and_nobody_else_may(loan):
    clocks.open_day(MATURITY)
    owed = view_loan(loan).settlement.total_minor
    record_repayment(loan, moved=moved("sweep", MATURITY, owed), cause="sweep")
    take_back(loan, moved=moved("return", MATURITY, RETURNED))
    address = f"/loans/{loan.pk}/"
    button = f'action="{address}refund"'
    page = page_of("luo", loan)
    assert button in page
    assert f"退还多还的 {format_yuan(RETURNED)} 元</button>" in page
    for key, status in (("shen", 403), ("ma", 403), ("sly", 404)):
        browser = browser_of(key)
        assert button not in text_of(browser.get(address))
        assert browser.post(address + "refund").status_code == status


def test_a_loan_settled_early_still_shows_what_was_due_and_what_fell_away(loan):
    settled = view_loan(loan).settlement.total_minor
    record_repayment(loan, moved=moved("repay", date(2026, 4, 1), settled), cause="repay")

    for key in ("ma", "shen"):
        page = page_of(key, loan)
        for shown in ("808,700.00", "801,933.33", "已提前还清", "利息 6,766.67 元不再收取"):
            assert shown in page, shown
