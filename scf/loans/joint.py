"""Joint lending (联合贷): every amount split between the funders so that each one's book closes.

The share of a row is the share of the running total minus what was booked before (cumulative
rounding), for principal, interest, penalty and fees apart. Rules: 互联网贷款管理办法 and its notice
of 2021; the figures are dated data for counsel (``credit.partners``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scf.core.money import PPM, half_up
from scf.credit.partners import RULES, JointRule


class BadShares(ValueError):
    """Shares no joint loan can have; the message says which."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Who funds what part of a loan, in ppm; the last funder named takes the rest of each fen.

    Each funder in turn takes its part of what those before it left, so that no part of a growing
    total ever falls, however many funders there are.
    """

    ppm: Mapping[str, int]

    def __post_init__(self) -> None:
        if len(self.ppm) < 2 or sum(self.ppm.values()) != PPM:
            raise BadShares("出资比例合计须为 100% / the shares must sum to 100 %")
        if min(self.ppm.values()) <= 0:
            raise BadShares("每个出资方比例须大于零 / every share must be above zero")

    def of(self, total_minor: int) -> dict[str, int]:
        """Return each funder's part of a total in fen; the parts sum to it."""
        parts, left_minor, left_ppm = {}, total_minor, PPM
        for name, ppm in self.ppm.items():
            parts[name] = half_up(left_minor * ppm, left_ppm)
            left_minor, left_ppm = left_minor - parts[name], left_ppm - ppm
        return parts


def in_order(ppm: Mapping[str, int], *, of_record: str) -> Shares:
    """The shares in the one order in which every sum is split, whatever order they are kept in:
    partners by name, the lender of record last, who takes the rest of each fen. Raises BadShares.
    """
    names = (*sorted(set(ppm) - {of_record}), of_record)
    return Shares({name: ppm[name] for name in names if name in ppm})


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


def partner_share_is_enough(shares: Shares, *, partner: str, rule: JointRule = RULES[-1]) -> bool:
    """Say whether the partner carries at least the rule's part (30 %) of the single loan."""
    return shares.ppm[partner] >= rule.least_partner_ppm


def one_partner_limit(net_tier_1_minor: int, *, rule: JointRule = RULES[-1]) -> int:
    """Return the most a bank may lend together with one partner, in fen: 25 % of its capital."""
    return net_tier_1_minor * rule.most_one_partner_ppm // PPM


def joint_limit(all_loans_minor: int, *, rule: JointRule = RULES[-1]) -> int:
    """Return the most a bank may hold in joint internet loans, in fen: half of its loans."""
    return all_loans_minor * rule.most_joint_ppm // PPM
