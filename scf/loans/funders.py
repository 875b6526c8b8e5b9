"""Joint lending (联合贷): what each funder lent, got back and earned of a loan, row by row.

Every kind of amount is split by cumulative rounding (``joint``), so each funder's book closes to
zero with the loan's and no fen is lost between them. What the borrower paid too much stays with the
lender of record, who gives it back: it is nobody's claim.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from scf.loans.joint import Shares, in_order, split_rows
from scf.loans.models import Loan
from scf.loans.plan_rows import InstalmentView
from scf.loans.postings import Kind, Parts, Posting
from scf.loans.services.life import book_of
from scf.workflow import clocks

PUT_IN = (Kind.DRAW, Kind.COST)  # what is lent, and what is advanced for the borrower
GOT_BACK = (Kind.REPAY, Kind.RETURN, Kind.RECOVERY)
SHARED = tuple(each.name for each in fields(Parts) if each.name != "overpaid_minor")


@dataclass(frozen=True, slots=True)
class FunderRow:
    """One money act of the loan and each funder's part of it, by claim, in fen."""

    on: date
    kind: Kind
    key: str
    whole: Parts
    parts: Mapping[str, Parts]

    @property
    def is_put_in(self) -> bool:
        """Whether the funders pay the lender of record, not it them."""
        return self.kind in PUT_IN


@dataclass(frozen=True, slots=True, kw_only=True)
class FunderBook:
    """One funder's side of the loan, in fen; ``got_back`` is split by what it paid."""

    funder: str
    ppm: int
    lent_minor: int
    advanced_minor: int
    got_back: Parts

    @property
    def outstanding_minor(self) -> int:
        """Principal it has still out: zero when the loan's is."""
        return self.lent_minor - self.got_back.principal_minor


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One row of the plan and each funder's part of what it asks for, in fen."""

    row: InstalmentView
    parts: Mapping[str, Parts]


def shares_of(loan: Loan) -> Shares:
    """The funders of a joint loan, in the order in which every sum is split."""
    return in_order(loan.shares, of_record=str(loan.bank_id))


def list_acts(loan: Loan) -> tuple[FunderRow, ...]:
    """Every money act of a joint loan, split; none for a loan of one bank."""
    if not loan.shares:
        return ()
    day = max(loan.lived_to or clocks.business_date(), loan.core_terms.opened_on)
    return split_postings(book_of(loan, on=day).postings, shares=shares_of(loan))


def funder_shares(loan: Loan) -> tuple[FunderBook, ...]:
    """Return each funder's book of a loan that names funders, the lender of record last; none for a
    loan of one bank.
    """
    return funder_books(list_acts(loan), shares=shares_of(loan)) if loan.shares else ()


def split_plan(rows: Sequence[InstalmentView], *, shares: Shares) -> tuple[PlanPart, ...]:
    """Split what the rows of a plan ask for: principal, interest and penalty each by itself."""
    claims = ("principal_minor", "interest_minor", "penalty_minor")
    split = {
        claim: split_rows((getattr(row, claim) for row in rows), shares=shares) for claim in claims
    }
    return tuple(
        PlanPart(
            row,
            {
                name: Parts(**{claim: split[claim][number][name] for claim in claims})
                for name in shares.ppm
            },
        )
        for number, row in enumerate(rows)
    )


def split_postings(postings: Iterable[Posting], *, shares: Shares) -> tuple[FunderRow, ...]:
    """Split what moved money, in order: put in apart from got back, and every claim by itself."""
    moved = [one for one in postings if one.kind in PUT_IN + GOT_BACK]
    *_partners, of_record = shares.ppm
    found = {one.key: dict.fromkeys(shares.ppm, Parts()) for one in moved}
    for one in moved:
        found[one.key][of_record] = Parts(overpaid_minor=one.parts.overpaid_minor)
    for kinds in (PUT_IN, GOT_BACK):
        rows = [one for one in moved if one.kind in kinds]
        for claim in SHARED:
            amounts = [getattr(one.parts, claim) for one in rows]
            for one, split in zip(rows, split_rows(amounts, shares=shares), strict=True):
                for funder, amount in split.items():
                    before = found[one.key][funder]
                    found[one.key][funder] = before.plus(Parts(**{claim: amount}))
    return tuple(FunderRow(one.on, one.kind, one.key, one.parts, found[one.key]) for one in moved)


def funder_books(rows: Iterable[FunderRow], *, shares: Shares) -> tuple[FunderBook, ...]:
    """Sum the rows by funder, in the order the shares name them."""
    given = list(rows)
    books = []
    for funder, ppm in shares.ppm.items():
        put_in, back = Parts(), Parts()
        for row in given:
            if row.is_put_in:
                put_in = put_in.plus(row.parts[funder])
            else:
                back = back.plus(row.parts[funder])
        books.append(
            FunderBook(
                funder=funder,
                ppm=ppm,
                lent_minor=put_in.principal_minor,
                advanced_minor=put_in.costs_minor,
                got_back=back,
            )
        )
    return tuple(books)
