"""Payments in the general engine: early, late, too much, taken back, and in any order."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from scf.loans.servicing import acts, standing
from scf.loans.servicing.entries import Charge, Kind
from scf.loans.servicing.life import Loan, shown
from scf.loans.servicing.terms import Future, InstalmentOrder, Reach
from tests.loans.servicing_loan import (
    FEE,
    FIRST,
    INTEREST,
    PENALTY,
    PRINCIPAL,
    interest_terms,
    on,
    order,
    paid_out,
    rows,
    terms,
)


@pytest.mark.parametrize(
    ("future", "left"),
    [
        (Future.NEXT, [10_000, 40_000, 40_000]),
        (Future.LAST, [40_000, 40_000, 10_000]),
        (Future.SPREAD, [30_000, 30_000, 30_000]),
        (Future.NEXT_LAST, [10_000, 40_000, 40_000]),
    ],
)
def test_early_money_goes_where_the_order_says(future: Future, left: list[int]):
    loan = paid_out(terms(orders=((None, order(future)),)))

    loan = acts.repay(on(loan, date(2024, 1, 10)), day=date(2024, 1, 10), amount=30_000)

    assert [row[2] for row in rows(loan)] == left


def test_money_settles_the_oldest_arrears_first():
    loan = on(paid_out(terms()), date(2024, 3, 5))

    loan = acts.repay(loan, day=date(2024, 3, 5), amount=50_000)

    assert [row[2] for row in rows(loan)] == [0, 30_000, 40_000]
    assert [row.late for row in loan.state().rows] == [40_000, 10_000, 0]


def test_vertically_all_interest_comes_before_any_principal():
    loan = on(paid_out(interest_terms(recalculation=None, is_vertical=True)), date(2024, 3, 5))

    loan = acts.repay(loan, day=date(2024, 3, 5), amount=2_000)

    paid = [row.paid[INTEREST] for row in loan.state().rows]
    assert (sum(paid), paid[0]) == (2_000, 1_200)


def test_instalment_by_instalment_early_money_pays_due_charges_before_the_rest():
    early = (
        (PENALTY, Reach.DUE_CHARGES),
        (FEE, Reach.DUE_CHARGES),
        (PRINCIPAL, Reach.ALL),
        (FEE, Reach.ALL),
    )
    loan = paid_out(
        terms(is_progressive=False, instalment_order=InstalmentOrder((FEE, PRINCIPAL), early))
    )
    loan = acts.charge(loan, Charge("reminder", date(2024, 1, 20), is_penalty=False, amount=500))

    loan = acts.repay(on(loan, date(2024, 1, 10)), day=date(2024, 1, 10), amount=40_100)

    first = loan.state().rows[0]
    assert (first.paid[PRINCIPAL], first.paid[FEE]) == (40_000, 100)


def test_early_payment_owes_interest_to_its_own_day():
    loan = on(paid_out(interest_terms()), date(2024, 1, 16))

    settled = acts.pay_off(loan, day=date(2024, 1, 16))

    # 1,200.00 at one per cent for 15 of 31 days.
    assert settled.live(Kind.REPAYMENT)[0].amount == 120_000 + 581
    assert standing.status(settled) == "closed_obligations_met"


def test_arrears_go_on_bearing_interest():
    loan = on(paid_out(interest_terms()), date(2024, 2, 16))
    on_time = loan.state(date(2024, 2, 1)).rows[1].due[INTEREST]

    late = acts.close_day(loan).state().rows

    # The first instalment's principal for 15 of the 29 days of February.
    extra = late[0].due[PRINCIPAL] * 15 / 2900
    assert late[1].due[INTEREST] - on_time == round(extra)


def test_too_much_becomes_a_credit_and_can_be_paid_out():
    loan = on(paid_out(terms()), date(2024, 1, 10))

    loan = acts.repay(loan, day=date(2024, 1, 10), amount=125_000)
    assert (standing.status(loan), loan.state().overpaid) == ("overpaid", 5_000)

    loan = acts.refund_credit(loan, day=date(2024, 1, 10), amount=5_000)
    assert standing.status(loan) == "closed_obligations_met"


def test_a_refund_of_a_running_loan_takes_back_what_was_paid_last():
    loan = on(paid_out(terms()), date(2024, 1, 10))
    loan = acts.repay(loan, day=date(2024, 1, 10), amount=50_000)

    loan = acts.refund(loan, day=date(2024, 1, 12), amount=20_000)

    assert [row[2] for row in rows(loan)] == [10_000, 40_000, 40_000]


def test_a_charge_after_maturity_has_a_row_of_its_own():
    loan = acts.charge(
        paid_out(terms()), Charge("reminder", date(2024, 4, 9), is_penalty=True, amount=900)
    )

    last = loan.state().rows[-1]
    assert (last.start, last.due_on, last.due[PENALTY]) == (
        date(2024, 4, 1), date(2024, 4, 9), 900,
    )  # fmt: skip


def test_a_waived_charge_is_not_owed():
    loan = acts.charge(
        paid_out(terms()), Charge("reminder", date(2024, 1, 9), is_penalty=False, amount=900)
    )

    loan = acts.waive_charge(on(loan, date(2024, 1, 12)), acts.charges(loan)[-1].number)

    assert loan.state().outstanding == 120_000
    assert loan.state().charges[0].waived == 900


def test_a_chargeback_is_owed_with_the_next_instalment():
    loan = on(paid_out(terms()), date(2024, 2, 1))
    loan = acts.repay(loan, day=date(2024, 2, 1), amount=40_000)

    loan = acts.charge_back(on(loan, date(2024, 2, 10)), acts.payments(loan)[-1], amount=15_000)

    assert [row[2] for row in rows(loan)] == [0, 55_000, 40_000]


def test_a_chargeback_reopens_what_its_payment_paid_when_the_contract_says_so():
    loan = on(
        paid_out(interest_terms(recalculation=None, credit_order=(INTEREST, PRINCIPAL))),
        date(2024, 2, 1),
    )
    loan = acts.repay(loan, day=date(2024, 2, 1), amount=40_000)

    loan = acts.charge_back(on(loan, date(2024, 2, 10)), acts.payments(loan)[-1], amount=1_500)

    assert loan.live(Kind.CHARGEBACK)[0].parts == (300, 1_200, 0, 0)


def test_an_undone_payment_stays_to_be_seen_and_what_followed_is_posted_anew():
    loan = paid_out(terms())
    for day in (date(2024, 1, 10), date(2024, 1, 20)):
        loan = acts.repay(on(loan, day), day=day, amount=90_000)
    first = acts.payments(loan)[0]

    loan = acts.undo(loan, first)

    assert loan.state().overpaid == 0
    seen = [(p.day.day, p.is_undone, p.is_replayed) for p in shown(loan)]
    assert seen == [(1, False, False), (10, True, False), (20, False, True)]


def test_nothing_posted_is_ever_changed_but_for_the_mark_that_it_no_longer_counts():
    loan = on(paid_out(interest_terms()), date(2024, 2, 10))
    loan = acts.repay(loan, day=date(2024, 2, 10), amount=50_000)
    before = loan.postings

    after = acts.repay(loan, day=date(2024, 1, 20), amount=10_000).postings

    def bare(postings: tuple[object, ...]) -> list[object]:
        return [replace(p, is_replaced=False, balance=0) for p in postings]  # type: ignore[type-var]

    assert bare(after[: len(before)]) == bare(before)


def random_payments(seed: int) -> list[tuple[date, int]]:
    """Some payments on days of their own."""
    dice = random.Random(seed)
    days = dice.sample(range(1, 95), 5)
    return [(FIRST + timedelta(days=day), dice.randint(1, 40_000)) for day in days]


def lived(payments: list[tuple[date, int]]) -> Loan:
    """The loan with the payments entered in the order given, all on one late business day."""
    loan = on(paid_out(interest_terms()), date(2024, 4, 10))
    for day, amount in payments:
        loan = acts.repay(loan, day=day, amount=amount)
    return loan


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_entry_does_not_matter_only_the_days_do(seed: int):
    payments = random_payments(seed)

    assert rows(lived(payments)) == rows(lived(sorted(payments)))


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_paid_the_rows_repay_what_was_lent(seed: int):
    loan = lived(random_payments(seed))
    state = loan.state()

    assert sum(row.due[PRINCIPAL] for row in state.rows) == 120_000
    assert all(row.outstanding(part) >= 0 for row in state.rows for part in (INTEREST, PRINCIPAL))
    paid = sum(p.amount for p in loan.live(Kind.REPAYMENT))
    assert sum(row.total_paid for row in state.rows) + state.overpaid == paid
