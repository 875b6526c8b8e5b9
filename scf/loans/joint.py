"""Joint lending (联合贷): every amount split between the funders so that each one's book closes.

The share of a row is the share of the running total minus what was booked before (cumulative
rounding), for principal, interest, penalty and fees apart. Rules: 互联网贷款管理办法 and its notice
of 2021; the figures are dated data for counsel.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scf.core.money import PPM, half_up

LEAST_PARTNER_SHARE_PPM = 300_000  # of each single loan
MOST_ONE_PARTNER_PPM = 250_000  # one partner's joint loans, of the bank's net tier-1 capital
MOST_JOINT_PPM = 500_000  # all joint internet loans, of all loans of the bank


class BadShares(ValueError):
    """Shares no joint loan can have; the message says which."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Who funds what part of a loan, in ppm; the last funder named takes the rest of each fen."""

    ppm: Mapping[str, int]

    def __post_init__(self) -> None:
        if len(self.ppm) < 2 or sum(self.ppm.values()) != PPM:
            raise BadShares("出资比例合计须为 100% / the shares must sum to 100 %")
        if min(self.ppm.values()) <= 0:
            raise BadShares("每个出资方比例须大于零 / every share must be above zero")

    def of(self, total_minor: int) -> dict[str, int]:
        """Return each funder's part of a total in fen; the parts sum to it."""
        *first, last = self.ppm
        parts = {name: half_up(total_minor * self.ppm[name], PPM) for name in first}
        return parts | {last: total_minor - sum(parts.values())}


def split_rows(amounts: Iterable[int], *, shares: Shares) -> tuple[dict[str, int], ...]:
    """Split one kind of amount, row after row, in fen.

    Every row's parts sum to the row, and each funder's rows to its share of the total.
    """
    rows: list[dict[str, int]] = []
    total, before = 0, dict.fromkeys(shares.ppm, 0)
    for amount in amounts:
        total += amount
        now = shares.of(total)
        rows.append({name: now[name] - before[name] for name in now})
        before = now
    return tuple(rows)


def partner_share_is_enough(shares: Shares, *, partner: str) -> bool:
    """Say whether the partner carries at least 30 % of the single loan."""
    return shares.ppm[partner] >= LEAST_PARTNER_SHARE_PPM


def one_partner_limit(net_tier_1_minor: int) -> int:
    """Return the most a bank may lend together with one partner, in fen: 25 % of its capital."""
    return net_tier_1_minor * MOST_ONE_PARTNER_PPM // PPM


def joint_limit(all_loans_minor: int) -> int:
    """Return the most a bank may hold in joint internet loans, in fen: half of its loans."""
    return all_loans_minor * MOST_JOINT_PPM // PPM
