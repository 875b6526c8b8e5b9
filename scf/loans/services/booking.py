"""Posting what folds gave to the books: differences by reversal, lines to the ledger, in sets."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.db.models import Sum

from scf.core.ids import named_id
from scf.loans.book import Book
from scf.loans.entries import Codes, Line, Receivable, lines_of, undone
from scf.loans.models import Loan, LoanPosting, LoanProvision
from scf.loans.postings import Posting, differences
from scf.wallets.ledger_accounts import Leg, stage
from scf.workflow import clocks

Lived = Sequence[tuple[Loan, Book]]


def post_differences(lived: Lived) -> dict[UUID, list[Posting]]:
    """Post where books differ from what was posted, reversals first; by loan what is new.

    The loans are locked, each is there once. Three statements and the staging of all lines, however
    many loans differ. Safe twice.
    """
    posted = _postings_of([loan for loan, _book in lived])
    changed = [
        (loan, book, found)
        for loan, book in lived
        if (found := differences([row.as_posting() for row in posted[loan.pk]], book.postings))
    ]
    provisions = provided_for([loan for loan, _book, _found in changed])
    made: list[LoanPosting] = []
    fresh: dict[UUID, list[Posting]] = {}
    for loan, book, found in changed:
        owed = Receivable(provision_minor=provisions[loan.pk])
        rows, fresh[loan.pk] = _rows_to_make(loan, book, posted[loan.pk], found, owed)
        made += rows
    today = clocks.business_date()
    for row in made:
        row.booked_on = today
    LoanPosting.objects.bulk_create(made)
    stage(leg for row in made for leg in _legs_of(row))
    return fresh


def stage_lines(loan: Loan, lines: list[Line], *, key: str, kind: str, on: date) -> None:
    """Hand lines of the loan to the ledger, linked when there are several; keys are ``key:<n>``."""
    if lines:
        stage(_legs(loan, lines, key=key, kind=kind, on=on))


def provided(loan: Loan) -> int:
    """What month ends have provided for the loan so far, in fen; a write-off uses it."""
    return provided_for([loan])[loan.pk]


def provided_for(loans: Collection[Loan]) -> dict[UUID, int]:
    """The same of many loans; 0 for those without any."""
    sums: dict[UUID, int] = defaultdict(int)
    if not loans:
        return sums
    rows = LoanProvision.objects.filter(loan__in=loans).order_by().values_list("loan_id")
    sums.update({pk: int(booked) for pk, booked in rows.annotate(booked=Sum("booked_minor"))})
    return sums


def _postings_of(loans: Collection[Loan]) -> dict[UUID, list[LoanPosting]]:
    rows: dict[UUID, list[LoanPosting]] = defaultdict(list)
    for row in LoanPosting.objects.filter(loan__in=loans).order_by("id"):
        rows[row.loan_id].append(row)
    return rows


def _rows_to_make(
    loan: Loan,
    book: Book,
    posted: list[LoanPosting],
    changed: Iterable[Posting],
    owed: Receivable,
) -> tuple[list[LoanPosting], list[Posting]]:
    """Reversals of what changed and of all after it, newest first, then what the book says."""
    wanted = list(changed)
    standing = _standing(posted)
    undo = _rows_to_undo(standing, {one.key for one in wanted if one.is_reversal})
    rows = [_reversal(loan, row) for row in undo]
    codes = Codes(loan.pk)
    for row in standing[: len(standing) - len(undo)]:
        owed = owed.after(codes, row.legs)
    anew = {one.key for one in wanted if not one.is_reversal} | {row.key for row in undo}
    fresh = [posting for posting in book.postings if posting.key in anew]
    for posting in fresh:
        row = _row(loan, posting, lines_of(posting, codes=codes, owed=owed))
        owed = owed.after(codes, row.legs)
        rows.append(row)
    return rows, fresh


def _standing(rows: list[LoanPosting]) -> list[LoanPosting]:
    """The rows nobody reversed, oldest first."""
    gone = {row.reverses_id for row in rows}
    return [row for row in rows if row.reverses_id is None and row.pk not in gone]


def _rows_to_undo(standing: list[LoanPosting], keys: set[str]) -> list[LoanPosting]:
    """The rows that changed and all after them, newest first.

    Undone in that order the accounts go back through states they were in, so no limit can break.
    """
    places = [place for place, row in enumerate(standing) if row.key in keys]
    return standing[min(places) :][::-1] if places else []


def _reversal(loan: Loan, row: LoanPosting) -> LoanPosting:
    return LoanPosting(
        loan=loan,
        key=row.key,
        on=row.on,
        kind=row.kind,
        parts=asdict(row.as_posting().parts.reversed()),
        overdue_principal_minor=-row.overdue_principal_minor,
        is_calendar=row.is_calendar,
        is_off_balance=row.is_off_balance,
        legs=undone(row.legs),
        reverses=row,
    )


def _row(loan: Loan, posting: Posting, lines: list[Line]) -> LoanPosting:
    return LoanPosting(
        loan=loan,
        key=posting.key,
        on=posting.on,
        kind=posting.kind.value,
        parts=asdict(posting.parts),
        overdue_principal_minor=posting.overdue_principal_minor,
        is_calendar=posting.is_calendar,
        is_off_balance=posting.is_off_balance,
        legs=lines,
    )


def _legs_of(row: LoanPosting) -> Iterator[Leg]:
    kind = "loan_reversal" if row.reverses_id else f"loan_{row.kind}"
    return _legs(row.loan, row.legs, key=f"loan_posting:{row.pk}", kind=kind, on=row.on)


def _legs(loan: Loan, lines: list[Line], *, key: str, kind: str, on: date) -> Iterator[Leg]:
    link = named_id(key) if len(lines) > 1 else None
    for place, (debit, credit, amount) in enumerate(lines):
        yield Leg(
            bank_id=loan.bank_id,
            debit=debit,
            credit=credit,
            amount_minor=amount,
            kind=kind,
            key=f"{key}:{place}",
            link=link,
            deal_id=loan.deal_id,
            value_date=on,
        )
