"""The income of each instalment as one posting on its due date, and the rest when the loan ends.

When a replay changes an instalment's income, its posting is replaced. Minor units.
"""

from dataclasses import replace
from datetime import date

from scf.loans.servicing.components import NOTHING, Amounts, as_amounts
from scf.loans.servicing.entries import Kind
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.life import Loan, post_income
from scf.loans.servicing.state import State


def income_of(row: Instalment) -> Amounts:
    """Return interest, fees and penalties of a row."""
    return as_amounts((0, *row.due[1:]))


def record_due(loan: Loan, state: State, day: date) -> Loan:
    """Post the income of every instalment due up to a day that was not posted yet."""
    if not loan.terms.posts_activity:
        return loan
    known = {posting.day for posting in loan.live(Kind.ACCRUAL_ACTIVITY)}
    for row in state.rows:
        if row.due_on <= day and row.due_on not in known and not row.is_down_payment:
            loan = post_income(loan, Kind.ACCRUAL_ACTIVITY, row.due_on, income_of(row))
    return loan


def record_rest(loan: Loan, state: State, day: date) -> Loan:
    """Post what is left of the income on the day the loan was settled."""
    if not loan.terms.posts_activity:
        return loan
    earlier = [row for row in state.rows if row.due_on < day]
    loan = record_due(loan, replace(state, rows=earlier), day)
    known = {posting.day for posting in loan.live(Kind.ACCRUAL_ACTIVITY)}
    rest = [row for row in state.rows if row.due_on >= day and row.due_on not in known]
    if day in known or not rest:
        return loan
    total = as_amounts(map(sum, zip(*(income_of(row) for row in rest), strict=True)))
    return post_income(loan, Kind.ACCRUAL_ACTIVITY, day, total)


def revise(loan: Loan, state: State) -> Loan:
    """Replace what a replay changed, and take back the rest of a loan that lives again."""
    is_open = state.outstanding > 0
    by_due = {row.due_on: row for row in state.rows if not row.is_down_payment}
    postings = list(loan.postings)
    number = loan.next_number
    for index, posting in enumerate(loan.postings):
        if posting.kind is not Kind.ACCRUAL_ACTIVITY or not posting.is_live:
            continue
        row = by_due.get(posting.day)
        if is_open and (loan.closed_through is None or posting.day > loan.closed_through):
            row = None  # its day is not closed yet
        if row is None and not is_open:
            continue
        now = income_of(row) if row else NOTHING
        if now == posting.parts:
            continue
        postings[index] = replace(posting, is_replaced=True)
        if any(now):
            postings.append(
                replace(posting, number=number, parts=now, amount=sum(now), is_replayed=True)
            )
            number += 1
    return replace(loan, postings=tuple(postings), next_number=number)
