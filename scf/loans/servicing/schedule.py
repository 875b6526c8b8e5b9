"""The rows a replay starts from: due dates, moved ones, down payments; and the plan over them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from scf.loans.servicing import recalculated
from scf.loans.servicing.cumulative import Course, fill_rows, lay_down_payments
from scf.loans.servicing.dates import Frequency
from scf.loans.servicing.entries import PAYMENTS, Entry, Kind
from scf.loans.servicing.factors import FactorRule
from scf.loans.servicing.instalments import Instalment, renumber
from scf.loans.servicing.plan import Plan
from scf.loans.servicing.terms import Terms, yearly_percent


@dataclass(frozen=True, slots=True)
class DateChange:
    """A reschedule from a due date on: the date moved (later ones follow), instalments added,

    or some that repay no principal, by which the loan grows longer.
    """

    due: date
    moved_to: date | None = None
    extra: int = 0
    grace: int = 0


def initial_rows(
    terms: Terms,
    entries: Iterable[Entry],
    changes: tuple[DateChange, ...],
    today: date | None = None,
) -> list[Instalment]:
    """Return the rows before anything happened; cumulative ones already say what is due.

    ``today`` is needed where a cumulative schedule follows the money.
    """
    entries = list(entries)
    pay_outs = [entry for entry in entries if entry.kind is Kind.DISBURSEMENT]
    rows = [Instalment(0, first, due) for first, due in periods(terms, pay_outs, changes)]
    if terms.down_payment is not None:
        rows += [Instalment(0, entry.day, entry.day, is_down_payment=True) for entry in pay_outs]
    renumber(rows, down_first=not terms.is_progressive)
    if not terms.is_progressive and pay_outs:
        _reach_last_pay_out(terms, rows, pay_outs)
        if today is None:
            fill_rows(terms, rows, Course(pay_outs, changes, rates_of(terms, entries)))
        else:
            lent = lay_down_payments(terms, rows, pay_outs)
            paid = [(e.day, e.amount) for e in entries if e.kind in PAYMENTS]
            recalculated.fill(terms, rows, lent, paid, today)
        for row in rows:
            row.update_met(pay_outs[0].day)
    return rows


def rates_of(terms: Terms, entries: Iterable[Entry]) -> tuple[tuple[date, Decimal], ...]:
    """Return the yearly rates and the days they begin, as fractions."""
    known = [(date.min, terms.yearly_rate)]
    for entry in entries:
        if entry.kind is Kind.RATE_CHANGE and entry.rate is not None:
            percent = yearly_percent(terms, entry.rate)
            known.append((entry.day, terms.rounding.context.divide(percent, Decimal(100))))
    return tuple(known)


def _reach_last_pay_out(terms: Terms, rows: list[Instalment], pay_outs: list[Entry]) -> None:
    """Money paid out after the last due date is due one period later."""
    while pay_outs and pay_outs[-1].day > rows[-1].due_on:
        start = rows[-1].due_on
        rows.append(Instalment(len(rows) + 1, start, terms.every.after(start)))


def periods(
    terms: Terms, entries: Iterable[Entry], changes: tuple[DateChange, ...]
) -> list[tuple[date, date]]:
    """Return start and due date of every instalment; a moved one takes the later ones along."""
    first = next((e.day for e in entries if e.kind is Kind.DISBURSEMENT), terms.expected_on)
    start = terms.submitted_on if terms.counts_from_submission else first
    count = terms.count + sum(change.extra + change.grace for change in changes)
    moved = {change.due: change.moved_to for change in changes if change.moved_to}
    found: list[tuple[date, date]] = []
    steps, seed, before, later = 0, start, start, timedelta(0)
    while len(found) < count:
        steps += 1
        due = terms.every.after(seed, steps)
        if len(found) == count - 1:
            due = _end(terms, start, due) + later
        while due in moved:
            seed = moved.pop(due) or due
            later += (seed - due) if terms.fixed_length is not None else timedelta(0)
            due, steps = seed, 0
        found.append((before, due))
        before = due
    return found


def _end(terms: Terms, start: date, due: date) -> date:
    """A loan of fixed length ends so many units after its start, whatever the last period."""
    if terms.fixed_length is None:
        return due
    return Frequency(terms.fixed_length, terms.every.unit).after(start)


def plan_for(
    terms: Terms, entries: Iterable[Entry], changes: tuple[DateChange, ...]
) -> Plan | None:
    """Return the plan over the regular periods, for a progressive loan that bears interest.

    Moved due dates come later (`plan_moves`): the level instalment is that of the first dates.
    """
    if not (terms.is_progressive and terms.bears_interest):
        return None
    regular = periods(terms, entries, tuple(replace(c, moved_to=None) for c in changes))
    rule = FactorRule(terms.basis, terms.every, regular[0][0], terms.rounding)
    return Plan(regular, terms.yearly_rate, rule)


def plan_moves(
    terms: Terms, entries: Iterable[Entry], changes: tuple[DateChange, ...]
) -> tuple[tuple[date, date], ...]:
    """Return the periods a plan moves to once it is set, or none if no date was moved."""
    if not any(change.moved_to for change in changes):
        return ()
    return tuple(periods(terms, entries, changes))
