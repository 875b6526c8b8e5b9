"""The fees a buyer pays over the life of a loan, and which of them the loan itself claims.

The bank's own become claims of the loan, due on their days and paid like interest. Those of a
guarantor or another stay outside: they are cost the borrower was shown, paid to whoever takes them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from scf.core.money import PPM, format_yuan, half_up
from scf.financing.models import Application
from scf.loans.due_plan import DuePlan
from scf.loans.fees import AgreedFee, FeeAt, fee_days

BANK = "bank"
WHEN = {
    "funding": "放款日一次",
    "instalment": "每个还款日",
    "year": "每年（放款日及其对应日）",
    "maturity": "到期日一次（提前结清时一并收取）",
}
TAKERS = {"bank": "贷款银行", "guarantor": "担保或增信机构", "other": "其他机构"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyersFee:
    """``amount_minor`` fen on the day ``on``, taken by the bank or somebody else."""

    code: str
    at: FeeAt
    on: date
    amount_minor: int
    taken_by: str

    @property
    def is_claimed(self) -> bool:
        """Whether the loan collects it."""
        return self.taken_by == BANK

    def as_json(self) -> dict[str, Any]:
        """The fee as a quote keeps it."""
        plain = {**asdict(self), "at": self.at.value, "on": self.on.isoformat()}
        return {**plain, "is_claimed": self.is_claimed}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSum:
    """One fee of a quote over all its days: ``times`` times ``each_minor`` fen."""

    code: str
    at: str
    taken_by: str
    is_claimed: bool
    first_on: str
    times: int
    each_minor: int

    @property
    def total_minor(self) -> int:
        """All of it, in fen."""
        return self.times * self.each_minor


def buyers_fees(application: Application, plan: DuePlan) -> list[BuyersFee]:
    """Every fee the buyer pays, in the programme's order, for an escrow funded on the planned day.

    A fixed sum and a share of the loan each, rounded half-up to the fen once.
    """
    return [
        BuyersFee(
            code=fee["code"],
            at=FeeAt(fee.get("at", FeeAt.FUNDING)),
            on=day,
            amount_minor=amount,
            taken_by=fee.get("taken_by", BANK),
        )
        for fee in application.terms["fees"]
        if fee["payer"] == "buyer"
        for amount in [fee["minor"] + half_up(application.loan_minor * fee["ppm"], PPM)]
        if amount
        for day in fee_days(
            FeeAt(fee.get("at", FeeAt.FUNDING)),
            opened_on=application.funding_planned_on,
            due_dates=plan.due,
        )
    ]


def claims_of(fees: Iterable[BuyersFee]) -> tuple[AgreedFee, ...]:
    """Those of the bank, as the loan's terms name them."""
    return tuple(
        AgreedFee(code=fee.code, at=fee.at, on=fee.on, amount_minor=fee.amount_minor)
        for fee in fees
        if fee.is_claimed
    )


def claims_shown(quote: Mapping[str, Any]) -> tuple[AgreedFee, ...]:
    """The claims a quote told the buyer of; none where it is older than such claims."""
    return tuple(
        AgreedFee(
            code=fee["code"],
            at=FeeAt(fee["at"]),
            on=date.fromisoformat(fee["on"]),
            amount_minor=fee["amount_minor"],
        )
        for fee in quote.get("fees", ())
        if fee.get("is_claimed")
    )


def fees_quoted(quote: Mapping[str, Any]) -> list[BuyersFee]:
    """The fees as a quote keeps them; of one from before fees had names their sums alone."""
    return [
        BuyersFee(
            code=fee.get("code", ""),
            at=FeeAt(fee.get("at", FeeAt.FUNDING)),
            on=date.fromisoformat(fee["on"]),
            amount_minor=fee["amount_minor"],
            taken_by=fee.get("taken_by", BANK),
        )
        for fee in quote.get("fees", ())
    ]


def fee_sums(quote: Mapping[str, Any]) -> list[FeeSum]:
    """The fees of a quote, each once with how often it comes; none of a quote without names."""
    found: dict[tuple[str, str, str, int], list[dict[str, Any]]] = {}
    for fee in quote.get("fees", ()):
        if "code" in fee:
            key = (fee["code"], fee["at"], fee["taken_by"], fee["amount_minor"])
            found.setdefault(key, []).append(fee)
    return [
        FeeSum(
            code=code,
            at=at,
            taken_by=taker,
            is_claimed=fees[0]["is_claimed"],
            first_on=fees[0]["on"],
            times=len(fees),
            each_minor=amount,
        )
        for (code, at, taker, amount), fees in found.items()
    ]


def fees_in_words(quote: Mapping[str, Any]) -> str:
    """The fees as a paper names them. Papers are in Chinese."""
    return "；".join(_in_words(fee) for fee in fee_sums(quote))


def _in_words(fee: FeeSum) -> str:
    each = f"{fee.code} {format_yuan(fee.each_minor)} 元，{WHEN[fee.at]}"
    often = f"，共 {fee.times} 次 {format_yuan(fee.total_minor)} 元" if fee.times > 1 else ""
    taker = TAKERS.get(fee.taken_by, fee.taken_by)
    how = "随贷款收取，不从贷款本金中扣除" if fee.is_claimed else "另行收取，不经本贷款扣收"
    return f"{each}{often}，由{taker}{how}"
