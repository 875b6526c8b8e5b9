"""The cap on what a loan costs, asked again whenever a decision makes it dearer (助贷新规, 24 %).

What may not be lent at more than the cap may not be brought above it afterwards: neither by fees
that are added one by one, nor by a rate or plan agreed anew.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from scf.core.errors import RuleBroken
from scf.loans.actions import Action, Restructure
from scf.loans.apr import NoRate
from scf.loans.book import Book, fold
from scf.loans.cost_cap import LICENSED_CAP
from scf.loans.models import Loan
from scf.loans.offer import Fee, offer
from scf.loans.terms import Terms

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def require_fee_within_cap(loan: Loan, change: Action) -> None:
    """Refuse a fee that makes the loan dearer than the cap: on the plan that was signed, and where
    it was planned anew on what is left of that plan too. Raises RuleBroken(cost_above_cap).

    Counted are the fees the loan claims, as agreed and as added since, and what others take.
    """
    book = _with(loan, change)
    words = _("加上此项费用，综合融资成本年化 %(rate)s，超过上限 %(cap)s")
    signed = loan.core_terms
    fees = [*_agreed(book.terms), *_outside(loan)]
    begun = [Fee(max(fee.on, signed.opened_on), fee.amount_minor) for fee in fees]
    _require_within(_dearest(signed, begun), words, field="amount_minor")
    if loan.actions.filter(kind="restructure").exists():
        _require_rest_within(loan, book, words, field="amount_minor")


def require_plan_within_cap(loan: Loan, change: Restructure) -> None:
    """Refuse a rate or plan agreed anew whose rest costs more than the cap, with the fees still to
    come. Raises RuleBroken(cost_above_cap).
    """
    words = _("按新的约定，综合融资成本年化 %(rate)s，超过上限 %(cap)s")
    _require_rest_within(loan, _with(loan, change), words, field="rate_ppm")


def _with(loan: Loan, change: Action) -> Book:
    actions = [row.as_action() for row in loan.actions.all()]
    return fold(loan.core_terms, [*actions, change], as_of=change.on)


def _require_rest_within(loan: Loan, book: Book, words: "_StrPromise", *, field: str) -> None:
    terms = _rest_of(book)
    if terms is None:
        return
    coming = [*_agreed(book.terms, besides=book.state.fees_claimed), *_outside(loan)]
    fees = [fee for fee in coming if fee.on >= terms.opened_on]
    _require_within(_dearest(terms, fees), words, field=field)


def _rest_of(book: Book) -> Terms | None:
    """What is left of the plan as a loan of its own, made on the book's day; None when nothing is
    left to bear interest.
    """
    on, terms = book.state.on, book.terms
    pairs = zip(terms.agreed_dates, terms.due_dates, strict=True)
    ahead = [(agreed, due) for agreed, due in pairs if due > on]
    if not ahead or not book.state.principal_minor:
        return None
    return replace(
        terms,
        frame_minor=book.state.principal_minor,
        opened_on=on,
        due_dates=tuple(due for _agreed_on, due in ahead),
        planned_dates=tuple(day for day, _due in ahead) if terms.planned_dates else (),
        past_rates=(),
        free_days=max(0, (terms.free_until - on).days),
        fees=(),
        expiry_on=None,
    )


def _agreed(terms: Terms, *, besides: Iterable[int] = ()) -> Iterator[Fee]:
    for nr, fee in enumerate(terms.fees, 1):
        if nr not in besides:
            yield Fee(fee.on, fee.amount_minor)


def _outside(loan: Loan) -> Iterator[Fee]:
    """What the borrower pays others than the bank, as it was shown before it signed."""
    for fee in loan.outside_fees:
        yield Fee(date.fromisoformat(fee["on"]), fee["amount_minor"])


def _dearest(terms: Terms, fees: list[Fee]) -> Decimal | None:
    """The highest of the annual rates; None where the fees take more than was lent."""
    try:
        found = offer(terms, fees=fees)
    except NoRate:
        return None
    return max(found.law_simple, found.simple_365, found.law_compound)


def _require_within(rate: Decimal | None, words: "_StrPromise", *, field: str) -> None:
    if rate is None or rate > LICENSED_CAP:
        raise RuleBroken(
            words,
            code="cost_above_cap",
            field=field,
            rate="—" if rate is None else f"{rate:.2%}",
            cap=f"{LICENSED_CAP:.0%}",
        )
