"""罚息 and 复利 (银发〔2003〕251号): the rates above the contract's, and what they cost.

Overdue money bears the contract rate raised by 30 to 50 %, misused money by 50 to 100 %; of the two
the heavier, never both. Unpaid interest bears 复利 at the penalty rate.
"""

from dataclasses import dataclass
from enum import StrEnum

from scf.core.money import PPM, half_up, interest_on


class Breach(StrEnum):
    """What a penalty is for."""

    OVERDUE = "overdue"  # 逾期
    MISUSE = "misuse"  # 挪用


_ALLOWED_PPM = {Breach.OVERDUE: (300_000, 500_000), Breach.MISUSE: (500_000, 1_000_000)}


class BadUplift(ValueError):
    """An uplift the rule does not allow; the message says the range."""


@dataclass(frozen=True, slots=True)
class Uplift:
    """By how much a breach raises the contract rate, in ppm of that rate."""

    breach: Breach
    ppm: int

    def __post_init__(self) -> None:
        low, high = _ALLOWED_PPM[self.breach]
        if not low <= self.ppm <= high:
            raise BadUplift(
                f"上浮幅度须在 {low // 10_000}% 至 {high // 10_000}% 之间"
                f" / the uplift must be {low // 10_000} to {high // 10_000} %"
            )

    def rate_on(self, contract_ppm: int) -> int:
        """Return the penalty rate in ppm a year: 43,500 raised by half is 65,250."""
        return half_up(contract_ppm * (PPM + self.ppm), PPM)


def heavier(uplifts: tuple[Uplift, ...]) -> Uplift:
    """Return the one uplift that counts when a loan is both overdue and misused."""
    return max(uplifts, key=lambda uplift: uplift.ppm)


def penalty_minor(overdue_minor: int, *, rate_ppm: int, days: int, day_base: int = 360) -> int:
    """Return 罚息, or 复利 on unpaid interest, in fen: q(amount x penalty rate x days / base)."""
    return interest_on(overdue_minor * days, rate_ppm=rate_ppm, day_base=day_base)
