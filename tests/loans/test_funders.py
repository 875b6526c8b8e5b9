"""A loan of two funders: every row split, nothing lost, each one's book closed with the loan's."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from scf.core.actor import SYSTEM
from scf.core.errors import DomainError
from scf.core.ids import new_id
from scf.loans import services
from scf.loans.funders import FunderBook, funder_shares, list_acts, shares_of, split_plan
from scf.loans.invariants import funders_books_close
from scf.loans.joint import BadShares
from scf.loans.models import Loan
from scf.loans.postings import Parts
from scf.loans.reports.settlement import settles_minor
from scf.loans.selectors import list_loans, view_loan
from scf.loans.services import open_loan, record_repayment, register_terms, take_back
from scf.workflow import clocks
from tests.factories.loans import bank_has_tokens, loan_given, moved
from tests.factories.parties import party, somebody
from tests.loans.deal import EXPIRY, FUNDED, LATE, LOAN, MATURITY, RETURNED
from tests.loans.lives import assert_books_agree, decided, go_to, with_factor
from tests.portals.rooms import browser_of, text_of

pytestmark = pytest.mark.django_db


def own() -> str:
    return str(party("yuanfan").pk)


def other() -> str:
    return str(party("dongling").pk)


@pytest.fixture
def loan() -> Loan:
    """800,000.00 of golden deal 1, seven tenths of it the lender of record's."""
    clocks.open_day(FUNDED)
    bank_has_tokens()
    given = loan_given(shares={own(): 700_000, other(): 300_000})
    made: Loan = open_loan(register_terms(given, by=SYSTEM), moved=moved("fund", FUNDED, LOAN))
    return made


def books(loan: Loan) -> tuple[FunderBook, FunderBook]:
    """The lender of record's and the partner's; the invariant holds of them."""
    loan.refresh_from_db()
    assert list(funders_books_close()) == []
    found = {book.funder: book for book in funder_shares(loan)}
    return found[own()], found[other()]


def swept(loan: Loan, on, amount_minor: int) -> None:
    record_repayment(loan, moved=moved("sweep", on, amount_minor), cause="sweep")


def test_each_funder_gets_back_what_it_lent_and_its_part_of_every_claim(loan):
    go_to(EXPIRY)
    take_back(loan, moved=moved("return", EXPIRY, RETURNED))
    go_to(MATURITY)
    swept(loan, MATURITY, 400_000_00)
    bank, partner = books(loan)
    assert bank.outstanding_minor + partner.outstanding_minor == 235_995_51
    go_to(LATE)
    swept(loan, LATE, 236_209_38)

    bank, partner = books(loan)

    assert (bank.lent_minor, partner.lent_minor) == (560_000_00, 240_000_00)
    assert bank.outstanding_minor == partner.outstanding_minor == 0
    # 30 % of 8,076.21 and of 213.87, half-up; the lender of record has the rest.
    assert (partner.got_back.interest_minor, bank.got_back.interest_minor) == (2_422_86, 5_653_35)
    assert (partner.got_back.penalty_minor, bank.got_back.penalty_minor) == (64_16, 149_71)
    settled = sum(settles_minor(row, other()) for row in list_acts(loan))
    assert settled == partner.got_back.total_minor - partner.lent_minor == 2_422_86 + 64_16


def test_a_cost_is_advanced_by_all_and_an_undone_one_leaves_every_book(loan):
    go_to(LATE)
    cost = decided(loan, "cost", amount_minor=1_000_01, nature="enforcement")
    bank, partner = books(loan)
    assert (bank.advanced_minor, partner.advanced_minor) == (700_01, 300_00)
    decided(loan, "undo", on=LATE, of=cost.action_key)
    bank, partner = books(loan)
    assert bank.advanced_minor == partner.advanced_minor == 0


def test_what_is_paid_late_for_an_earlier_day_is_split_anew_on_its_own_day(loan):
    go_to(MATURITY)
    swept(loan, MATURITY, 100_000_00)
    go_to(LATE)
    before = books(loan)[1]
    swept(loan, EXPIRY, 33_333_33)  # the chain's block lies before what was booked since

    partner = books(loan)[1]

    # An earlier payment spares interest, so more of the later one is principal.
    assert partner.got_back.principal_minor > before.got_back.principal_minor
    rows = list_acts(loan)
    assert [row.on for row in rows] == sorted(row.on for row in rows)
    assert_books_agree()


def test_a_write_off_moves_nothing_between_the_banks_and_a_recovery_is_shared(loan):
    go_to(LATE)
    decided(loan, "write_off")
    bank, partner = books(loan)
    assert (bank.outstanding_minor, partner.outstanding_minor) == (560_000_00, 240_000_00)
    assert len(list_acts(loan)) == 1
    swept(loan, LATE, 100_000_00)

    bank, partner = books(loan)

    back = [book.got_back.total_minor for book in (bank, partner)]
    assert sum(back) == 100_000_00
    assert bank.outstanding_minor + partner.outstanding_minor == loan.principal_minor
    swept(loan, LATE, view_loan(loan).settlement.total_minor)
    bank, partner = books(loan)
    assert bank.outstanding_minor == partner.outstanding_minor == 0


def test_what_is_overpaid_stays_with_the_lender_of_record(loan):
    go_to(MATURITY)
    swept(loan, MATURITY, view_loan(loan).settlement.total_minor + 77)
    bank, partner = books(loan)
    assert (bank.got_back.overpaid_minor, partner.got_back.overpaid_minor) == (77, 0)
    last = list_acts(loan)[-1]
    assert settles_minor(last, other()) == 240_000_00 + 2_610_00


def test_each_row_of_the_plan_is_split_and_the_parts_sum_to_it(loan):
    shares = shares_of(loan)
    assert list(shares.ppm) == [other(), own()]
    (part,) = split_plan(view_loan(loan).rows, shares=shares)
    assert part.parts[other()] == Parts(principal_minor=240_000_00, interest_minor=2_610_00)
    assert part.parts[own()].interest_minor == 6_090_00


@pytest.mark.parametrize(
    "ppm", [(700_000, 200_000), (1_000_000, 0), (1_300_000, -300_000), (700_000,)]
)
def test_shares_no_loan_can_have_are_not_kept(ppm):
    clocks.open_day(FUNDED)
    shares = dict(zip((own(), other()), ppm, strict=False))
    with pytest.raises(BadShares):
        register_terms(loan_given(shares=shares), by=SYSTEM)
    assert not Loan.objects.exists()


def test_a_partner_sees_its_loan_and_decides_nothing_about_it(loan):
    sly = with_factor(somebody("sly"))
    alone = register_terms(loan_given(), by=SYSTEM)
    assert [each.pk for each in list_loans(by=sly)] == [loan.pk]
    go_to(LATE)
    given = services.DecisionIn(kind="write_off", on=LATE, reason="?")
    attempts = (
        lambda: services.propose_decision(loan.pk, given=given, key="x", by=sly),
        lambda: services.repay_loan(loan.pk, amount_minor=1_00, key="x", by=sly),
        lambda: services.refund_overpaid(loan.pk, by=sly),
        lambda: services.propose_deposit_use(loan.pk, reason="?", by=sly),
        lambda: services.propose_guarantee(
            loan.pk, given=services.DemandIn(1_00, "?", LATE), key="x", by=sly
        ),
    )
    for attempt in attempts:
        with pytest.raises(DomainError) as refusal:
            attempt()
        assert refusal.value.code in ("not_your_side", "not_found")
    for name in ("accruals", "postings", "what-if"):
        assert browser_of("sly").get(f"/loans/{loan.pk}/{name}").status_code == 404
    assert browser_of("sly").post(f"/loans/{loan.pk}/collect").status_code == 404
    assert browser_of("sly").get(f"/loans/{alone.pk}/").status_code == 404
    page = text_of(browser_of("sly").get(f"/loans/{loan.pk}/"))
    assert "各贷款人的账" in page
    assert "提出决定" not in page


def test_the_settlement_is_for_the_lenders_alone_on_page_and_in_the_file(loan):
    go_to(MATURITY)
    swept(loan, MATURITY, 400_000_00)
    for key in ("chen", "sly"):
        page = text_of(browser_of(key).get(f"/loans/{loan.pk}/lenders"))
        assert "240,000.00" in page
        assert "应划付贷款银行" in page
        assert "应收自贷款银行" in page
    for key in ("ma", "wei", "opal"):
        for name in ("lenders", "lenders.xlsx"):
            assert browser_of(key).get(f"/loans/{loan.pk}/{name}").status_code == 404
    shown = text_of(browser_of("ma").get(f"/loans/{loan.pk}/"))
    assert f"{party('dongling').name} · 30.00 %" in shown
    assert "各贷款人的账" not in shown

    answer = browser_of("sly").get(f"/loans/{loan.pk}/lenders.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_name("清算明细 Settlement").to_python()
    assert rows[0][-1].startswith(party("dongling").name)
    assert [row[-1] for row in rows[1:3]] == [-240_000.00, 120_000.00]
    assert rows[3][-1] == -120_000.00


def test_a_loan_of_one_bank_has_no_settlement(db):
    clocks.open_day(FUNDED)
    alone = register_terms(loan_given(), by=SYSTEM)
    assert funder_shares(alone) == list_acts(alone) == ()
    assert browser_of("chen").get(f"/loans/{alone.pk}/lenders").status_code == 404
    assert browser_of("chen").get(f"/loans/{new_id()}/lenders").status_code == 404
