"""The state of a loan between two actions: meters, instalments, totals. All frozen."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from scf.core.money import half_up
from scf.loans.classification import Tier
from scf.loans.fees import FeeClaim
from scf.loans.observation import observed_until
from scf.loans.postings import Parts
from scf.loans.terms import InterestFrom, Terms

NON_ACCRUAL_AFTER_DAYS = 90  # K14: more than 90 days past due, receivable interest off balance


class LoanStatus(StrEnum):
    """The statuses this fold can tell; the last two follow decisions of people."""

    ACTIVE = "active"
    OVERDUE = "overdue"
    SETTLED = "settled"
    OVERPAID = "overpaid"
    RESTRUCTURED = "restructured"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True, slots=True)
class Meter:
    """Interest of one kind on one row: run up exactly, charged in whole fen, paid.

    ``recognised_minor`` is q(exact cumulative), never less than what was charged (K5). It is
    reckoned once, because the fold reads every meter at every stop and changes one or two.
    """

    exact: Fraction = Fraction(0)
    charged_minor: int = 0
    paid_minor: int = 0
    recognised_minor: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rounded = half_up(self.exact.numerator, self.exact.denominator)
        object.__setattr__(self, "recognised_minor", max(self.charged_minor, rounded))

    @property
    def owed_minor(self) -> int:
        """What would have to be paid today."""
        return self.recognised_minor - self.paid_minor

    def ran(self, exact: Fraction) -> "Meter":
        """Return the meter after more interest ran up."""
        return Meter(self.exact + exact, self.charged_minor, self.paid_minor)

    def charge(self) -> "Meter":
        """Return the meter with all it shows made payable."""
        if self.charged_minor == self.recognised_minor:
            return self
        return Meter(self.exact, self.recognised_minor, self.paid_minor)

    def even(self) -> "Meter":
        """Return the meter with its part of a fen forgotten."""
        return Meter(Fraction(self.recognised_minor), self.recognised_minor, self.paid_minor)

    def pay(self, amount: int) -> "Meter":
        """Return the charged meter after a payment of at most what is owed."""
        return Meter(self.exact, self.recognised_minor, self.paid_minor + amount)

    def forgive(self, amount: int) -> "Meter":
        """Return the charged meter as if ``amount``, at most what is owed, had never run up."""
        return Meter(self.exact - amount, self.recognised_minor - amount, self.paid_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One row of the plan as it lives: what falls due, what ran up on it, what was paid.

    ``principal_owed_minor`` is its principal not yet paid, ``owed_minor`` everything of it not yet
    paid, with all that ran up; both reckoned once, like a meter's rounding.
    """

    nr: int
    starts_on: date
    due_on: date
    principal_minor: int = 0
    principal_paid_minor: int = 0
    contract: Meter = Meter()
    penalty: Meter = Meter()
    compound: Meter = Meter()
    principal_owed_minor: int = field(init=False, repr=False, compare=False)
    owed_minor: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        principal = self.principal_minor - self.principal_paid_minor
        meters = self.contract.owed_minor + self.penalty.owed_minor + self.compound.owed_minor
        object.__setattr__(self, "principal_owed_minor", principal)
        object.__setattr__(self, "owed_minor", principal + meters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Interest, penalty and compound interest in fen."""

    interest_minor: int = 0
    penalty_minor: int = 0
    compound_minor: int = 0

    @property
    def as_parts(self) -> Parts:
        """The sums as parts of a posting."""
        return Parts(
            penalty_minor=self.penalty_minor,
            compound_minor=self.compound_minor,
            interest_minor=self.interest_minor,
        )

    def minus(self, other: "Sums") -> "Sums":
        """Return the difference, kind by kind."""
        return Sums(
            interest_minor=self.interest_minor - other.interest_minor,
            penalty_minor=self.penalty_minor - other.penalty_minor,
            compound_minor=self.compound_minor - other.compound_minor,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A loan in the course of the day ``on``: all days before are accrued, ``on`` itself is not."""

    on: date
    rows: tuple[Instalment, ...]
    drawn_minor: int = 0
    frame_lowered_minor: int = 0
    prepaid_minor: int = 0  # principal that came back before its due date
    level_minor: int | None = None
    costs_owed_minor: int = 0
    costs_paid_minor: int = 0
    fees_owed: tuple[FeeClaim, ...] = ()  # what of the costs owed are fees: paid last, oldest first
    fees_claimed: tuple[int, ...] = ()  # agreed fees that fell due, by their place in the terms
    overpaid_minor: int = 0
    carried: Fraction = Fraction(0)  # parts of a fen that rows left for the last row
    booked: Sums = Sums()
    restructured_on: date | None = None
    written_off_on: date | None = None
    manual_tier: Tier | None = None
    technical_due_on: date | None = None  # the due date whose miss was called technical (K14)
    free: tuple[tuple[date, date, int], ...] = ()  # days and balance whose interest waits (免息期)

    @property
    def fees_owed_minor(self) -> int:
        """What of the costs owed are fees."""
        return sum(claim.owed_minor for claim in self.fees_owed)

    @property
    def principal_minor(self) -> int:
        """Principal outstanding."""
        return sum(row.principal_owed_minor for row in self.rows)

    @property
    def future_principal_minor(self) -> int:
        """Principal outstanding on rows that are not due yet: what bears the contract rate."""
        return sum(row.principal_owed_minor for row in self.rows if row.due_on > self.on)

    @property
    def current(self) -> Instalment | None:
        """The row interest runs up on, None when the last due date has come."""
        return next((row for row in self.rows if row.due_on > self.on), None)

    @property
    def recognised(self) -> Sums:
        """q of all that ran up since the first day, by kind (K5)."""
        return Sums(
            interest_minor=sum([row.contract.recognised_minor for row in self.rows]),
            penalty_minor=sum([row.penalty.recognised_minor for row in self.rows]),
            compound_minor=sum([row.compound.recognised_minor for row in self.rows]),
        )

    @property
    def paid(self) -> Sums:
        """Interest, penalty and compound interest paid so far."""
        return Sums(
            interest_minor=sum(row.contract.paid_minor for row in self.rows),
            penalty_minor=sum(row.penalty.paid_minor for row in self.rows),
            compound_minor=sum(row.compound.paid_minor for row in self.rows),
        )

    def with_row(self, row: Instalment) -> "State":
        """Return the state with one row replaced by its number."""
        rows = tuple([row if row.nr == old.nr else old for old in self.rows])
        return replace(self, rows=rows)


def without_rests(state: State) -> State:
    """Return a settled state with no part of a fen left to become a fen at a later due date."""
    rows = tuple(
        replace(
            row,
            contract=row.contract.even(),
            penalty=row.penalty.even(),
            compound=row.compound.even(),
        )
        for row in state.rows
    )
    return replace(state, rows=rows, carried=Fraction(0), free=())


def undrawn(terms: Terms, state: State) -> int:
    """Return the fen of the frame neither drawn nor given back."""
    return terms.frame_minor - state.drawn_minor - state.frame_lowered_minor


def is_overdue(terms: Terms, state: State, *, closed: bool = False) -> bool:
    """Say whether a due row or agreed fee is unpaid after its grace days.

    ``closed`` looks at the day's end. Paid within the grace days is not overdue (K13); at the close
    of the last of them it is.
    """
    last = state.on - timedelta(days=terms.grace_days - 1 if closed else terms.grace_days)
    due_on = oldest_due(state)
    return due_on is not None and due_on < last


def overdue_principal(terms: Terms, state: State) -> int:
    """Return the principal on 逾期贷款: there from the close of its due date or grace.

    Nothing of a loan that was written off stands on the balance sheet.
    """
    if state.written_off_on is not None:
        return 0
    last = state.on - timedelta(days=terms.grace_days)
    return sum(row.principal_owed_minor for row in state.rows if row.due_on < last)


def oldest_unpaid(state: State) -> Instalment | None:
    """Return the first row that is due and not wholly paid."""
    return next((row for row in state.rows if row.due_on <= state.on and row.owed_minor), None)


def oldest_due(state: State) -> date | None:
    """Return the oldest due date not wholly paid, of a row or an agreed fee: K14 counts from it."""
    row = oldest_unpaid(state)
    days = [claim.due_on for claim in state.fees_owed if claim.nr]
    return min([*days, row.due_on] if row else days, default=None)


def days_past_due(state: State, *, on: date | None = None) -> int:
    """Return the days since the oldest unpaid due date, 0 on the due date itself (K14)."""
    due_on = oldest_due(state)
    return max(0, ((on or state.on) - due_on).days) if due_on else 0


def is_non_accrual(state: State, *, on: date | None = None) -> bool:
    """Say whether interest belongs off balance: more than 90 days past due (K14), written off."""
    if state.written_off_on is not None:
        return True
    return days_past_due(state, on=on) > NON_ACCRUAL_AFTER_DAYS


def is_observed(state: State) -> bool:
    """Say whether a restructured loan is still within its months of observation."""
    begun = state.restructured_on
    return begun is not None and state.on < observed_until(begun)


def is_settled(terms: Terms, state: State) -> bool:
    """Say whether nothing is owed and nothing more can be drawn."""
    if state.costs_owed_minor or any(row.owed_minor for row in state.rows):
        return False
    if terms.interest_from is InterestFrom.FUNDING and state.drawn_minor:
        return True
    return undrawn(terms, state) == 0


def status_of(terms: Terms, state: State, *, closed: bool = False) -> LoanStatus:
    """Return the loan's status now, or as it stands when the day is ``closed``."""
    if is_settled(terms, state):
        return LoanStatus.OVERPAID if state.overpaid_minor else LoanStatus.SETTLED
    if state.written_off_on is not None:
        return LoanStatus.WRITTEN_OFF
    if is_overdue(terms, state, closed=closed):
        return LoanStatus.OVERDUE
    return LoanStatus.RESTRUCTURED if is_observed(state) else LoanStatus.ACTIVE
