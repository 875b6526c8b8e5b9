"""What a loan contract says, as the general engine reads it. Minor units; rates in per cent."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from scf.loans.servicing.components import Component
from scf.loans.servicing.dates import Frequency, Unit
from scf.loans.servicing.entries import Kind
from scf.loans.servicing.factors import DayBasis
from scf.loans.servicing.rounding import Rounding


class RatePer(StrEnum):
    """What the stated rate is a rate per."""

    YEAR = "year"
    MONTH = "month"
    WHOLE_TERM = "whole_term"


class Method(StrEnum):
    """Interest on the balance still owed, or on the first principal throughout."""

    DECLINING = "declining_balance"
    FLAT = "flat"


class Due(StrEnum):
    """How an instalment stands to the day of a payment."""

    PAST_DUE = "past_due"
    DUE = "due"
    IN_ADVANCE = "in_advance"


class Future(StrEnum):
    """Which instalments early money goes to."""

    NEXT = "next_installment"
    LAST = "last_installment"
    SPREAD = "reamortization"
    NEXT_LAST = "next_last_installment"


Bucket = tuple[Due, Component]


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """In which order one kind of payment settles what is owed."""

    order: tuple[Bucket, ...]
    future: Future = Future.NEXT


class Reach(StrEnum):
    """How much of a component early money may pay in one pass."""

    DUE_CHARGES = "due_charges"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class InstalmentOrder:
    """Payment in turn: the order for a due instalment, and the passes for an early one."""

    due: tuple[Component, ...]
    early: tuple[tuple[Component, Reach], ...]


class ChargeOff(StrEnum):
    """What a charge-off does to the schedule."""

    REGULAR = "regular"
    ZERO_INTEREST = "zero_interest"
    ACCELERATE = "accelerate_maturity"


class Rest(StrEnum):
    """How often interest follows the true balance."""

    DAILY = "daily"
    PERIOD = "same_as_repayment"


class AfterEarly(StrEnum):
    """What an early payment changes (cumulative schedules)."""

    SMALLER_INSTALMENTS = "reduce_emi_amount"
    FEWER_INSTALMENTS = "reduce_number_of_installments"
    NEXT_PAYMENTS_MOVE = "reschedule_next_repayments"
    LAST_UNPAID = "adjust_last_unpaid_period"


@dataclass(frozen=True, slots=True)
class Recalculation:
    """Interest recalculated as money really comes; with ``compounds`` unpaid interest bears too."""

    rest: Rest = Rest.DAILY
    early_to_period_end: bool = False
    on_past_due: bool = True
    after_early: AfterEarly = AfterEarly.LAST_UNPAID
    compounds: bool = False


@dataclass(frozen=True, slots=True)
class DownPayment:
    """The part of every pay-out the borrower pays back at once."""

    percent: Decimal
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The contract. ``orders`` by kind of payment (None = all others); ``rate`` in per cent."""

    principal: int
    submitted_on: date
    expected_on: date
    count: int
    every: Frequency
    rate: Decimal = Decimal(0)
    rate_per: RatePer = RatePer.YEAR
    method: Method = Method.DECLINING
    basis: DayBasis = field(default_factory=DayBasis)
    daily_interest: bool = True
    is_progressive: bool = True
    is_vertical: bool = False
    rounding: Rounding = field(default_factory=Rounding)
    orders: tuple[tuple[Kind | None, PaymentOrder], ...] = ()
    instalment_order: InstalmentOrder | None = None
    credit_order: tuple[Component, ...] = ()
    down_payment: DownPayment | None = None
    recalculation: Recalculation | None = None
    charge_off: ChargeOff = ChargeOff.REGULAR
    counts_from_submission: bool = False
    fixed_length: int | None = None
    principal_grace: int = 0
    interest_grace: int = 0
    equal_principal: bool = False
    refunds_interest: frozenset[Kind] = frozenset()
    delinquency_bounds: tuple[int, ...] = ()
    grace_on_arrears: int = 0
    posts_activity: bool = False
    charges_accrue_early: bool = False
    late_charges_accrue_at_once: bool = False

    def __post_init__(self) -> None:
        if self.count < 1 or self.principal_grace >= self.count:
            raise ValueError("grace on principal must leave an instalment to repay it")
        if self.orders and None not in dict(self.orders):
            raise ValueError("the orders of payment must name one for all other payments")

    @property
    def bears_interest(self) -> bool:
        """Say whether the loan has any interest."""
        return self.rate > 0

    @property
    def recalculates(self) -> bool:
        """Say whether interest follows the money as it really comes."""
        return self.bears_interest and self.recalculation is not None

    @property
    def yearly_rate(self) -> Decimal:
        """The rate a year as a fraction, whatever it was stated per."""
        context = self.rounding.context
        return context.divide(yearly_percent(self, self.rate), Decimal(100))

    def order_for(self, kind: Kind) -> PaymentOrder:
        """Return the order of payment for a kind of payment, or the default one."""
        known = dict(self.orders)
        return known.get(kind) or known[None]


def yearly_percent(terms: Terms, rate: Decimal) -> Decimal:
    """Return a stated rate as per cent a year."""
    if terms.rate_per is RatePer.YEAR:
        return rate
    if terms.rate_per is RatePer.MONTH:
        return rate * 12
    units = {Unit.DAY: Decimal(terms.basis.year or 365), Unit.WEEK: Decimal(52)}
    a_year = units.get(terms.every.unit, Decimal(12))
    return terms.rounding.context.divide(rate * a_year, Decimal(terms.count * terms.every.count))
