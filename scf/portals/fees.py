"""The fees a borrower was shown, in words: when, how often, how much, who takes them and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from scf.credit.choices import FeeAt, FeeTaker
from scf.financing.fees import fee_sums
from scf.portals.parts import Words


@dataclass(frozen=True)
class FeeRow:
    """One fee over the life of the loan, in fen."""

    name: str
    when: Words
    times: int
    each_minor: int
    total_minor: int
    how: Words
    is_claimed: bool


def fee_rows(quote: Mapping[str, Any]) -> Sequence[FeeRow]:
    """The fees of a quote, each once; none of a quote of before they had names."""
    return [
        FeeRow(
            name=fee.code,
            when=FeeAt(fee.at).label,
            times=fee.times,
            each_minor=fee.each_minor,
            total_minor=fee.total_minor,
            how=_how(fee.taken_by, is_claimed=fee.is_claimed),
            is_claimed=fee.is_claimed,
        )
        for fee in fee_sums(quote)
    ]


def _how(taken_by: str, *, is_claimed: bool) -> Words:
    if is_claimed:
        return _("银行收取：到日计入应还款，不从贷款本金中扣除")
    words = _("%(taker)s另行收取：计入融资成本，不经本贷款扣收")
    return words % {"taker": FeeTaker(taken_by).label}
