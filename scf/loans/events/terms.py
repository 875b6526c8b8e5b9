"""The terms of a contract whose life is a list of dated events."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from scf.loans.calendars import EVERY_DAY, BusinessDayRule, MonthEndRule, WorkingDays
from scf.loans.daycount import DayCount
from scf.loans.events.cycles import Cycle, Recurrence

ZERO = Decimal(0)
ONE = Decimal(1)
NEVER = Recurrence()
AT_ONCE = Cycle()


class Kind(StrEnum):
    """How a contract pays its principal back."""

    AT_MATURITY = "PAM"
    ANNUITY = "ANN"
    LINEAR = "LAM"
    NEGATIVE = "NAM"
    IN_STEPS = "LAX"
    ON_CALL = "CLM"
    OPEN_ENDED = "UMP"


class BaseOfInterest(StrEnum):
    """The sum interest is reckoned on."""

    OUTSTANDING = "NT"
    FIRST_SUM = "NTIED"
    OUTSTANDING_NOW_AND_THEN = "NTL"


class FeeBasis(StrEnum):
    """Whether a fee is a fixed sum or a yearly rate on the sum outstanding."""

    FIXED = "A"
    OF_NOTIONAL = "N"


class Penalty(StrEnum):
    """What an early repayment costs: nothing, a sum, a share, or the interest lost."""

    NONE = "O"
    FIXED = "A"
    OF_NOTIONAL = "N"
    INTEREST_LOST = "I"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stretch of equal payments of principal back, or out if ``is_increase``."""

    recurrence: Recurrence
    amount: Decimal
    is_increase: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RateStep:
    """A stretch of resets: to ``rate`` itself, or to the index plus ``rate``."""

    recurrence: Recurrence
    rate: Decimal
    is_fixed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Resets:
    """When and to what the rate is reset: index x multiplier + spread, within caps and floors."""

    recurrence: Recurrence = NEVER
    steps: tuple[RateStep, ...] = ()
    index: str = ""
    spread: Decimal = ZERO
    multiplier: Decimal = ONE
    next_rate: Decimal | None = None
    cap: Decimal | None = None
    floor: Decimal | None = None
    period_cap: Decimal | None = None
    period_floor: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """A recurring fee."""

    recurrence: Recurrence
    rate: Decimal
    basis: FeeBasis = FeeBasis.OF_NOTIONAL
    accrued: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """Principal or interest payments that follow an index: its value over ``index_at_deal``."""

    recurrence: Recurrence
    index: str
    index_at_deal: Decimal = ONE
    scales_interest: bool = False
    scales_notional: bool = False
    interest_multiplier: Decimal = ONE
    notional_multiplier: Decimal = ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestBase:
    """What interest is reckoned on, and when that is looked at again."""

    basis: BaseOfInterest = BaseOfInterest.OUTSTANDING
    amount: Decimal | None = None
    recurrence: Recurrence | None = None


ON_WHAT_IS_OUTSTANDING = InterestBase()


@dataclass(frozen=True, slots=True)
class Trade:
    """The contract bought or ended at a price, accrued interest beside it."""

    day: date
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything the events of a contract follow from, but for the market and what people do.

    ``sign`` is 1 for who lends and -1 for who borrows; ``rate`` is a yearly fraction; steps take
    the place of ``principal`` and ``interest`` where amounts or cycles change along the way.
    With ``ends_at_close`` the last day itself still bears interest.
    """

    kind: Kind
    sign: int
    as_of: date
    starts: date
    notional: Decimal
    day_count: DayCount
    rate: Decimal | None = None
    matures: date | None = None
    amortised_by: date | None = None
    ends_at_close: bool = False
    premium: Decimal = ZERO
    accrued: Decimal | None = None
    interest: Recurrence = NEVER
    interest_steps: tuple[Recurrence, ...] = ()
    capitalised_until: date | None = None
    principal: Recurrence = NEVER
    instalment: Decimal | None = None
    steps: tuple[Step, ...] = ()
    resets: Resets | None = None
    fees: Fees | None = None
    scaling: Scaling | None = None
    base: InterestBase = ON_WHAT_IS_OUTSTANDING
    bought: Trade | None = None
    ended: Trade | None = None
    penalty: Penalty = Penalty.NONE
    penalty_rate: Decimal = ZERO
    notice: Cycle = AT_ONCE
    month_end: MonthEndRule = MonthEndRule.SAME_DAY
    business_days: BusinessDayRule = BusinessDayRule.UNADJUSTED
    calendar: WorkingDays = EVERY_DAY
