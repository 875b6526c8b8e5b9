"""Repayment plans: how much principal and interest falls due when, before anything happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from scf.core.money import PPM, half_up
from scf.loans.calendars import whole_months
from scf.loans.free_period import FreePeriod
from scf.loans.terms import Product, Remainder, Residual, Terms

Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a plan, in fen. ``payment`` is principal plus interest."""

    nr: int
    starts_on: date
    due_on: date
    opening_minor: int
    principal_minor: int
    interest_minor: int

    @property
    def payment_minor(self) -> int:
        """What is paid on the due date."""
        return self.principal_minor + self.interest_minor

    @property
    def closing_minor(self) -> int:
        """Principal left after the due date."""
        return self.opening_minor - self.principal_minor


def schedule(terms: Terms, *, principal_minor: int | None = None) -> tuple[Row, ...]:
    """Return the plan of a loan drawn whole (or ``principal_minor``) on the opening day.

    Interest is rounded once a row, half-up; with ``Residual.CARRY`` the rows sum to the rounded
    whole. The last row takes the principal that is left, so the principals sum to the loan.
    """
    balance = terms.frame_minor if principal_minor is None else principal_minor
    periods = tuple(pairwise((terms.opened_on, *terms.due_dates)))
    principals = plan_principals(terms, balance, periods)
    rows: list[Row] = []
    carried = waiting = Fraction(0)
    is_fixed_fee = terms.product is Product.EQUAL_FEE
    first = balance
    for nr, ((start, due), principal) in enumerate(zip(periods, principals, strict=True), 1):
        exact = waiting + terms.interest(first if is_fixed_fee else balance, start, due)
        # Days free for who settles within them are owed with the first date after them.
        is_free = terms.free_kind is FreePeriod.IF_SETTLED and due <= terms.free_until
        exact, waiting = (Fraction(0), exact) if is_free else (exact, Fraction(0))
        if terms.residual is Residual.CARRY and nr == len(periods):
            exact += carried
        interest = max(0, half_up(exact.numerator, exact.denominator))
        carried += exact - interest
        rows.append(Row(nr, start, due, balance, principal, interest))
        balance -= principal
    return tuple(rows)


def plan_principals(
    terms: Terms,
    balance: int,
    periods: Sequence[Period],
    *,
    level_minor: int | None = None,
) -> tuple[int, ...]:
    """Return the principal falling due at the end of each period; the sum is ``balance``.

    ``level_minor`` keeps an instalment agreed before (缩短期限); without it a new one is solved.
    """
    if terms.product is Product.EQUAL_INSTALMENTS:
        level = level_minor or level_instalment(terms, balance, count=len(periods))
        return _by_level(terms, balance, periods, level)
    if terms.product in (Product.EQUAL_PRINCIPAL, Product.EQUAL_FEE):
        return _by_part(balance, len(periods), terms.remainder)
    return (0,) * (len(periods) - 1) + (balance,)


def level_instalment(terms: Terms, balance: int, *, count: int) -> int:
    """Return A = q(P i (1+i)^n / ((1+i)^n - 1)), i = rate / 12 a month (loans.md section 2)."""
    rate = Fraction(terms.rate_ppm * _months_each(terms), 12 * PPM)
    if rate == 0:
        return half_up(balance, count)
    growth = (1 + rate) ** count
    exact = balance * rate * growth / (growth - 1)
    return half_up(exact.numerator, exact.denominator)


def _by_level(terms: Terms, balance: int, periods: Sequence[Period], level: int) -> tuple[int, ...]:
    principals = []
    for start, due in periods[:-1]:
        exact = terms.interest(balance, start, due)
        principal = min(balance, max(0, level - half_up(exact.numerator, exact.denominator)))
        principals.append(principal)
        balance -= principal
    return (*principals, balance)


def _by_part(balance: int, count: int, remainder: Remainder) -> tuple[int, ...]:
    if remainder is Remainder.FIRST:
        part = balance // count
        return (balance - part * (count - 1), *[part] * (count - 1))
    part = half_up(balance, count)
    principals = []
    for _ in range(count - 1):
        principals.append(min(part, balance))
        balance -= principals[-1]
    return (*principals, balance)


def _months_each(terms: Terms) -> int:
    if len(terms.agreed_dates) < 2:
        return 1
    before, last = terms.agreed_dates[-2:]
    return whole_months(before, last, day_of_month=terms.anchor_day) or 1
