"""Level instalments the way lenders abroad reckon them: compounding, odd roundings, rate resets.

Amounts are whole minor units of the contract's own currency. A plan is rows by number; interest by
days needs a start date. The instalment is solved on the amortisation, rows run for the term: what
is then left is the balloon.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum

from scf.loans.calendars import add_months
from scf.loans.daycount import DayCount, year_fraction

DIGITS = 40
_LONGEST = 20_000  # rows; more than fifty years of daily instalments


class Frequency(StrEnum):
    """How often an instalment falls due."""

    DAILY = "daily"
    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    SEMI_MONTHLY = "semi_monthly"
    MONTHLY = "monthly"
    BIMONTHLY = "bimonthly"
    QUARTERLY = "quarterly"
    SEMI_ANNUAL = "semi_annual"
    ANNUAL = "annual"

    @property
    def per_year(self) -> int:
        """How many make a year."""
        return _PER_YEAR[self]


_PER_YEAR = {
    Frequency.DAILY: 365,
    Frequency.WEEKLY: 52,
    Frequency.BIWEEKLY: 26,
    Frequency.SEMI_MONTHLY: 24,
    Frequency.MONTHLY: 12,
    Frequency.BIMONTHLY: 6,
    Frequency.QUARTERLY: 4,
    Frequency.SEMI_ANNUAL: 2,
    Frequency.ANNUAL: 1,
}


class Shape(StrEnum):
    """What stays level from row to row."""

    INSTALMENT = "instalment"
    PRINCIPAL = "principal"


@dataclass(frozen=True, slots=True)
class Reset:
    """A rate from one instalment on, perhaps with a new instalment, perhaps a capped one.

    ``is_recast`` solves the instalment anew over what is left of the amortisation; it may rise to
    ``cap_factor`` times the one before and no further, so that principal may even grow.
    """

    from_nr: int
    annual_rate: Decimal
    is_recast: bool = True
    cap_factor: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelTerms:
    """The terms of a plan; ``annual_rate`` is a share of 1, roundings are modes of `decimal`.

    ``interest_mode`` None leaves interest exact. ``carries`` keeps balance, interest and
    instalment exact from row to row, as a worksheet does, and rounds only what is shown.
    ``fee_minor`` comes with each instalment and repays nothing.
    """

    principal_minor: int
    annual_rate: Decimal
    rows: int
    amortised_over: int
    frequency: Frequency = Frequency.MONTHLY
    compounded_per_year: int = 12
    shape: Shape = Shape.INSTALMENT
    day_count: DayCount | None = None
    starts_on: date | None = None
    instalment_mode: str | None = ROUND_HALF_UP
    interest_mode: str | None = ROUND_HALF_UP
    carries: bool = False
    interest_only_rows: int = 0
    given_instalment_minor: int | None = None
    fee_minor: int = 0
    resets: tuple[Reset, ...] = ()


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One instalment in minor units, exact where the plan carries."""

    nr: int
    principal: Decimal
    interest: Decimal
    fee: Decimal
    balance: Decimal

    @property
    def due(self) -> Decimal:
        """What is paid: principal, interest and fee."""
        return self.principal + self.interest + self.fee


def rate_per_period(annual_rate: Decimal, *, compounded: int, periods: int) -> Decimal:
    """Return the rate per period of a nominal yearly rate compounded ``compounded`` times a year.

    With two compoundings and twelve periods it is the Canadian rule: (1 + r/2)^(1/6) - 1.
    """
    with localcontext(prec=DIGITS):
        if compounded == periods:
            return annual_rate / periods
        return (1 + annual_rate / compounded) ** (Decimal(compounded) / periods) - 1


def level_instalment(terms: LevelTerms) -> Decimal:
    """Return the instalment in minor units that a statement shows, the first to repay principal."""
    return _rounded(_first_level(terms), terms.instalment_mode)


def level_plan(terms: LevelTerms) -> tuple[LevelRow, ...]:
    """Return the rows of the term, fewer if a given instalment repays the loan before it ends.

    When the term is the amortisation the last row takes what is left. Raises ValueError for more
    rows than any loan has.
    """
    if terms.rows > _LONGEST:
        raise ValueError(f"{terms.rows} instalments are more than {_LONGEST}")
    with localcontext(prec=DIGITS):
        return tuple(_rows(terms))


def _rows(terms: LevelTerms) -> Iterator[LevelRow]:
    balance, rate = Decimal(terms.principal_minor), terms.annual_rate
    level = _kept(terms, _first_level(terms))
    resets = {reset.from_nr: reset for reset in terms.resets}
    part = _rounded(balance / (terms.amortised_over - terms.interest_only_rows), ROUND_HALF_UP)
    for nr in range(1, terms.rows + 1):
        if nr in resets:
            rate = resets[nr].annual_rate
            level = _after_reset(terms, resets[nr], balance, level)
        interest = _interest(terms, balance, rate, nr)
        principal = part if terms.shape is Shape.PRINCIPAL else level - interest
        if nr <= terms.interest_only_rows:
            principal = Decimal(0)
        if principal >= balance or nr == terms.amortised_over:
            principal = balance
        balance -= principal
        yield LevelRow(nr, principal, interest, Decimal(terms.fee_minor), balance)
        if balance <= 0:
            return


def _after_reset(terms: LevelTerms, reset: Reset, balance: Decimal, level: Decimal) -> Decimal:
    if not reset.is_recast:
        return level
    repaying = max(reset.from_nr, terms.interest_only_rows + 1)
    count = terms.amortised_over - repaying + 1
    solved = _kept(terms, _solved(terms, balance, reset.annual_rate, count))
    if reset.cap_factor is None:
        return solved
    return min(solved, _kept(terms, level * reset.cap_factor))


def _first_level(terms: LevelTerms) -> Decimal:
    if terms.given_instalment_minor is not None:
        return Decimal(terms.given_instalment_minor)
    count = terms.amortised_over - terms.interest_only_rows
    return _solved(terms, Decimal(terms.principal_minor), terms.annual_rate, count)


def _kept(terms: LevelTerms, level: Decimal) -> Decimal:
    """Return the instalment the rows go by: exact where the plan carries, else rounded."""
    return level if terms.carries else _rounded(level, terms.instalment_mode)


def _solved(terms: LevelTerms, balance: Decimal, annual_rate: Decimal, count: int) -> Decimal:
    with localcontext(prec=DIGITS):
        rate = _per_period(terms, annual_rate)
        annuity = count if rate == 0 else (1 - (1 + rate) ** -count) / rate
        return balance / annuity


def _interest(terms: LevelTerms, balance: Decimal, annual_rate: Decimal, nr: int) -> Decimal:
    share = _share_of_year(terms, nr)
    if share is None:
        exact = balance * _per_period(terms, annual_rate)
    else:
        exact = balance * annual_rate * share
    return exact if terms.carries else _rounded(exact, terms.interest_mode)


def _share_of_year(terms: LevelTerms, nr: int) -> Decimal | None:
    """Return the share of a year a row's days are, None when all periods are alike."""
    if terms.day_count is None or terms.starts_on is None:
        return None
    months = 12 // terms.frequency.per_year
    start, end = (add_months(terms.starts_on, months * number) for number in (nr - 1, nr))
    share = year_fraction(start, end, by=terms.day_count)
    return Decimal(share.numerator) / share.denominator


def _per_period(terms: LevelTerms, annual_rate: Decimal) -> Decimal:
    return rate_per_period(
        annual_rate, compounded=terms.compounded_per_year, periods=terms.frequency.per_year
    )


def _rounded(amount: Decimal, mode: str | None) -> Decimal:
    return amount if mode is None else amount.quantize(Decimal(1), rounding=mode)


def shown(row: LevelRow, *, mode: str = ROUND_HALF_UP) -> LevelRow:
    """Return a row in whole minor units, as a statement shows it: the parts sum to what is due."""
    interest = _rounded(row.interest, mode)
    paid = _rounded(row.principal + row.interest, ROUND_HALF_UP)
    balance = _rounded(row.balance, ROUND_HALF_UP)
    return replace(row, principal=paid - interest, interest=interest, balance=balance)
