"""Golden deal 1 with one convention changed at a time: V1 to V12."""

from datetime import date

from scf.core.money import half_up, interest_on, split_loan_part
from scf.loans.book import fold, resume
from scf.loans.offer import idle_interest
from scf.loans.postings import Kind, Parts, calendar_accruals
from scf.loans.quotes import settlement_quote
from scf.loans.state import LoanStatus
from scf.loans.terms import Claim, InterestFrom, PenaltyFrom, Waterfall
from tests.loans.deal import (
    EXPIRY,
    FUNDED,
    LATE,
    LOAN,
    MATURITY,
    RELEASES,
    deal_terms,
    funded,
    released,
    repaid,
    returned,
    the,
    until_first_sweep,
)

TOTAL = 1_000_000_00
OUT = (372_602_37, 207_496_75, 204_800_00, 215_100_88)
PRINCIPAL_FIRST = Waterfall((Claim.PRINCIPAL, Claim.INTEREST, Claim.PENALTY, Claim.COSTS))


def loan_parts(*amounts: int) -> list[int]:
    """The loan parts of amounts that leave the escrow one after another (K6)."""
    parts: list[int] = []
    for nr in range(len(amounts)):
        parts.append(split_loan_part(sum(amounts[: nr + 1]), LOAN, TOTAL, sum(parts)))
    return parts


def test_the_parts_of_the_golden_releases():
    assert loan_parts(*OUT) == [298_081_90, 165_997_40, 163_840_00, 172_080_70]


def test_v1_flooring_with_carry_gives_one_fen_less_than_ours():
    exact = 80_000_000 * 43_500 * 60 + 62_791_930 * 43_500 * 30
    floored = exact // (360 * 1_000_000)

    assert floored == 8_076_20
    assert half_up(exact, 360 * 1_000_000) == 8_076_21


def test_v2_flooring_the_own_share_moves_a_fen_to_the_bank():
    own_floored = [out * (TOTAL - LOAN) // TOTAL for out in OUT]

    assert (own_floored[-1], OUT[-1] - own_floored[-1]) == (43_020_17, 172_080_71)
    assert loan_parts(*OUT)[-1] == 172_080_70


def test_v3_the_short_residual_returned_at_line_close_saves_its_interest():
    parts = loan_parts(372_602_37, 7_604_13, 207_496_75, 204_800_00, 207_496_75)
    assert (parts[1], 7_604_13 - parts[1]) == (6_083_30, 1_520_83)

    actions = [funded(), returned(parts[1], date(2026, 3, 23)), returned(parts[4])]
    book = fold(deal_terms(), actions, as_of=MATURITY)

    assert settlement_quote(book, on=MATURITY).interest_minor == 8_040_19


def test_v4_interest_from_release_runs_on_each_draw_and_on_nothing_returned():
    terms = deal_terms(interest_from=InterestFrom.RELEASE)
    book = fold(terms, [*released(), returned()], as_of=MATURITY)

    assert settlement_quote(book, on=MATURITY).interest_minor == 5_039_57
    assert book.state.principal_minor == 627_919_30
    assert the(book.postings, Kind.FRAME_LOWERED, EXPIRY).parts.principal_minor == 172_080_70
    each = [
        interest_on(part * (MATURITY - on).days, rate_ppm=43_500, day_base=360)
        for on, part in RELEASES.items()
    ]
    assert each == [2_845_44, 1_263_66, 930_47]


def test_v4_a_frame_wholly_returned_is_settled_and_one_still_open_is_not():
    terms = deal_terms(interest_from=InterestFrom.RELEASE)

    assert fold(terms, [], as_of=EXPIRY).status is LoanStatus.ACTIVE
    assert fold(terms, [returned(LOAN)], as_of=EXPIRY).status is LoanStatus.SETTLED


def test_v5_a_year_of_365_days():
    book = fold(deal_terms(day_base=365), [funded(), returned()], as_of=MATURITY)

    assert settlement_quote(book, on=MATURITY).interest_minor == 7_965_57


def test_v6_principal_first_leaves_interest_that_bears_compound():
    terms = deal_terms(waterfall=PRINCIPAL_FIRST, compound_on_interest=True)
    book = fold(terms, until_first_sweep(), as_of=LATE)

    assert book.state.principal_minor == 227_919_30
    quote = settlement_quote(book, on=LATE)
    assert (quote.interest_minor, quote.penalty_minor, quote.compound_minor) == (
        8_076_21,
        206_55,
        7_32,
    )
    assert quote.total_minor == 236_209_38
    settled = resume(book, [repaid(quote.total_minor, LATE)], as_of=LATE)
    assert settled.status is LoanStatus.SETTLED


def test_v7_penalty_on_top_of_the_contract_rate_is_not_ours():
    on_top = interest_on(235_995_51 * 5, rate_ppm=43_500 + 65_250, day_base=360)
    ours = settlement_quote(fold(deal_terms(), until_first_sweep(), as_of=LATE), on=LATE)

    assert on_top == 356_45
    assert ours.penalty_minor == 213_87


def test_v8_three_days_of_grace_bear_the_contract_rate_and_two_days_penalty():
    terms = deal_terms(grace_days=3, penalty_from=PenaltyFrom.GRACE_END)
    quote = settlement_quote(fold(terms, until_first_sweep(), as_of=LATE), on=LATE)

    assert (quote.interest_minor, quote.penalty_minor) == (85_55, 85_55)


def test_v9_swept_on_receipt_accrued_interest_comes_first():
    early = date(2026, 6, 5)
    terms = deal_terms(compound_on_interest=True)
    book = fold(terms, [funded(), returned(), repaid(400_000_00, early)], as_of=early)

    paid = the(book.postings, Kind.REPAY, early).parts
    assert paid == Parts(interest_minor=7_696_84, principal_minor=392_303_16)
    assert book.state.principal_minor == 235_616_14
    assert settlement_quote(book, on=MATURITY).interest_minor == 142_35
    late = settlement_quote(book, on=LATE)
    assert (late.penalty_minor, late.compound_minor) == (213_53, 13)
    assert late.total_minor == 235_972_15


def test_v9_the_calendar_books_what_the_receipt_made_payable_with_the_next_close():
    early = date(2026, 6, 5)
    book = fold(deal_terms(), [funded(), returned(), repaid(400_000_00, early)], as_of=LATE)

    assert the(book.postings, Kind.ACCRUAL, early).parts.interest_minor == 303_49
    assert calendar_accruals(book.postings)[date(2026, 6, 9)] == 303_49 + 142_35


def test_v10_an_arbiter_gives_sixty_per_cent_to_the_seller():
    to_seller = half_up(207_496_75 * 600_000, 1_000_000)
    assert (to_seller, 207_496_75 - to_seller) == (124_498_05, 82_998_70)

    rest = TOTAL - 372_602_37 - 207_496_75 - to_seller - 204_800_00
    parts = loan_parts(372_602_37, 207_496_75, 204_800_00, to_seller, rest)

    assert (parts[-1], rest - parts[-1]) == (72_482_26, 18_120_57)
    book = fold(deal_terms(), [funded(), returned(parts[-1])], as_of=EXPIRY)
    assert book.state.principal_minor == 727_517_74


def test_v11_a_withdrawn_order_owes_nine_days_of_idle_interest_at_maturity():
    back = date(2026, 3, 21)
    book = fold(deal_terms(), [funded(), returned(LOAN, back)], as_of=MATURITY)

    assert idle_interest(deal_terms(), amount_minor=LOAN, start=FUNDED, end=back) == 870_00
    assert (book.state.principal_minor, book.status) == (0, LoanStatus.ACTIVE)
    assert settlement_quote(book, on=MATURITY).total_minor == 870_00
    assert calendar_accruals(book.postings) == {
        date(2026, 3, 31): 870_00,
        date(2026, 4, 30): 0,
        date(2026, 5, 10): 0,
        date(2026, 5, 31): 0,
        date(2026, 6, 9): 0,
    }
    settled = resume(book, [repaid(870_00, MATURITY)], as_of=MATURITY)
    assert settled.status is LoanStatus.SETTLED


def test_v12_money_the_seller_cannot_receive_changes_nothing_of_the_loan():
    # A release to a frozen wallet stays claimable: it is no action of the loan under funding.
    assert loan_parts(*OUT)[1] == 165_997_40
    book = fold(deal_terms(), until_first_sweep(), as_of=LATE)
    assert settlement_quote(book, on=LATE).total_minor == 236_209_38
