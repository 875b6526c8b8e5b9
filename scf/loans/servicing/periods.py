"""The moving parts of an instalment plan: repayment periods and the stretches interest runs over.

A period is cut into segments wherever the balance, the rate or a pause changes within it. These
objects live inside one replay and never leave it; what leaves is a tuple of frozen rows.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from scf.loans.servicing.rounding import Rounding


@dataclass(slots=True)
class Segment:
    """Days over which the balance stands still; amounts take effect at its end. Minor units."""

    start: date
    end: date
    factor: Decimal = Decimal(0)
    factor_to_due: Decimal = Decimal(0)
    disbursed: int = 0
    capitalised: int = 0
    correction: int = 0
    credited_principal: int = 0
    credited_interest: int = 0
    balance: int = 0
    paused: bool = False
    memo: tuple[object, Decimal] | None = None
    factors_of: object = None

    @property
    def closing(self) -> int:
        """Balance after what takes effect at the segment's end."""
        return self.balance + self.disbursed + self.capitalised + self.correction

    def interest(self, due: date, rounding: Rounding) -> Decimal:
        """Interest of the segment before it is rounded to a minor unit, in major units."""
        key = (self.start, self.end, due, self.balance, self.factor_to_due, self.credited_interest)
        if self.memo is None or self.memo[0] != key:
            self.memo = key, self._interest(due, rounding)
        return self.memo[1]

    def _interest(self, due: date, rounding: Rounding) -> Decimal:
        credited = rounding.major(self.credited_interest)
        whole = (due - self.start).days
        if self.paused or whole == 0:
            return credited
        context = rounding.context
        to_due = context.multiply(rounding.major(self.balance), self.factor_to_due)
        days = Decimal((self.end - self.start).days)
        own = context.multiply(context.divide(to_due, Decimal(whole)), days)
        return max(context.add(credited, own), Decimal(0))


@dataclass(slots=True)
class Period:
    """One repayment period: what is due at its end, and what was paid towards it. Minor units.

    ``interest`` is all that accrued, ``due_interest`` what fits into the instalment; the rest is
    ``unrecognised`` and moves to the next period.
    """

    start: date
    due: date
    segments: list[Segment] = field(default_factory=list)
    instalment: int = 0
    level: int = 0
    paid_principal: int = 0
    paid_interest: int = 0
    deferred: int = 0
    moved: bool = False
    interest: int = 0
    due_interest: int = 0
    due_principal: int = 0
    outstanding: int = 0
    credited_principal: int = 0
    credited_interest: int = 0
    version: int = 0
    settled_from: object = None

    def touch(self) -> None:
        """Say that the segments changed, so that the period is worked out anew."""
        self.version += 1

    @property
    def credited(self) -> int:
        """All that was charged back within the period."""
        return self.credited_principal + self.credited_interest

    @property
    def total_due(self) -> int:
        """The instalment with what was charged back and interest deferred to it."""
        return self.instalment + self.credited + self.deferred

    @property
    def paid(self) -> int:
        """Principal and interest paid."""
        return self.paid_principal + self.paid_interest

    @property
    def is_paid(self) -> bool:
        """Say whether nothing more, nor less, is due."""
        return self.total_due == self.paid

    @property
    def unrecognised(self) -> int:
        """Interest that finds no room in this instalment."""
        return self.interest - self.due_interest

    @property
    def owed_principal(self) -> int:
        """Principal due and not paid."""
        return max(self.due_principal - self.paid_principal, 0)

    @property
    def owed_interest(self) -> int:
        """Interest due and not paid."""
        return max(self.due_interest - self.paid_interest, 0)

    def holds(self, day: date, *, is_first: bool) -> bool:
        """Say whether the day belongs to the period: after its start, up to its due date."""
        return (self.start < day or (is_first and self.start == day)) and day <= self.due

    def settle(self, before: "Period | None", rounding: Rounding) -> None:
        """Work out balances and dues from the period before; every period after must follow."""
        opening = (before.outstanding, before.unrecognised) if before else (0, 0)
        own = (self.instalment, self.paid_principal, self.paid_interest, self.deferred, self.moved)
        if self.settled_from == (opening, own, self.version):
            return
        self.settled_from = opening, own, self.version
        balance = opening[0]
        self.credited_principal = max(sum(s.credited_principal for s in self.segments), 0)
        self.credited_interest = max(sum(s.credited_interest for s in self.segments), 0)
        for number, segment in enumerate(self.segments):
            if number or before:
                segment.balance = max(balance, 0)
            balance = segment.closing
        self.interest = self._accrued(before, rounding)
        self.due_interest = self._due_interest()
        self.due_principal = max(self.total_due - self.due_interest, self.paid_principal, 0)
        self.outstanding = max(balance - self.due_principal + self.paid_principal, 0)

    def _accrued(self, before: "Period | None", rounding: Rounding) -> int:
        own = 0
        if not self.moved:
            parts = (segment.interest(self.due, rounding) for segment in self.segments)
            own = rounding.minor(sum(parts, Decimal(0)))
        return max(own + self.deferred + (before.unrecognised if before else 0), 0)

    def _due_interest(self) -> int:
        # More principal paid than there is room for: the period was settled early, and its
        # interest is what was paid of it.
        room = max(self.total_due - self.interest, 0)
        fits = min(self.interest, self.total_due)
        return max(self.paid_interest if self.paid_principal > room else fits, self.paid_interest)

    def copied(self) -> "Period":
        """Return a copy that shares nothing with this one."""
        return replace(self, segments=[replace(segment) for segment in self.segments])
