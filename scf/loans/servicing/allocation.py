"""How a payment settles what is owed: by a table of past due, due and in advance.

Horizontally the table is walked one due-type at a time, instalment by instalment; vertically one
line of the table at a time over all instalments. Amounts in minor units.
"""

from collections.abc import Callable
from datetime import date
from itertools import groupby

from scf.loans.servicing.components import Component
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.rounding import Rounding
from scf.loans.servicing.terms import Bucket, Due, Future, PaymentOrder

#: Pays (or takes back) one component of one instalment: bucket, instalment, amount -> used.
Pay = Callable[[Bucket, Instalment, int], int]
Eligible = Callable[[Instalment], bool]


def allocate(
    rows: list[Instalment],
    day: date,
    amount: int,
    order: PaymentOrder,
    pay: Pay,
    *,
    is_vertical: bool,
    rounding: Rounding,
    last_may_be_met: Eligible | None = None,
) -> int:
    """Settle the rows with an amount; return what is left. ``pay`` does the paying."""
    picker = Picker(rows, day, order.future, lambda row: row.is_open, last_may_be_met)
    if is_vertical:
        return _vertically(picker, order, amount, pay, rounding)
    return _horizontally(picker, order, amount, pay, rounding)


class Picker:
    """Finds the instalments a line of the table speaks of, on the day of the payment."""

    def __init__(
        self,
        rows: list[Instalment],
        day: date,
        future: Future,
        eligible: Eligible,
        last_eligible: Eligible | None = None,
        *,
        latest_past_due: bool = False,
    ) -> None:
        self.rows = rows
        self.day = day
        self.future = future
        self.eligible = eligible
        self.last_eligible = last_eligible or eligible
        self.latest_past_due = latest_past_due

    def pick(self, due: Due, component: Component | None = None) -> list[Instalment]:
        """Return the instalments of a due-type; with a component, those that owe it."""

        def fits(row: Instalment) -> bool:
            owes = component is None or row.outstanding(component) > 0
            return owes and self.eligible(row)

        if due is Due.PAST_DUE:
            found = [row for row in self.rows if row.due_on < self.day and fits(row)]
            return found[-1:] if self.latest_past_due else found[:1]
        if due is Due.DUE:
            found = [row for row in self.rows if row.due_on == self.day and fits(row)]
            return found[-1:] if self.latest_past_due else found[:1]
        return self._future(fits, component)

    def _future(self, fits: Eligible, component: Component | None) -> list[Instalment]:
        later = [row for row in self.rows if row.due_on > self.day]
        found = [row for row in later if fits(row)]
        if self.future is Future.NEXT:
            return found[:1]
        if self.future is Future.SPREAD:
            return found
        current = [
            row
            for row in found
            if row.start < self.day or (row.start == self.day and row.number == 1)
        ]
        if self.future is Future.NEXT_LAST and current:
            return current
        if component is None:
            found = [row for row in later if self.last_eligible(row)]
        return found[-1:]


def shares(amount: int, parts: int, rounding: Rounding) -> list[int]:
    """Split an amount evenly, the last part taking what rounding leaves; never below zero."""
    even = rounding.split(amount, parts)
    if even + amount - even * parts < 0:
        even = amount // parts
    return [even] * (parts - 1) + [amount - even * (parts - 1)]


def _horizontally(
    picker: Picker, order: PaymentOrder, amount: int, pay: Pay, rounding: Rounding
) -> int:
    by_due = [(due, list(group)) for due, group in _grouped(order.order)]
    for due, buckets in by_due:
        while amount > 0:
            rows = picker.pick(due)
            if not rows:
                break
            before = amount
            for bucket in buckets:
                amount -= _pay_rows(bucket, rows, amount, pay, rounding)
            if amount == before and picker.pick(due) == rows:
                # Nothing could be used of what this due-type owes; the next one may take it.
                break
    return amount


def _grouped(order: tuple[Bucket, ...]) -> list[tuple[Due, list[Bucket]]]:
    kinds: dict[Due, list[Bucket]] = {}
    for due, group in groupby(order, key=lambda bucket: bucket[0]):
        kinds.setdefault(due, []).extend(group)
    return list(kinds.items())


def _pay_rows(
    bucket: Bucket, rows: list[Instalment], amount: int, pay: Pay, rounding: Rounding
) -> int:
    used = 0
    for row, share in zip(rows, shares(amount, len(rows), rounding), strict=True):
        used += pay(bucket, row, share)
    return used


def _vertically(
    picker: Picker, order: PaymentOrder, amount: int, pay: Pay, rounding: Rounding
) -> int:
    for bucket in order.order:
        while amount > 0:
            rows = picker.pick(*bucket)
            used = _pay_rows(bucket, rows, amount, pay, rounding) if rows else 0
            if not used:
                break
            amount -= used
    return amount
