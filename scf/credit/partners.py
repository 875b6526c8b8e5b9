"""Joint lending (联合贷): which banks lend beside the programme's own, and how much they may take.

The programme's bank is the lender of record and takes what the partners leave. The figures are
dated data for counsel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from scf.core.errors import RuleBroken
from scf.core.money import PPM


@dataclass(frozen=True)
class Partner:
    """A bank that lends beside the programme's: its organization's id, its share of each loan in
    ppm.
    """

    bank: str
    ppm: int


@dataclass(frozen=True)
class JointRule:
    """What the law asks of joint loans from a day on, in ppm: the least a partner carries of each
    single loan; the most with one partner, of the lender's net tier-1 capital; the most of all
    joint internet loans, of all its loans.
    """

    since: date
    least_partner_ppm: int
    most_one_partner_ppm: int
    most_joint_ppm: int
    source: str


RULES = (
    JointRule(
        since=date(2022, 1, 1),
        least_partner_ppm=300_000,
        most_one_partner_ppm=250_000,
        most_joint_ppm=500_000,
        source="银保监办发〔2021〕24号，二、三、四；商业银行互联网贷款管理暂行办法",
    ),
)


def joint_rule(on: date) -> JointRule:
    """The rule of a day; the first one for days before it, which had none."""
    return next((rule for rule in reversed(RULES) if rule.since <= on), RULES[0])


def check_partners(partners: Sequence[Partner], *, on: date) -> None:
    """Refuse shares no joint loan may have, in words. Raises RuleBroken(partners_invalid)."""
    least = joint_rule(on).least_partner_ppm
    if len({partner.bank for partner in partners}) != len(partners):
        raise RuleBroken(_("同一家联合出资行只能出现一次"), code="partners_invalid")
    if any(partner.ppm < least for partner in partners):
        raise RuleBroken(
            _("联合出资行在单笔贷款中的出资比例不得低于 %(least)s%%"),
            code="partners_invalid",
            least=least * 100 // PPM,
        )
    if partners and lender_share_ppm(partners) <= 0:
        raise RuleBroken(
            _("各行出资比例合计须为百分之百，且贷款银行自己也须出资"), code="partners_invalid"
        )


def lender_share_ppm(partners: Sequence[Partner]) -> int:
    """What the partners leave to the lender of record, in ppm."""
    return PPM - sum(partner.ppm for partner in partners)
