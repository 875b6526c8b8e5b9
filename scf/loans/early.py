"""What settling a loan on a day costs beside paying by its plan, and the rate it then really bore.

Pure: the book as it stands is lived on. Rows that fall due before the day count as paid on their
due dates; what is in arrears is paid with the settlement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scf.loans.actions import Action, Draw, Refund, Repay, ReturnUnused
from scf.loans.apr import Flow, NoRate
from scf.loans.book import Book, act, advance
from scf.loans.offer import Fee, UsedMoney, used_money
from scf.loans.quotes import Quote, asking_days, due_quote, settlement_quote

_TO_BANK = (Repay, ReturnUnused)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyQuote:
    """What settles the loan on the day ``on``, in fen.

    ``days_early`` counts to maturity and is below zero after it. ``before_minor`` falls due, and
    is paid, before that day. ``saved_minor`` is less than paying by the plan; below zero it is
    more than settling today. ``used`` is the rate on principal really held, None without one.
    """

    on: date
    days_early: int
    settlement: Quote
    before_minor: int
    saved_minor: int
    used: UsedMoney | None


def early_quote(
    book: Book, *, actions: Sequence[Action], on: date, fees: Sequence[Fee] = ()
) -> EarlyQuote:
    """Return what settling on ``on`` costs, for a book folded from ``actions``.

    ``fees`` are those the borrower pays outside the loan: they count in the rate alone.

    Raises ValueError for a day before the book's own.
    """
    paid, lived = _paid_as_due(book, until=on)
    settlement = settlement_quote(lived, on=on)
    whole = sum(flow.amount_minor for flow in paid) + settlement.total_minor
    flows = [*_paid(actions), *paid, Flow(on, settlement.total_minor)]
    return EarlyQuote(
        on=on,
        days_early=(book.terms.maturity_on - on).days,
        settlement=settlement,
        before_minor=whole - settlement.total_minor,
        saved_minor=_by_plan(book) - whole,
        used=_used(_lent(actions), [*flows, *(Flow(fee.on, fee.amount_minor) for fee in fees)]),
    )


def _by_plan(book: Book) -> int:
    """What is still to pay when all is paid as it falls due; after maturity, what settles today."""
    today, maturity = book.state.on, book.terms.maturity_on
    if today >= maturity:
        return settlement_quote(book, on=today).total_minor
    paid, lived = _paid_as_due(book, until=maturity)
    last = settlement_quote(lived, on=maturity).total_minor
    return last + sum(flow.amount_minor for flow in paid)


def _paid_as_due(book: Book, *, until: date) -> tuple[list[Flow], Book]:
    """Live the book to ``until``, paying on each day that asks for money what is due by then."""
    paid: list[Flow] = []
    for day in [day for day in asking_days(book) if day < until]:
        book = advance(book, day)
        amount = due_quote(book, on=day).total_minor
        if amount:
            book = act(book, Repay(key=f"plan:{day}", on=day, amount_minor=amount))
            paid.append(Flow(day, amount))
    return paid, book


def _lent(actions: Sequence[Action]) -> list[Flow]:
    return [Flow(one.on, one.amount_minor) for one in actions if isinstance(one, Draw)]


def _paid(actions: Sequence[Action]) -> list[Flow]:
    paid = [Flow(one.on, one.amount_minor) for one in actions if isinstance(one, _TO_BANK)]
    return paid + [Flow(one.on, -one.amount_minor) for one in actions if isinstance(one, Refund)]


def _used(lent: list[Flow], paid: list[Flow]) -> UsedMoney | None:
    try:
        return used_money(lent, [flow for flow in paid if flow.amount_minor])
    except NoRate:
        # Settled on the day it was lent: no principal was held, so there is no rate to tell.
        return None
