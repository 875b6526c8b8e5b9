"""Instalments as they live: what is due, paid, waived, written off, and when it was met.

These objects live inside one replay; what leaves is a tuple of frozen rows. Minor units.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from scf.loans.servicing.components import Component


def _zeros() -> list[int]:
    return [0, 0, 0, 0]


@dataclass(slots=True, eq=False)
class Instalment:
    """One row of the schedule; amounts by component."""

    number: int
    start: date
    due_on: date
    due: list[int] = field(default_factory=_zeros)
    paid: list[int] = field(default_factory=_zeros)
    waived: list[int] = field(default_factory=_zeros)
    written_off: list[int] = field(default_factory=_zeros)
    credited: list[int] = field(default_factory=_zeros)
    in_advance: int = 0
    late: int = 0
    met_on: date | None = None
    is_down_payment: bool = False
    is_additional: bool = False
    is_reaged: bool = False
    paid_by: dict[int, list[int]] = field(default_factory=dict)

    def outstanding(self, component: Component) -> int:
        """What is still owed of a component."""
        settled = self.paid[component] + self.waived[component] + self.written_off[component]
        return self.due[component] - settled

    @property
    def total_due(self) -> int:
        """All that is due, paid or not."""
        return sum(self.due)

    @property
    def total_paid(self) -> int:
        """All that was paid."""
        return sum(self.paid)

    @property
    def total_outstanding(self) -> int:
        """All that is still owed."""
        return sum(self.outstanding(component) for component in Component)

    @property
    def is_open(self) -> bool:
        """Say whether something is still owed."""
        return self.met_on is None

    @property
    def is_regular(self) -> bool:
        """Say whether the row belongs to the plan, not to a down payment or a late charge."""
        return not self.is_down_payment and not self.is_additional

    def copied(self) -> "Instalment":
        """Return a copy that shares nothing with this one."""
        return replace(
            self,
            due=list(self.due),
            paid=list(self.paid),
            waived=list(self.waived),
            written_off=list(self.written_off),
            credited=list(self.credited),
            paid_by={number: list(parts) for number, parts in self.paid_by.items()},
        )

    def note_payer(self, entry: int, component: Component, amount: int) -> None:
        """Remember which entry paid what of the row."""
        if amount:
            self.paid_by.setdefault(entry, _zeros())[component] += amount

    def pay(self, component: Component, day: date, available: int) -> int:
        """Pay as much of a component as is owed and available; return what was used."""
        used = min(available, max(self.outstanding(component), 0))
        self.paid[component] += used
        self._track(day, used)
        self.check_met(day)
        return used

    def unpay(self, component: Component, day: date, wanted: int) -> int:
        """Take back as much of what was paid of a component as is there; return it."""
        used = min(wanted, self.paid[component])
        self.paid[component] -= used
        if day < self.due_on:
            self.in_advance = max(self.in_advance - used, 0)
        elif day > self.due_on:
            self.late = max(self.late - used, 0)
        self.check_met(day)
        return used

    def write_off(self, component: Component, day: date) -> int:
        """Give up what is owed of a component; return it."""
        amount = self.outstanding(component)
        self.written_off[component] += amount
        self.check_met(day)
        return amount

    def _track(self, day: date, amount: int) -> None:
        if day < self.due_on:
            self.in_advance += amount
        elif day > self.due_on:
            self.late += amount

    def check_met(self, day: date) -> None:
        """Note whether nothing is owed any more; the day is that of the last act upon it."""
        self.met_on = day if self.total_outstanding == 0 else None

    def update_met(self, day: date) -> None:
        """Note a change of what is due, without moving the day it was met on."""
        if self.met_on is None and self.total_outstanding == 0:
            self.met_on = day
        elif self.met_on is not None and self.total_outstanding != 0:
            self.met_on = None

    def holds(self, day: date, *, is_first: bool) -> bool:
        """Say whether a day falls into the row: after its start (or on it), up to its due date."""
        return (self.start < day or (is_first and self.start == day)) and day <= self.due_on


def renumber(instalments: list[Instalment], *, down_first: bool = False) -> None:
    """Sort by due date and number from one; ``down_first`` puts a down payment first on its day."""
    if down_first:
        instalments.sort(key=lambda row: (row.due_on, not row.is_down_payment, row.start))
    else:
        instalments.sort(key=lambda row: (row.due_on, row.start, not row.is_down_payment))
    for number, row in enumerate(instalments, start=1):
        row.number = number


def first_regular(instalments: list[Instalment]) -> Instalment | None:
    """Return the first instalment that is no down payment."""
    return next((row for row in instalments if not row.is_down_payment), None)
