"""The verbs of a loan: each takes the loan and returns it after the act. Minor units."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from scf.loans.servicing import life, standing
from scf.loans.servicing.accruals import (
    accrue_late_charges,
    accrue_on_closing,
    accrue_through,
    close_through,
    reopen_day,
    without_income_from,
)
from scf.loans.servicing.arrears import reclassify, reclassify_through
from scf.loans.servicing.entries import PAYMENTS, Charge, Entry, Kind, ReAge
from scf.loans.servicing.interest_refund import REFUNDS
from scf.loans.servicing.life import Loan, Posting
from scf.loans.servicing.paying_out import down_payment_of
from scf.loans.servicing.schedule import DateChange


def _finish(loan: Loan) -> Loan:
    return reclassify(accrue_on_closing(loan))


def _do(loan: Loan, kind: Kind, day: date, amount: int = 0, of: int | None = None) -> Loan:
    return _finish(life.add(loan, Entry(0, kind, day, loan.today, amount, of)))


def move_to(loan: Loan, day: date) -> Loan:
    """Set the business day."""
    return replace(loan, today=day)


def disburse(loan: Loan, *, day: date, amount: int) -> Loan:
    """Pay out an amount; an automatic down payment is taken at once."""
    credit = loan.state().overpaid if loan.disbursed else 0
    after = _do(loan, Kind.DISBURSEMENT, day, amount)
    down = max(down_payment_of(loan.terms, amount) - credit, 0)
    if loan.terms.down_payment and loan.terms.down_payment.is_automatic and down:
        after = _do(after, Kind.DOWN_PAYMENT, day, down)
    return after


def capitalise(loan: Loan, *, day: date, amount: int) -> Loan:
    """Add income to the principal."""
    return _do(loan, Kind.CAPITALISED_INCOME, day, amount)


def repay(loan: Loan, *, day: date, amount: int, kind: Kind = Kind.REPAYMENT) -> Loan:
    """Take in a payment; a refund of a purchase may give its interest back too."""
    if kind not in REFUNDS or kind not in loan.terms.refunds_interest:
        return _do(loan, kind, day, amount)
    number = loan.next_number
    after = life.add(loan, Entry(0, kind, day, loan.today, amount))
    return _do(after, Kind.INTEREST_REFUND, day, amount, of=number)


def pay_off(loan: Loan, *, day: date) -> Loan:
    """Pay all that is owed on a day."""
    return _do(loan, Kind.REPAYMENT, day, standing.settlement(loan, day))


def refund(loan: Loan, *, day: date, amount: int) -> Loan:
    """Give back money of a running loan."""
    return _do(loan, Kind.PAYMENT_REFUND, day, amount)


def refund_credit(loan: Loan, *, day: date, amount: int) -> Loan:
    """Pay the credit balance out."""
    return _do(loan, Kind.CREDIT_REFUND, day, amount)


def charge(loan: Loan, what: Charge) -> Loan:
    """Add a charge."""
    entry = Entry(0, Kind.CHARGE, loan.today, loan.today, charge=what)
    return _finish(accrue_late_charges(life.add(loan, entry)))


def charges(loan: Loan) -> list[Entry]:
    """Return the charges in the order they were added."""
    found = [entry for entry in loan.entries if entry.kind is Kind.CHARGE]
    return sorted(found, key=lambda entry: entry.number)


def waive_charge(loan: Loan, number: int) -> Loan:
    """Waive what is owed of a charge."""
    state = loan.state()
    waived = next(c for c in state.charges if c.number == number)
    owed, day = waived.outstanding, min(waived.charge.due_on, loan.today)
    entries = tuple(
        replace(entry, waived=True) if entry.number == number else entry for entry in loan.entries
    )
    return _do(replace(loan, entries=entries), Kind.CHARGE_WAIVER, day, owed, of=number)


def adjust_charge(loan: Loan, number: int, *, amount: int) -> Loan:
    """Pay part of a charge on the borrower's behalf."""
    return _do(loan, Kind.CHARGE_ADJUSTMENT, loan.today, amount, of=number)


def undoable(loan: Loan) -> list[Posting]:
    """Return the payments that can be undone, by day and in the order made."""
    kinds = PAYMENTS | {Kind.CHARGE_OFF, Kind.CHARGEBACK, Kind.CREDIT_REFUND}
    return [p for p in life.shown(loan) if p.kind in kinds and p.is_live]


def all_of_day(loan: Loan, day: date) -> list[Posting]:
    """Return all that was posted on a day, in the order made."""
    return [p for p in life.shown(loan) if p.day == day and p.is_live]


def payments(loan: Loan) -> list[Posting]:
    """Return the payments in the order made."""
    kinds = PAYMENTS - {Kind.INTEREST_REFUND}
    found = [p for p in loan.postings if p.kind in kinds and p.is_live]
    return sorted(found, key=lambda p: p.entry or 0)


def undo(loan: Loan, posting: Posting) -> Loan:
    """Undo what a posting records."""
    if posting.entry is None:
        raise ValueError("a posting of the system cannot be undone by hand")
    return _finish(reopen_day(life.undo(loan, posting.entry)))


def undo_last(loan: Loan, kind: Kind) -> Loan:
    """Undo the last entry of a kind."""
    last = max(entry.number for entry in loan.entries if entry.kind is kind)
    return _finish(life.undo(loan, last))


def undo_last_pay_out(loan: Loan) -> Loan:
    """Take the last pay-out back, with all that was made since."""
    last = max(e.number for e in loan.entries if e.kind is Kind.DISBURSEMENT)
    return _finish(life.forget(loan, last))


def undo_all(loan: Loan) -> Loan:
    """Take the pay-out back, with all that followed: the loan is approved again."""
    return life.forget(loan, 0)


def charge_back(loan: Loan, posting: Posting, *, amount: int) -> Loan:
    """Take a payment back."""
    return _do(loan, Kind.CHARGEBACK, loan.today, amount, of=posting.entry)


def charge_off(loan: Loan, *, day: date) -> Loan:
    """Charge the loan off; income recognised for the days from then on goes."""
    return without_income_from(_do(loan, Kind.CHARGE_OFF, day), day, loan.next_number)


def write_off(loan: Loan, *, day: date) -> Loan:
    """Write the loan off."""
    return _do(loan, Kind.WRITE_OFF, day)


def re_age(loan: Loan, rule: ReAge) -> Loan:
    """Make new instalments for the principal still owed."""
    entry = Entry(0, Kind.RE_AGE, loan.today, loan.today, re_age=rule)
    return _finish(life.add(loan, entry))


def re_amortise(loan: Loan) -> Loan:
    """Spread overdue principal over the instalments to come."""
    return _do(loan, Kind.RE_AMORTISE, loan.today)


def pause_interest(loan: Loan, *, first: date, last: date) -> Loan:
    """Let no interest run from ``first`` to ``last``, both included."""
    entry = Entry(0, Kind.INTEREST_PAUSE, first, loan.today, until=last)
    return _finish(life.add(loan, entry))


def reschedule(
    loan: Loan,
    *,
    from_: date,
    moved_to: date | None = None,
    extra: int = 0,
    grace: int = 0,
    rate: Decimal | None = None,
) -> Loan:
    """Move a due date (later ones follow), add instalments, or change the rate from a day."""
    entries, changes, number = loan.entries, loan.changes, loan.next_number
    if moved_to or extra or grace:
        changes = (*changes, DateChange(from_, moved_to, extra, grace))
    if rate is not None:
        entry = Entry(number, Kind.RATE_CHANGE, from_, loan.today, rate=rate)
        entries, number = (*entries, entry), number + 1
    changed = replace(loan, next_number=number)
    return _finish(life.change(changed, entries, changes))


def accrue_now(loan: Loan) -> Loan:
    """Recognise what has accrued up to today, without closing any day."""
    return accrue_through(loan, loan.today)


def made(loan: Loan, kind: Kind) -> list[Posting]:
    """Return the postings of a kind in the order first made, those undone since included."""
    found = {p.entry: p for p in loan.postings if p.kind is kind and not p.is_replaced}
    return [found[number] for number in sorted(number for number in found if number)]


def close_day(loan: Loan) -> Loan:
    """Close the days up to yesterday: what accrued is posted."""
    return reclassify_through(close_through(loan), loan.closed_through)
