"""The agreed fees of a loan one by one, with where each stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scf.loans.book import Book
from scf.loans.fees import AgreedFee, FeeAt
from scf.loans.state import is_settled


class FeeStanding(StrEnum):
    """Where a fee stands."""

    AHEAD = "ahead"  # its day has not come
    OWED = "owed"  # due, and not wholly paid
    CLEARED = "cleared"  # paid, or forgiven
    FELL_AWAY = "fell_away"  # the loan ended before its day


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeView:
    """One fee on its day, in fen; ``owed_minor`` is what of it is to pay now."""

    code: str
    at: FeeAt
    on: date
    amount_minor: int
    owed_minor: int
    standing: FeeStanding


def fee_views(book: Book) -> tuple[FeeView, ...]:
    """Return every agreed fee in the order of their days, with what of each is owed."""
    owed = _owed(book)
    views = [_view(book, fee, owed.get(nr)) for nr, fee in enumerate(book.terms.fees, 1)]
    return tuple(sorted(views, key=lambda view: view.on))


def fees_ahead(fees: tuple[AgreedFee, ...]) -> tuple[FeeView, ...]:
    """Return the fees of a loan that is not opened yet."""
    views = [_shown(fee, 0, FeeStanding.AHEAD) for fee in fees]
    return tuple(sorted(views, key=lambda view: view.on))


def _owed(book: Book) -> dict[int, int]:
    """Return what of each claimed fee is still owed: the oldest are paid first."""
    left = {claim.nr: claim.owed_minor for claim in book.state.fees_owed}
    return {nr: left.get(nr, 0) for nr in book.state.fees_claimed}


def _view(book: Book, fee: AgreedFee, owed: int | None) -> FeeView:
    if owed is not None:
        return _shown(fee, owed, FeeStanding.OWED if owed else FeeStanding.CLEARED)
    is_over = is_settled(book.terms, book.state) or book.state.written_off_on is not None
    return _shown(fee, 0, FeeStanding.FELL_AWAY if is_over else FeeStanding.AHEAD)


def _shown(fee: AgreedFee, owed: int, standing: FeeStanding) -> FeeView:
    return FeeView(
        code=fee.code,
        at=fee.at,
        on=fee.on,
        amount_minor=fee.amount_minor,
        owed_minor=owed,
        standing=standing,
    )
