"""A cumulative schedule that follows the money: interest on what is really owed, day by day.

Early money lowers the balance from its day; arrears bear interest in the instalment that runs
today, until they are paid, or until today, when payment is expected; unpaid interest is among them
where the contract compounds it. With a rest of a whole period both count from one due date to the
next. What an early payment changes is the contract's choice:
smaller instalments, fewer of them, or the next ones fall away. Rules read from reference cases.
Minor units.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from scf.loans.servicing.components import Component
from scf.loans.servicing.cumulative import level_of, rate_of_days
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.terms import AfterEarly, Recalculation, Rest, Terms

PRINCIPAL, INTEREST = Component.PRINCIPAL, Component.INTEREST
Dated = tuple[date, int]


@dataclass(slots=True)
class Money:
    """Payments by day, and what the rows settled so far ask of them."""

    payments: list[Dated]
    compounds: bool = False
    settled: list[Instalment] = field(default_factory=list)

    def paid_by(self, day: date) -> int:
        """Return what was paid up to a day, that day included."""
        return sum(amount for when, amount in self.payments if when <= day)

    def ahead(self, day: date) -> int:
        """Return what was paid up to a day beyond the rows before."""
        return max(self.paid_by(day) - sum(row.total_due for row in self.settled), 0)

    def arrears(self, day: date) -> int:
        """Return what bears interest of the rows before and was not paid by a day."""
        left, total = self.paid_by(day), 0
        for row in self.settled:
            used = min(left, row.total_due)
            left -= used
            total += row.due[PRINCIPAL] - max(used - row.due[INTEREST], 0)
            total += max(row.due[INTEREST] - used, 0) if self.compounds else 0
        return total


def fill(
    terms: Terms, rows: list[Instalment], lent: list[Dated], payments: Iterable[Dated], today: date
) -> None:
    """Say on every row what falls due; rows that are no longer needed are taken out."""
    rules = terms.recalculation or Recalculation()
    by_period = rules.rest is Rest.PERIOD
    dues = [row.due_on for row in rows]
    paid = sorted((_rest(day, dues) if by_period else day, sum_) for day, sum_ in payments)
    money = Money(paid, rules.compounds)
    waiting, balance, level, spare = sorted(lent), 0, 0, 0
    for number, row in enumerate(list(rows)):
        new = [one for one in waiting if one[0] < row.due_on]
        waiting = [one for one in waiting if one[0] >= row.due_on]
        until = row.due_on if by_period and row.start < today <= row.due_on else today
        interest = _interest(terms, row, balance, new, money, until)
        balance += sum(amount for _, amount in new)
        if new:
            level = level_of(terms, rows, number, balance)
        row.due[INTEREST] = interest
        early = money.ahead(row.due_on)
        row.due[PRINCIPAL] = _principal(row, level, spare, money)
        if _after(terms) is AfterEarly.NEXT_PAYMENTS_MOVE:
            spare = max(spare + row.total_due - level, 0)
        if row is rows[-1] or row.due[PRINCIPAL] >= balance:
            row.due[PRINCIPAL] = balance
        balance -= row.due[PRINCIPAL]
        money.settled.append(row)
        if early > level and balance and _after(terms) is AfterEarly.SMALLER_INSTALMENTS:
            level = level_of(terms, rows, number + 1, balance)
        if not balance and not waiting:
            del rows[number + 1 :]
            return


def _rest(day: date, dues: list[date]) -> date:
    return next((due for due in dues if day <= due), day)


def _after(terms: Terms) -> AfterEarly:
    return terms.recalculation.after_early if terms.recalculation else AfterEarly.LAST_UNPAID


def _principal(row: Instalment, level: int, spare: int, money: Money) -> int:
    interest = row.due[INTEREST]
    before = sum(a for when, a in money.payments if when < row.due_on)
    before = max(before - sum(other.total_due for other in money.settled), 0)
    if before >= level:
        return before
    return max(money.ahead(row.due_on) - interest, level - spare - interest, 0)


def _interest(
    terms: Terms, row: Instalment, balance: int, new: list[Dated], money: Money, today: date
) -> int:
    """Interest of a row over the stretches in which what is owed stands still, each rounded."""
    days = {row.start, row.due_on, *(when for when, _ in money.payments)}
    if money.arrears(today):
        days.add(today)
    is_current = row.start < today <= row.due_on
    days |= {when for when, _ in new}
    inside = sorted(day for day in days if row.start <= day <= row.due_on)
    total = 0
    for start, end in pairwise(inside):
        owed = balance + sum(amount for when, amount in new if when <= start)
        owed -= money.ahead(start)
        if is_current and start < today:
            owed += money.arrears(start)
        rate = rate_of_days(terms, (end - start).days)
        major = terms.rounding.major(max(owed, 0))
        total += terms.rounding.minor(terms.rounding.context.multiply(major, rate))
    return total
