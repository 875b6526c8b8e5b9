"""What the borrower pays beside interest, and the cap on all of it together (助贷新规).

Every fee of a programme is tied to the loan, whoever takes it; those the buyer pays are its cost.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from scf.core.errors import RuleBroken
from scf.core.money import format_yuan
from scf.financing.fees import BANK, BuyersFee, fees_quoted
from scf.financing.loan_terms import loan_terms
from scf.financing.models import Application
from scf.loans.cost_cap import LICENSED_CAP, CostItem, judge_cost
from scf.loans.offer import Fee, Offer, offer


def judge(shown: Offer, *, fees: Sequence[BuyersFee]) -> dict[str, Any]:
    """Total cost against the cap, as the quote keeps it: rates as decimal strings, parts in fen.

    The stricter of the simple and the compounded rate decides.
    """
    items = (CostItem("interest", BANK, shown.interest_minor), *_items(fees))
    # The simple rate is known on both years; the cap is held to the higher one.
    simple = max(shown.law_simple, shown.simple_365)
    found = judge_cost(simple=simple, compound=shown.law_compound, items=items, cap=LICENSED_CAP)
    return {
        "simple": str(found.simple),
        "compound": str(found.compound),
        "cap": str(found.cap),
        "is_within": found.is_within,
        "total_minor": found.total_minor,
        "items": [
            {"name": item.name, "taken_by": item.taken_by, "amount_minor": item.amount_minor}
            for item in found.items
        ],
    }


def judge_opening(application: Application, *, on: date) -> dict[str, Any]:
    """The total cost if the loan opened on another day than was planned, as ``judge`` gives it.

    Maturity stays as agreed, so a later opening spreads the same fees over fewer days.
    """
    planned = application.funding_planned_on
    fees = [
        replace(fee, on=on) if fee.on == planned else fee
        for fee in fees_quoted(application.quote)
        if fee.on == planned or fee.on > on
    ]
    terms = loan_terms(application).opened(on)
    shown = offer(terms, fees=[Fee(fee.on, fee.amount_minor) for fee in fees])
    return judge(shown, fees=fees)


def require_within_cap(cost: dict[str, Any]) -> None:
    """Refuse a loan dearer than the cap, naming each part. Raises RuleBroken(cost_above_cap)."""
    if cost["is_within"]:
        return
    rate = max(Decimal(cost["simple"]), Decimal(cost["compound"]))
    raise RuleBroken(
        _("综合融资成本年化 %(rate)s，超过上限 %(cap)s：%(items)s"),
        code="cost_above_cap",
        rate=f"{rate:.2%}",
        cap=f"{Decimal(cost['cap']):.0%}",
        items=_in_words(cost["items"]),
    )


def _in_words(items: Sequence[dict[str, Any]]) -> str:
    named = {"interest": str(_("利息"))}
    return "、".join(
        f"{named.get(item['name'], item['name'])} {format_yuan(item['amount_minor'])}"
        for item in items
    )


def _items(fees: Sequence[BuyersFee]) -> list[CostItem]:
    """Each fee once, with all that comes of it over the life of the loan."""
    sums: dict[tuple[str, str], int] = {}
    for fee in fees:
        sums[fee.code, fee.taken_by] = sums.get((fee.code, fee.taken_by), 0) + fee.amount_minor
    return [CostItem(code, taken_by, amount) for (code, taken_by), amount in sums.items()]
