"""What a loan contract says, as the pure core reads it. Money in fen, rates in ppm a year."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from scf.core.money import PPM, half_up
from scf.loans.base_rate import Pricing
from scf.loans.calendars import whole_months
from scf.loans.fees import AgreedFee, opened_fees
from scf.loans.free_period import FreePeriod


class BadTerms(ValueError):
    """Terms that no loan can have; the message names the field."""


class Product(StrEnum):
    """How principal falls due over the due dates."""

    BULLET = "bullet"  # 到期一次还本付息, and 先息后本 when there are several due dates
    EQUAL_INSTALMENTS = "equal_instalments"  # 等额本息
    EQUAL_PRINCIPAL = "equal_principal"  # 等额本金
    EQUAL_FEE = "equal_fee"  # 等本等息: equal principal, a fixed fee on the first principal


class InterestFrom(StrEnum):
    """From which act interest runs (K3)."""

    FUNDING = "funding"
    RELEASE = "release"


class InterestBasis(StrEnum):
    """Interest of a whole period by days, or by months (按月计息; a broken period goes by days)."""

    BY_DAY = "by_day"
    BY_MONTH = "by_month"


class Residual(StrEnum):
    """Whether the part of a fen lost at a due date is forgotten or carried to the last one."""

    PER_PERIOD = "per_period"
    CARRY = "carry"


class Remainder(StrEnum):
    """Which row of equal principals takes what a division leaves over.

    ``LAST`` rounds the equal part half-up and the last row takes the rest; ``FIRST`` rounds it down
    and the first row takes the rest.
    """

    LAST = "last"
    FIRST = "first"


class PenaltyFrom(StrEnum):
    """From which day penalty counts once the grace days have run out (K13)."""

    DUE_DATE = "due_date"
    GRACE_END = "grace_end"


class EarlyInterest(StrEnum):
    """What an early part repayment pays first: all accrued interest, or its own (利随本清)."""

    WHOLE = "whole"
    ON_REPAID = "on_repaid"


class AfterEarly(StrEnum):
    """What an early part repayment changes in a plan: 减少月供 or 缩短期限."""

    LOWER = "lower"
    SHORTEN = "shorten"


class Claim(StrEnum):
    """What a payment may pay; a waterfall is an order of these (K12). Compound rides on penalty."""

    COSTS = "costs"
    PENALTY = "penalty"
    INTEREST = "interest"
    PRINCIPAL = "principal"


LEGAL_ORDER = (
    Claim.COSTS,
    Claim.PENALTY,
    Claim.INTEREST,
    Claim.PRINCIPAL,
)  # 民法典 §561
PRINCIPAL_FIRST = (Claim.COSTS, Claim.PRINCIPAL, Claim.INTEREST, Claim.PENALTY)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """An order of claims, oldest due date first within each claim or, ``by_row``, row by row.

    Above ``principal_first_after`` days past due the programme's table turns to principal first.
    """

    order: tuple[Claim, ...] = LEGAL_ORDER
    by_row: bool = False
    principal_first_after: int | None = None

    def __post_init__(self) -> None:
        if sorted(self.order) != sorted(Claim):
            raise BadTerms(f"a waterfall names each of {', '.join(Claim)} once")

    def order_at(self, days_past_due: int) -> tuple[Claim, ...]:
        """Return the order in force at so many days past due."""
        turned = self.principal_first_after
        return PRINCIPAL_FIRST if turned is not None and days_past_due > turned else self.order


@dataclass(frozen=True, slots=True)
class PastRate:
    """The rates that were in force until a day, in ppm a year."""

    until: date
    rate_ppm: int
    penalty_rate_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one loan; everything the fold needs beside the actions.

    ``frame_minor`` is the loan part of the agreement: drawn at once under interest from funding,
    by each release under interest from release (K3). ``opened_on`` is the day the escrow is funded,
    ``due_dates`` are final (already moved to working days, K14), the last one is maturity;
    ``planned_dates`` are the days they were moved from, empty when none was.
    ``free_days`` (免息期) count from the opening. ``pricing`` says how a floating rate is found,
    ``past_rates`` what was in force before the present one; under 等本等息 ``rate_ppm`` is twelve
    times the monthly fee. ``fees`` are claimed on their days and never taken off what is lent.
    ``expiry_on`` is the day whose 00:00 is the instant of K10, None for a loan without escrow.
    """

    frame_minor: int
    rate_ppm: int
    penalty_rate_ppm: int
    opened_on: date
    due_dates: tuple[date, ...]
    product: Product = Product.BULLET
    interest_from: InterestFrom = InterestFrom.FUNDING
    day_base: int = 360
    basis: InterestBasis = InterestBasis.BY_DAY
    residual: Residual = Residual.CARRY
    remainder: Remainder = Remainder.LAST
    grace_days: int = 0
    penalty_from: PenaltyFrom = PenaltyFrom.DUE_DATE
    compound_on_interest: bool = False
    waterfall: Waterfall = Waterfall()
    early_interest: EarlyInterest = EarlyInterest.WHOLE
    after_early: AfterEarly = AfterEarly.LOWER
    expiry_on: date | None = None
    planned_dates: tuple[date, ...] = ()
    free_days: int = 0
    free_kind: FreePeriod = FreePeriod.ALWAYS
    pricing: Pricing | None = None
    past_rates: tuple[PastRate, ...] = ()
    fees: tuple[AgreedFee, ...] = ()

    def __post_init__(self) -> None:
        if self.frame_minor <= 0:
            raise BadTerms("frame_minor must be above zero")
        if min(self.rate_ppm, self.penalty_rate_ppm, self.grace_days, self.free_days) < 0:
            raise BadTerms("rates, grace_days and free_days cannot be negative")
        if self.penalty_rate_ppm < self.rate_ppm:
            raise BadTerms("penalty_rate_ppm replaces the contract rate and cannot lie below it")
        if self.day_base not in (360, 365):
            raise BadTerms("day_base is 360 or 365")
        dates = (self.opened_on, *self.due_dates)
        if len(dates) < 2 or any(one >= two for one, two in pairwise(dates)):
            raise BadTerms("due_dates must be one or more days rising after opened_on")
        if self.planned_dates and len(self.planned_dates) != len(self.due_dates):
            raise BadTerms("planned_dates must be as many as due_dates, or none")
        if any(fee.amount_minor <= 0 or fee.on < self.opened_on for fee in self.fees):
            raise BadTerms("fees are sums above zero, none due before opened_on")

    @property
    def maturity_on(self) -> date:
        """The last due date of the contract."""
        return self.due_dates[-1]

    @property
    def agreed_dates(self) -> tuple[date, ...]:
        """The due dates before a holiday moved them: what whole months are counted by."""
        return self.planned_dates or self.due_dates

    @property
    def anchor_day(self) -> int:
        """The day of the month due dates aim at; short months fall on their last day."""
        return max(day.day for day in self.agreed_dates)

    def opened(self, on: date) -> "Terms":
        """Return the terms of a loan that really opens on a day: dates not after it fall away."""
        kept = [
            (agreed, due)
            for agreed, due in zip(self.agreed_dates, self.due_dates, strict=True)
            if due > on
        ]
        planned = tuple(agreed for agreed, _ in kept) if self.planned_dates else ()
        due_dates = tuple(due for _, due in kept)
        fees = opened_fees(self.fees, planned=self.opened_on, on=on)
        return replace(self, opened_on=on, due_dates=due_dates, planned_dates=planned, fees=fees)

    def months_in(self, start: date, end: date) -> int | None:
        """Return the whole months of a period reckoned by months, None when it goes by days."""
        if self.basis is InterestBasis.BY_DAY and self.product is not Product.EQUAL_FEE:
            return None
        one, two = self._agreed(start), self._agreed(end)
        return whole_months(one, two, day_of_month=self.anchor_day)

    def daily_share(self, start: date, end: date) -> Fraction:
        """Return the share of a year that one day of the period ``start`` to ``end`` bears.

        Days by which a holiday makes a period of whole months longer or shorter count by days; a
        fixed fee (等本等息) is the same whenever it falls due.
        """
        months = self.months_in(start, end)
        if months is None:
            return Fraction(1, self.day_base)
        if self.product is Product.EQUAL_FEE:
            return Fraction(months, 12 * (end - start).days)
        moved = (end - self._agreed(end)) - (start - self._agreed(start))
        share = Fraction(months, 12) + Fraction(moved.days, self.day_base)
        return share / (end - start).days

    def interest(self, balance: int, start: date, end: date) -> Fraction:
        """Return the exact contract interest, in fen, on a balance over one whole period.

        Days that are always free bear none.
        """
        bears_from = start
        if self.free_kind is FreePeriod.ALWAYS:
            bears_from = min(end, max(start, self.free_until))
        share = self.daily_share(start, end) * (end - bears_from).days
        return Fraction(balance * self.rate_ppm, PPM) * share

    @property
    def free_until(self) -> date:
        """The first day after the free days: the opening itself where there are none."""
        return self.opened_on + timedelta(days=self.free_days)

    def repriced(self, *, on: date, rate_ppm: int) -> "Terms":
        """Return the terms with a new rate from a day on; penalty keeps its uplift (K13)."""
        before = PastRate(on, self.rate_ppm, self.penalty_rate_ppm)
        first = self.past_rates[0] if self.past_rates else before
        uplifted = first.penalty_rate_ppm * rate_ppm
        penalty = half_up(uplifted, first.rate_ppm) if first.rate_ppm else first.penalty_rate_ppm
        return replace(
            self,
            rate_ppm=rate_ppm,
            penalty_rate_ppm=max(penalty, rate_ppm),
            past_rates=(*self.past_rates, before),
        )

    def rates_in(self, start: date, end: date) -> Iterator[tuple[date, date, PastRate]]:
        """Yield the stretches of some days over which one pair of rates was in force."""
        for each in (*self.past_rates, PastRate(end, self.rate_ppm, self.penalty_rate_ppm)):
            until = min(end, each.until)
            if start < until:
                yield start, until, each
                start = until

    def _agreed(self, day: date) -> date:
        if not self.planned_dates or day not in self.due_dates:
            return day
        return self.planned_dates[self.due_dates.index(day)]
