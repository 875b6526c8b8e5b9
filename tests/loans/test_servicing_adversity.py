"""Bad courses in the general engine: arrears, charge-off, re-ageing; and income as it accrues."""

from datetime import date, timedelta

from scf.loans.servicing import acts, arrears, standing
from scf.loans.servicing.dates import Frequency, Unit
from scf.loans.servicing.entries import Charge, Kind, ReAge
from scf.loans.servicing.life import Loan
from scf.loans.servicing.terms import ChargeOff, Future
from tests.loans.servicing_loan import (
    INTEREST,
    PRINCIPAL,
    interest_terms,
    on,
    order,
    paid_out,
    rows,
    terms,
)

BUCKETS = {"delinquency_bounds": (1, 3, 30, 60, 90), "grace_on_arrears": 3}


def test_a_loan_is_delinquent_once_its_grace_days_have_passed():
    loan = paid_out(terms(**BUCKETS))

    in_grace = acts.close_day(on(loan, date(2024, 2, 4)))
    after = acts.close_day(on(loan, date(2024, 2, 8)))

    assert in_grace.bucket is None
    assert after.bucket == 3
    assert arrears.assess(after, after.state()) == arrears.Arrears(
        since=date(2024, 2, 4), amount=40_000, days_past_due=7, days_delinquent=4
    )


def test_within_grace_no_instalment_is_in_a_bucket_and_the_end_of_grace_is_known():
    """As Fineract's published scenarios of grace days show (TestRail C2999, C3016)."""
    loan = acts.close_day(on(paid_out(terms(**BUCKETS)), date(2024, 2, 4)))

    assert loan.instalment_buckets == ()
    assert arrears.assess(loan, loan.state()) == arrears.Arrears(
        since=date(2024, 2, 4), amount=40_000, days_past_due=3, days_delinquent=0
    )


def test_an_instalment_counts_from_its_own_due_date():
    loan = acts.close_day(on(paid_out(terms(**BUCKETS)), date(2024, 3, 5)))

    # 33 days since 1 February, 4 days since 1 March.
    assert arrears.amounts_by_bucket(loan, loan.state()) == ((3, 40_000), (30, 40_000))


def test_days_of_a_pause_do_not_count():
    loan = acts.close_day(on(paid_out(terms(**BUCKETS)), date(2024, 2, 8)))
    loan = arrears.pause(loan, date(2024, 2, 9), date(2024, 3, 9))

    later = acts.close_day(on(loan, date(2024, 3, 10)))

    assert arrears.assess(later, later.state()).days_delinquent == 35 - 29


def test_a_payment_within_a_pause_lowers_what_lies_in_the_buckets():
    """As Fineract's published scenario of a part payment within a pause shows (TestRail C3003)."""
    loan = acts.close_day(on(paid_out(terms(**BUCKETS)), date(2024, 2, 8)))
    loan = on(arrears.pause(loan, date(2024, 2, 9), date(2024, 4, 9)), date(2024, 3, 20))

    loan = acts.close_day(acts.repay(loan, day=date(2024, 3, 20), amount=15_000))

    # The instalment of 1 March is overdue too, but in no bucket while the pause runs.
    assert loan.bucket == 3
    assert arrears.amounts_by_bucket(loan, loan.state()) == ((3, 25_000),)


def test_a_payment_of_all_arrears_takes_the_loan_out_of_its_bucket():
    loan = acts.close_day(on(paid_out(terms(**BUCKETS)), date(2024, 2, 8)))

    loan = acts.repay(loan, day=date(2024, 2, 8), amount=40_000)

    assert (loan.bucket, loan.instalment_buckets) == (None, ())


def test_a_charge_off_says_what_was_owed():
    loan = on(paid_out(interest_terms(recalculation=None)), date(2024, 2, 1))

    loan = acts.charge_off(loan, day=date(2024, 2, 1))

    owed = loan.state().outstanding
    assert loan.live(Kind.CHARGE_OFF)[0].amount == owed
    assert standing.status(loan) == "active"


def test_a_charge_off_may_stop_all_further_interest():
    loan = on(paid_out(interest_terms(charge_off=ChargeOff.ZERO_INTEREST)), date(2024, 2, 1))

    loan = acts.charge_off(loan, day=date(2024, 2, 1))

    assert [row[1] for row in rows(loan)] == [1_200, 0, 0]
    assert sum(row[0] for row in rows(loan)) == 120_000


def test_a_charge_off_that_stops_interest_keeps_the_principal_of_a_single_instalment():
    loan = on(
        paid_out(interest_terms(count=1, charge_off=ChargeOff.ZERO_INTEREST)), date(2024, 1, 16)
    )

    loan = acts.charge_off(loan, day=date(2024, 1, 16))

    assert rows(loan) == [(120_000, 581, 120_581)]


def test_a_charge_off_may_make_all_principal_due():
    loan = on(paid_out(terms(charge_off=ChargeOff.ACCELERATE)), date(2024, 1, 20))
    loan = acts.charge(loan, Charge("visit", date(2024, 3, 9), is_penalty=False, amount=700))

    loan = acts.charge_off(loan, day=date(2024, 1, 20))

    found = [(row.due_on, row.total_due) for row in loan.state().rows]
    assert found == [(date(2024, 1, 20), 120_000), (date(2024, 3, 9), 700)]


def test_money_paid_towards_instalments_that_go_is_allocated_anew():
    loan_terms = interest_terms(
        charge_off=ChargeOff.ACCELERATE, orders=((None, order(Future.LAST)),)
    )
    loan = on(paid_out(loan_terms), date(2024, 1, 10))
    loan = acts.repay(loan, day=date(2024, 1, 10), amount=30_000)

    loan = acts.charge_off(on(loan, date(2024, 1, 20)), day=date(2024, 1, 20))

    (only_row,) = loan.state().rows
    assert only_row.due[PRINCIPAL] == 120_000
    assert only_row.total_paid == 30_000


def test_undoing_a_charge_off_brings_the_schedule_back():
    loan = on(paid_out(interest_terms(charge_off=ChargeOff.ZERO_INTEREST)), date(2024, 2, 1))
    before = rows(loan)

    loan = acts.undo_last(acts.charge_off(loan, day=date(2024, 2, 1)), Kind.CHARGE_OFF)

    assert rows(loan) == before


def test_re_ageing_makes_new_instalments_of_what_is_owed():
    loan = on(paid_out(terms()), date(2024, 3, 10))
    rule = ReAge(date(2024, 4, 15), Frequency(1, Unit.MONTH), 4)

    loan = acts.re_age(loan, rule)

    assert [row[0] for row in rows(loan)] == [0, 0, 0, *[30_000] * 4]


def test_re_amortising_spreads_arrears_over_what_is_to_come():
    loan = acts.re_amortise(on(paid_out(terms()), date(2024, 2, 10)))

    assert [row[0] for row in rows(loan)] == [0, 60_000, 60_000]


def test_a_write_off_leaves_nothing_owed():
    loan = acts.write_off(on(paid_out(terms()), date(2024, 5, 1)), day=date(2024, 5, 1))

    assert standing.status(loan) == "closed_written_off"


def recognised(loan: Loan) -> int:
    """Interest recognised so far."""
    more = sum(p.parts[INTEREST] for p in loan.live(Kind.ACCRUAL))
    return more - sum(p.parts[INTEREST] for p in loan.live(Kind.ACCRUAL_ADJUSTMENT))


def test_interest_is_recognised_day_by_day_and_never_twice():
    loan = acts.close_day(paid_out(interest_terms()))
    for days in range(1, 40, 7):
        loan = acts.close_day(on(loan, loan.today + timedelta(days=days)))
        loan = acts.close_day(loan)

    days = [posting.day for posting in loan.live(Kind.ACCRUAL)]
    assert len(days) == len(set(days))


def test_income_recognised_at_the_end_is_the_income_earned():
    loan = acts.close_day(paid_out(interest_terms()))
    loan = acts.close_day(on(loan, date(2024, 1, 20)))

    loan = acts.pay_off(loan, day=date(2024, 1, 20))

    assert recognised(loan) == sum(row.due[INTEREST] for row in loan.state().rows)
    assert sum(row.paid[PRINCIPAL] for row in loan.state().rows) == 120_000


def test_a_refunded_purchase_gives_back_the_interest_it_cost():
    refunds = frozenset({Kind.MERCHANT_REFUND})
    loan = on(paid_out(interest_terms(refunds_interest=refunds)), date(2024, 1, 16))

    loan = acts.repay(loan, kind=Kind.MERCHANT_REFUND, day=date(2024, 1, 16), amount=60_000)

    # 600.00 of the 1,200.00 for 15 of 31 days at one per cent.
    assert loan.live(Kind.INTEREST_REFUND)[0].amount in {290, 291}
