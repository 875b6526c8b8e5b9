"""Joint lending (联合贷): what each funder lent, got back and earned of a loan, row by row.

Every kind of amount is split by cumulative rounding (``joint``), so each funder's book closes to
zero with the loan's and no fen is lost between them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from scf.loans.joint import Shares, split_rows
from scf.loans.models import Loan
from scf.loans.postings import Kind, Parts, Posting
from scf.loans.services.life import book_of
from scf.workflow import clocks

LENT = (Kind.DRAW,)
GOT_BACK = (Kind.REPAY, Kind.RETURN, Kind.RECOVERY)


@dataclass(frozen=True, slots=True)
class FunderRow:
    """One money act of the loan and each funder's part of it, by claim, in fen."""

    on: date
    kind: Kind
    key: str
    parts: Mapping[str, Parts]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunderBook:
    """One funder's side of the loan, in fen; ``got_back`` is split by what it paid."""

    funder: str
    ppm: int
    lent_minor: int
    got_back: Parts

    @property
    def outstanding_minor(self) -> int:
        """Principal it has still out: zero when the loan's is."""
        return self.lent_minor - self.got_back.principal_minor


def funder_shares(loan: Loan) -> tuple[FunderBook, ...]:
    """Return each funder's book of a loan that names funders; none for a loan of one bank."""
    if not loan.shares:
        return ()
    shares = Shares(loan.shares)
    book = book_of(loan, on=loan.lived_to or clocks.business_date())
    return funder_books(split_postings(book.postings, shares=shares), shares=shares)


def split_postings(postings: Iterable[Posting], *, shares: Shares) -> tuple[FunderRow, ...]:
    """Split what moved money, in order: lent apart from got back, and every claim by itself."""
    moved = [one for one in postings if one.kind in LENT + GOT_BACK]
    found: dict[str, dict[str, Parts]] = {one.key: {} for one in moved}
    for kinds in (LENT, GOT_BACK):
        rows = [one for one in moved if one.kind in kinds]
        for claim in (each.name for each in fields(Parts)):
            amounts = [getattr(one.parts, claim) for one in rows]
            for one, split in zip(rows, split_rows(amounts, shares=shares), strict=True):
                for funder, amount in split.items():
                    before = found[one.key].get(funder, Parts())
                    found[one.key][funder] = before.plus(Parts(**{claim: amount}))
    return tuple(FunderRow(one.on, one.kind, one.key, found[one.key]) for one in moved)


def funder_books(rows: Iterable[FunderRow], *, shares: Shares) -> tuple[FunderBook, ...]:
    """Sum the rows by funder, in the order the shares name them."""
    given = list(rows)
    books = []
    for funder, ppm in shares.ppm.items():
        lent, back = 0, Parts()
        for row in given:
            if row.kind in LENT:
                lent += row.parts[funder].principal_minor
            else:
                back = back.plus(row.parts[funder])
        books.append(FunderBook(funder=funder, ppm=ppm, lent_minor=lent, got_back=back))
    return tuple(books)
