"""Income recognised as it accrues: day by day at each day's close, the rest when the loan ends.

What was recognised is never changed: a posting brings the sum to what it should be, an adjustment
takes back what was recognised too early. Minor units.
"""

from dataclasses import replace
from datetime import date, timedelta

from scf.loans.servicing import activity, charge_off
from scf.loans.servicing.charges import component_of
from scf.loans.servicing.components import Amounts, Component, as_amounts
from scf.loans.servicing.entries import Kind
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.life import Loan, Posting
from scf.loans.servicing.life import post_income as post
from scf.loans.servicing.state import State

ONE_DAY = timedelta(days=1)


def close_through(loan: Loan) -> Loan:
    """Close the days up to yesterday; the first close takes all days before it at once."""
    last = loan.today - ONE_DAY
    day = loan.closed_through + ONE_DAY if loan.closed_through else last
    while day <= last:
        loan = accrue_through(loan, day)
        day += ONE_DAY
    return replace(loan, closed_through=max(last, loan.closed_through or last), seen_on=loan.today)


def accrue_through(loan: Loan, day: date) -> Loan:
    """Recognise what accrued up to a day, and each instalment's income once it was due."""
    if not loan.disbursed or loan.live(Kind.CHARGE_OFF, Kind.WRITE_OFF):
        return loan
    state = loan.state(_known_by_closing(loan, day))
    if not state.outstanding:
        return loan
    loan = activity.record_due(loan, state, day)
    last_due = max(row.due_on for row in state.rows)
    till = min(day, last_due)
    if loan.accrued_till is not None and till <= loan.accrued_till:
        return loan
    if loan.terms.is_progressive:
        return replace(_recognise(loan, accruable(state, till), till), accrued_till=till)
    return replace(_recognise_by_row(loan, state, till), accrued_till=till)


def _known_by_closing(loan: Loan, day: date) -> date:
    # A day is closed on the next one. Where a cumulative schedule charges arrears as they run, the
    # instalment by then holds that day's interest too, and a share of it is income of the day. So
    # it is where the day of the pay-out bears interest: every day then counts to its end.
    terms = loan.terms
    till_end = not terms.is_progressive or terms.basis.disbursement_day_counts
    return min(day + ONE_DAY, loan.today) if terms.recalculates and till_end else day


def accrue_on_closing(loan: Loan) -> Loan:
    """Recognise the rest of the income once nothing is owed any more."""
    state = loan.state()
    loan = activity.revise(_accrue_charge_offs(loan, state), state)
    was_given_up = any(e.kind in {Kind.CHARGE_OFF, Kind.WRITE_OFF} for e in loan.entries)
    if not loan.disbursed or state.outstanding or was_given_up:
        return loan
    last_due = max(row.due_on for row in state.rows)
    day = min(last_due, loan.today)
    if not loan.terms.is_progressive:
        day = _last_day(loan)
    total = [0, 0, 0, 0]
    for row in state.rows:
        total[Component.INTEREST] += row.due[Component.INTEREST]
        total[Component.INTEREST] -= row.credited[Component.INTEREST]
    for charge in state.charges:
        total[component_of(charge)] += charge.amount - charge.waived
    loan = replace(_recognise(loan, as_amounts(total), day), accrued_till=day)
    return activity.record_rest(loan, state, _last_day(loan))


def accrue_late_charges(loan: Loan) -> Loan:
    """Recognise a charge added after maturity at once, if the lender's policy says so."""
    state = loan.state()
    maturity = max(row.due_on for row in state.rows if row.is_regular)
    is_off = loan.live(Kind.CHARGE_OFF, Kind.WRITE_OFF)
    if not loan.terms.late_charges_accrue_at_once or loan.today <= maturity or is_off:
        return loan
    total = list(recognised(loan))
    total[Component.FEE] = total[Component.PENALTY] = 0
    for charge in state.charges:
        if charge.charge.due_on <= loan.today:
            total[component_of(charge)] += charge.amount - charge.waived
    return _recognise(loan, as_amounts(total), loan.today)


def without_income_from(loan: Loan, day: date, number: int) -> Loan:
    """Return the loan without accruals of a day on, as far as they were made before a posting."""
    postings = tuple(
        replace(p, is_replaced=True)
        if p.kind is Kind.ACCRUAL and p.is_live and p.day >= day and p.number < number
        else p
        for p in loan.postings
    )
    return replace(loan, postings=postings)


def _last_day(loan: Loan) -> date:
    return max(entry.day for entry in loan.entries if entry.kind is not Kind.CHARGE)


def accruable(state: State, day: date) -> Amounts:
    """Return the income that has accrued up to a day, by component."""
    total = [0, 0, 0, 0]
    till = day + ONE_DAY if state.terms.basis.disbursement_day_counts else day
    for row in state.rows:
        total[Component.INTEREST] += _interest(state, row, till)
    for charge in state.charges:
        if charge.counts_from(on_submission=state.terms.charges_accrue_early) <= day:
            total[component_of(charge)] += charge.amount - charge.waived
    return as_amounts(total)


def _interest(state: State, row: Instalment, day: date) -> int:
    if not row.is_regular or row.is_reaged or not state.terms.bears_interest:
        return 0
    if row.due_on < day:
        return row.due[Component.INTEREST] - row.credited[Component.INTEREST]
    if row.start < day:
        return charge_off.interest_run(state, row, day)
    return 0


def recognised(loan: Loan, till: date | None = None) -> Amounts:
    """Return the income recognised so far, by component."""
    total = [0, 0, 0, 0]
    for posting in loan.live(Kind.ACCRUAL, Kind.ACCRUAL_ADJUSTMENT):
        if till is not None and posting.day > till:
            continue
        sign = 1 if posting.kind is Kind.ACCRUAL else -1
        for component in Component:
            total[component] += sign * posting.parts[component]
    return as_amounts(total)


def _recognise(loan: Loan, due: Amounts, day: date) -> Loan:
    gaps = [a - b for a, b in zip(due, recognised(loan), strict=True)]
    less = as_amounts(max(-gap, 0) for gap in gaps)
    more = as_amounts(max(gap, 0) for gap in gaps)
    return post(post(loan, Kind.ACCRUAL_ADJUSTMENT, day, less), Kind.ACCRUAL, day, more)


def _recognise_by_row(loan: Loan, state: State, till: date) -> Loan:
    left = list(recognised(loan))
    for row in state.rows:
        due = [0, 0, 0, 0]
        for charge in state.charges_of(row):
            if charge.counts_from(on_submission=state.terms.charges_accrue_early) <= till:
                due[component_of(charge)] += charge.amount - charge.waived
        known = [min(a, b) for a, b in zip(due, left, strict=True)]
        left = [a - b for a, b in zip(left, known, strict=True)]
        gap = [a - b for a, b in zip(due, known, strict=True)]
        loan = _within_income(loan, row)
        ran = _interest(state, row, till)
        gap[Component.INTEREST] = max(ran - sum(p.parts[1] for p in _of_row(loan, row)), 0)
        loan = post(loan, Kind.ACCRUAL, min(row.due_on, till), as_amounts(gap))
    return loan


def _of_row(loan: Loan, row: Instalment) -> list[Posting]:
    """Return the live accruals of interest made for a row, by their days."""
    return [
        p
        for p in loan.live(Kind.ACCRUAL)
        if row.start < p.day <= row.due_on and p.parts[Component.INTEREST]
    ]


def _within_income(loan: Loan, row: Instalment) -> Loan:
    """Take back the last accruals of a row whose income a replay has made smaller."""
    known = _of_row(loan, row)
    gone = set()
    while known and sum(p.parts[1] for p in known) > row.due[Component.INTEREST]:
        gone.add(known.pop().number)
    postings = tuple(replace(p, is_replaced=True) if p.number in gone else p for p in loan.postings)
    return replace(loan, postings=postings)


def reopen_day(loan: Loan) -> Loan:
    """Take back the accrual of a day within an instalment: something before it was undone.

    Only a cumulative schedule does so; a progressive one adjusts with its next accrual.
    """
    till = loan.accrued_till
    if loan.terms.is_progressive or till is None or not loan.terms.bears_interest:
        return loan
    if any(row.due_on == till for row in loan.state().rows):
        return loan
    postings = tuple(
        replace(p, is_replaced=True)
        if p.kind is Kind.ACCRUAL and p.is_live and p.day == till
        else p
        for p in loan.postings
    )
    return replace(loan, postings=postings)


def _accrue_charge_offs(loan: Loan, state: State) -> Loan:
    """A charge-off recognises the interest that ran up to its day."""
    for entry in loan.entries:
        if entry.number not in state.charged_off_interest:
            continue
        ran = state.charged_off_interest[entry.number]
        gap = ran - recognised(loan, entry.day)[Component.INTEREST]
        kind = Kind.ACCRUAL if gap > 0 else Kind.ACCRUAL_ADJUSTMENT
        loan = post(loan, kind, entry.day, (0, abs(gap), 0, 0))
    return loan
