"""Agreed fees as claims of the fold: on their days, to the fen, beside the principal lent."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings

from scf.loans.actions import AddCost, CostNature, Draw, Repay, ReturnUnused, Waive, WriteOff
from scf.loans.apr import Flow, xirr
from scf.loans.book import fold
from scf.loans.calendars import due_dates
from scf.loans.day_end.rows import quiet_from
from scf.loans.early import early_quote
from scf.loans.fees import AgreedFee, FeeAt, fee_days
from scf.loans.offer import Fee, offer
from scf.loans.postings import Kind
from scf.loans.quotes import due_quote, settlement_quote
from scf.loans.state import LoanStatus
from scf.loans.stored import terms_as_json, terms_from_json
from scf.loans.terms import InterestFrom, Product, Terms
from scf.loans.what_if import what_if
from tests.loans.test_properties import any_life, last_day

OPENED = date(2026, 1, 15)
DAY = timedelta(days=1)


def loan(*fees: AgreedFee, months: int = 3, **changes: object) -> Terms:
    """100,000.00 at 6 % on 360, interest every month, principal at the end."""
    terms = Terms(
        frame_minor=100_000_00,
        rate_ppm=60_000,
        penalty_rate_ppm=90_000,
        opened_on=OPENED,
        due_dates=due_dates(OPENED, count=months),
        fees=fees,
    )
    return replace(terms, **changes)


def agreed(at: FeeAt, amount: int, *, months: int = 3) -> list[AgreedFee]:
    days = fee_days(at, opened_on=OPENED, due_dates=due_dates(OPENED, count=months))
    return [AgreedFee(code="手续费", at=at, on=day, amount_minor=amount) for day in days]


def drawn(amount: int = 100_000_00, on: date = OPENED) -> Draw:
    return Draw(key=f"draw:{on}", on=on, amount_minor=amount)


def repaid(amount: int, on: date) -> Repay:
    return Repay(key=f"repay:{on}", on=on, amount_minor=amount)


def claimed(book) -> list[tuple[str, date, int]]:
    return [
        (one.key, one.on, one.parts.costs_minor) for one in book.postings if one.kind is Kind.FEE
    ]


def test_a_fee_at_funding_is_owed_that_day_and_nothing_is_taken_off_what_is_lent():
    book = fold(loan(*agreed(FeeAt.FUNDING, 500_00)), [drawn()], as_of=OPENED)

    assert book.state.drawn_minor == book.state.principal_minor == 100_000_00
    assert claimed(book) == [("fee:1", OPENED, 500_00)]
    assert due_quote(book, on=OPENED).total_minor == 500_00
    assert settlement_quote(book, on=OPENED).total_minor == 100_500_00


def test_a_fee_not_paid_on_its_day_is_swept_first_on_the_first_due_date_without_penalty():
    terms = loan(*agreed(FeeAt.FUNDING, 500_00))
    first = date(2026, 2, 15)

    book = fold(terms, [drawn()], as_of=first)

    # 100,000.00 x 6 % x 31/360 = 516.67, and the fee of 500.00 as it was.
    due = due_quote(book, on=first)
    assert (due.costs_minor, due.interest_minor, due.penalty_minor) == (500_00, 516_67, 0)
    paid = fold(terms, [drawn(), repaid(600_00, first)], as_of=first)
    last = next(one for one in reversed(paid.postings) if one.kind is Kind.REPAY)
    assert (last.parts.costs_minor, last.parts.interest_minor) == (500_00, 100_00)


def test_a_fee_with_each_due_date_and_one_a_year_come_on_their_days():
    monthly = fold(loan(*agreed(FeeAt.INSTALMENT, 30_00)), [drawn()], as_of=date(2026, 4, 20))
    yearly = agreed(FeeAt.YEAR, 200_00, months=25)

    assert [day for _key, day, _fen in claimed(monthly)] == [
        date(2026, 2, 15), date(2026, 3, 15), date(2026, 4, 15)
    ]  # fmt: skip
    assert [fee.on for fee in yearly] == [OPENED, date(2027, 1, 15), date(2028, 1, 15)]
    long = loan(*yearly, months=25)
    assert len(claimed(fold(long, [drawn()], as_of=date(2027, 1, 14)))) == 1
    assert len(claimed(fold(long, [drawn()], as_of=date(2027, 1, 15)))) == 2


def test_the_fee_of_maturity_is_part_of_an_early_settlement_and_later_instalment_fees_are_not():
    terms = loan(*agreed(FeeAt.MATURITY, 400_00), *agreed(FeeAt.INSTALMENT, 30_00))
    on = date(2026, 1, 25)
    open_book = fold(terms, [drawn()], as_of=on)

    # Ten days of interest are 166.67; of fees only the 400.00 agreed for the whole loan.
    quote = settlement_quote(open_book, on=on)
    assert (quote.costs_minor, quote.interest_minor) == (400_00, 166_67)
    book = fold(terms, [drawn(), repaid(quote.total_minor, on)], as_of=date(2026, 5, 1))
    assert book.status is LoanStatus.SETTLED
    assert claimed(book) == [("fee:1", on, 400_00)]


def test_a_payment_that_leaves_the_fee_of_the_end_unpaid_does_not_settle_the_loan():
    terms, on = loan(*agreed(FeeAt.MATURITY, 400_00)), date(2026, 1, 25)

    book = fold(terms, [drawn(), repaid(100_166_67, on)], as_of=on)

    assert book.status is LoanStatus.ACTIVE
    assert settlement_quote(book, on=on).total_minor == 400_00
    assert book.state.principal_minor == 400_00


def test_a_loan_whose_unused_money_all_came_back_still_owes_its_fee():
    terms = loan(*agreed(FeeAt.FUNDING, 500_00), *agreed(FeeAt.MATURITY, 400_00))
    back = ReturnUnused(key="return", on=OPENED, amount_minor=100_000_00)

    book = fold(terms, [drawn(), back], as_of=OPENED)

    assert book.status is LoanStatus.ACTIVE
    assert due_quote(book, on=OPENED).total_minor == 500_00
    assert settlement_quote(book, on=OPENED).total_minor == 900_00
    paid = fold(terms, [drawn(), back, repaid(900_00, OPENED + DAY)], as_of=OPENED + DAY)
    assert paid.status is LoanStatus.SETTLED


def test_an_agreed_fee_can_be_waived_and_an_advanced_cost_cannot():
    terms = loan(*agreed(FeeAt.FUNDING, 500_00))
    court = AddCost(key="court", on=OPENED, amount_minor=80_00)
    extra = AddCost(key="extra", on=OPENED, amount_minor=20_00, nature=CostNature.FEE)
    waiver = Waive(key="waive", on=OPENED, amount_minor=700_00, fee_minor=700_00)

    book = fold(terms, [drawn(), court, extra, waiver], as_of=OPENED)

    assert (book.state.costs_owed_minor, book.state.fees_owed_minor) == (80_00, 0)
    assert book.postings[-1].parts.costs_minor == 520_00


def test_of_costs_the_advanced_ones_are_paid_before_the_fees():
    terms = loan(*agreed(FeeAt.FUNDING, 500_00))
    court = AddCost(key="court", on=OPENED, amount_minor=80_00)

    book = fold(terms, [drawn(), court, repaid(100_00, OPENED)], as_of=OPENED)

    assert (book.state.costs_owed_minor, book.state.fees_owed_minor) == (480_00, 480_00)


def test_nothing_more_is_charged_on_a_loan_that_was_written_off():
    terms = loan(*agreed(FeeAt.INSTALMENT, 30_00))
    off = WriteOff(key="off", on=date(2026, 2, 20))

    book = fold(terms, [drawn(), off], as_of=date(2026, 5, 1))

    assert [day for _key, day, _fen in claimed(book)] == [date(2026, 2, 15)]


def test_under_interest_from_release_the_fee_of_funding_does_not_wait_for_a_release():
    terms = loan(*agreed(FeeAt.FUNDING, 500_00), interest_from=InterestFrom.RELEASE)

    book = fold(terms, [], as_of=OPENED)

    assert due_quote(book, on=OPENED).total_minor == 500_00
    assert book.status is LoanStatus.ACTIVE


def test_the_day_of_a_fee_is_no_quiet_day():
    fee = AgreedFee(code="年费", at=FeeAt.YEAR, on=date(2026, 1, 20), amount_minor=10_00)
    book = fold(loan(fee), [drawn()], as_of=OPENED)

    # The close of the 19th brings the morning of the fee, so it is folded.
    assert quiet_from(book).next_event_on == date(2026, 1, 19)


def test_a_loan_that_opens_on_another_day_takes_the_fee_of_the_opening_along():
    terms = loan(*agreed(FeeAt.FUNDING, 500_00), *agreed(FeeAt.INSTALMENT, 30_00))

    opened = terms.opened(date(2026, 2, 16))

    assert [(fee.at, fee.on) for fee in opened.fees] == [
        (FeeAt.FUNDING, date(2026, 2, 16)),
        (FeeAt.INSTALMENT, date(2026, 3, 15)),
        (FeeAt.INSTALMENT, date(2026, 4, 15)),
    ]
    assert terms_from_json(terms_as_json(opened)) == opened


def test_terms_kept_before_there_were_fees_name_none():
    stored = terms_as_json(loan())
    del stored["fees"]

    assert terms_from_json(stored).fees == ()


def test_what_is_paid_as_it_falls_due_is_what_was_quoted_and_bears_the_quoted_rate():
    fees = [
        *agreed(FeeAt.FUNDING, 500_00, months=12),
        *agreed(FeeAt.INSTALMENT, 30_00, months=12),
        *agreed(FeeAt.MATURITY, 400_00, months=12),
    ]
    for product in (Product.BULLET, Product.EQUAL_INSTALMENTS, Product.EQUAL_PRINCIPAL):
        terms = loan(*fees, months=12, product=product)
        shown = offer(terms, fees=[Fee(fee.on, fee.amount_minor) for fee in fees])

        lived, flows = _lived(terms)

        assert sum(fen for _key, _on, fen in claimed(lived)) == shown.fees_minor == 1_260_00
        assert lived.status is LoanStatus.SETTLED
        assert xirr(flows) == shown.xirr
        plain = offer(replace(terms, fees=()))
        assert shown.law_simple > plain.law_simple


def _lived(terms: Terms):
    actions, flows = [drawn()], [Flow(OPENED, 100_000_00)]
    for day in (OPENED, *terms.due_dates):
        due = due_quote(fold(terms, actions, as_of=day), on=day).total_minor
        actions.append(repaid(due, day))
        flows.append(Flow(day, -due))
    return fold(terms, actions, as_of=terms.maturity_on), flows


def test_instalments_with_a_fee_each_bear_the_monthly_rate_of_all_that_is_paid():
    # 10,000.00 in twelve parts of 910.00 is 16.57 % a year, 17.89 % compounded (loans.md 2); here
    # each part is equal principal and a fee.
    plan = loan(months=12, frame_minor=10_000_00, rate_ppm=0, product=Product.EQUAL_PRINCIPAL)
    *first, last = plan.due_dates
    fees = [*(Fee(day, 910_00 - 833_33) for day in first), Fee(last, 910_00 - 833_37)]

    shown = offer(plan, fees=fees)

    assert (f"{shown.law_simple:.4f}", f"{shown.law_compound:.4f}") == ("0.1657", "0.1789")


def test_settling_early_saves_the_fees_whose_day_does_not_come():
    terms = loan(*agreed(FeeAt.INSTALMENT, 30_00))
    actions = [drawn()]
    book = fold(terms, actions, as_of=OPENED)

    found = early_quote(book, actions=actions, on=date(2026, 1, 25))

    # By the plan: 1,500.00 of interest over 90 days and three fees; now ten days' interest alone.
    assert found.settlement.total_minor == 100_166_67
    assert found.saved_minor == 1_500_00 + 90_00 - 166_67


def test_a_change_is_tried_with_the_fees_still_to_come():
    terms = loan(*agreed(FeeAt.INSTALMENT, 30_00))
    book = fold(terms, [drawn()], as_of=OPENED)
    waiver = Waive(key="w", on=OPENED, amount_minor=1, fee_minor=1)

    plan = what_if(book, waiver, on=OPENED).before

    assert [row.costs_minor for row in plan.rows] == [30_00, 30_00, 30_00]


@settings(max_examples=60, deadline=None)
@given(any_life())
def test_no_life_claims_more_than_was_agreed_and_no_settled_loan_owes_a_fee(life):
    terms, actions = life
    lives = [one for one in actions if not isinstance(one, Repay | ReturnUnused)]
    end = max(last_day(actions), terms.maturity_on)

    book = fold(terms, lives, as_of=end)

    # Nobody pays: every fee is claimed once, on its day, and all of it is owed.
    assert sorted((on, fen) for _key, on, fen in claimed(book)) == sorted(
        (fee.on, fee.amount_minor) for fee in terms.fees
    )
    added = sum(one.amount_minor for one in lives if isinstance(one, AddCost))
    agreed_minor = sum(fee.amount_minor for fee in terms.fees)
    assert book.state.costs_owed_minor == agreed_minor + added
    settled = settlement_quote(book, on=end).total_minor
    if settled and book.state.drawn_minor:
        paid = fold(terms, [*lives, repaid(settled, end)], as_of=end)
        assert paid.state.costs_owed_minor == paid.state.fees_owed_minor == 0
