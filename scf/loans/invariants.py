"""What must always be true of loans: rows, ledger and the fold of the actions say the same."""

from collections.abc import Iterator
from dataclasses import asdict

from scf.core.actor import SYSTEM
from scf.core.money import PPM
from scf.ledger.selectors import list_balances
from scf.loans import machine
from scf.loans.accrual import DAY
from scf.loans.book import Book, advance
from scf.loans.day_end.rows import day_row, quiet_from
from scf.loans.entries import Codes
from scf.loans.funders import FunderBook, FunderRow, funder_shares, list_acts
from scf.loans.models import Loan
from scf.loans.postings import Parts, differences
from scf.loans.services.booking import provided
from scf.loans.services.life import STATUS_OF, book_of
from scf.loans.state import undrawn
from scf.workflow.invariants import Violation, invariant

UNOPENED = (machine.S.AWAITING, machine.S.CANCELLED)


def _lived() -> Iterator[tuple[Loan, Book]]:
    for loan in Loan.objects.exclude(status__in=UNOPENED).order_by("id").iterator():
        yield loan, book_of(loan, on=loan.lived_to or loan.matures_on)


@invariant("loans.counters_equal_the_fold")
def counters_equal_the_fold() -> Iterator[Violation]:
    """The loan's counters and status are those of its actions, folded again."""
    for loan, book in _lived():
        state = book.state
        expected: dict[str, object] = {
            "drawn_minor": state.drawn_minor,
            "frame_lowered_minor": state.frame_lowered_minor,
            "principal_minor": state.principal_minor,
            "interest_paid_minor": state.paid.interest_minor,
            "penalty_paid_minor": state.paid.penalty_minor + state.paid.compound_minor,
            "overpaid_minor": state.overpaid_minor,
            "status": STATUS_OF[book.status],
        }
        found = {name: getattr(loan, name) for name in expected}
        if found != expected:
            yield Violation(str(loan), {"found": found, "expected": expected})


@invariant("loans.postings_equal_the_fold")
def postings_equal_the_fold() -> Iterator[Violation]:
    """Posting the fold again would post nothing."""
    for loan, book in _lived():
        rows = [row.as_posting() for row in loan.postings.order_by("id")]
        missing = differences(rows, book.postings)
        if missing:
            yield Violation(str(loan), {"missing": [one.key for one in missing]})


@invariant("loans.ledger_equals_the_fold")
def ledger_equals_the_fold() -> Iterator[Violation]:
    """1303 (or 9030) is the principal, 1132, 9020 and 9031 unpaid booked interest, 9010 what must
    still be lent, 1221 costs owed, 1304 what was provided and not used.
    """
    for loan, book in _lived():
        expected = _expected(loan, book)
        rows = list_balances(loan.bank_id, by=SYSTEM, codes=expected)
        found = dict.fromkeys(expected, 0) | {row.code: row.balance_minor for row in rows}
        codes = Codes(loan.pk)
        # Interest stands on the balance sheet, off it (K14) or is written off; together it is what
        # is unpaid.
        for balances in (found, expected):
            for code in (codes.off_balance_interest, codes.written_off_interest):
                balances[codes.interest] += balances.pop(code)
        if found != expected:
            yield Violation(str(loan), {"found": found, "expected": expected})


@invariant("loans.days_equal_the_fold")
def days_equal_the_fold() -> Iterator[Violation]:
    """The snapshot is the fold's, and so is the last row closed from it.

    A row of the snapshot's own day or before says what was known at its close, which an act dated
    back may since have changed; a later one has nothing behind it but the snapshot.
    """
    for loan in Loan.objects.filter(snapshot__isnull=False).select_related("snapshot").iterator():
        book = book_of(loan, on=loan.snapshot.on)
        quiet = asdict(quiet_from(book))
        found = {name: getattr(loan.snapshot, name) for name in quiet}
        if found != quiet or loan.lived_to != loan.snapshot.on:
            yield Violation(str(loan), {"found": found, "expected": quiet})
        last = loan.days.filter(on__gt=loan.snapshot.on).order_by("on").last()
        if last is None:
            continue
        expected = asdict(day_row(advance(book, last.on + DAY)))
        row = {name: getattr(last, name) for name in expected}
        if row != expected:
            yield Violation(str(loan), {"found": row, "expected": expected})


def _expected(loan: Loan, book: Book) -> dict[str, int]:
    codes, state = Codes(loan.pk), book.state
    unpaid = state.booked.minus(state.paid)
    is_off = state.written_off_on is not None
    overdue = sum(
        row.parts["principal_minor"] if row.kind == "overdue" else -row.overdue_principal_minor
        for row in loan.postings.all()
    )
    return {
        codes.principal: 0 if is_off else state.principal_minor - overdue,
        codes.overdue: overdue,
        codes.written_off: state.principal_minor if is_off else 0,
        codes.costs: state.costs_owed_minor,
        codes.provision: provided(loan) + _provision_used(loan, codes),
        codes.interest: unpaid.interest_minor + unpaid.penalty_minor + unpaid.compound_minor,
        codes.off_balance_interest: 0,
        codes.written_off_interest: 0,
        codes.overpaid: state.overpaid_minor,
        codes.commitment: undrawn(book.terms, state) if _is_committed(loan) else 0,
    }


def _provision_used(loan: Loan, codes: Codes) -> int:
    """What write-offs and recoveries, and their reversals, left of the provision: below zero."""
    legs = (leg for row in loan.postings.all() for leg in row.legs)
    account = codes.provision
    return sum(
        int(amount) * ((credit == account) - (debit == account)) for debit, credit, amount in legs
    )


def _is_committed(loan: Loan) -> bool:
    return loan.is_committed and loan.draws_by_release


@invariant("loans.funders_books_close")
def funders_books_close() -> Iterator[Violation]:
    """Of each joint loan every row's parts sum to the row, and what a funder has out is its share
    of what the loan has out, to the fen each rounding may move, and nothing once the loan has none.
    """
    for loan in Loan.objects.exclude(shares={}).exclude(status__in=UNOPENED).order_by("id"):
        wrong = [row.key for row in list_acts(loan) if _sum_of(row) != row.whole]
        books = funder_shares(loan)
        outside = [book.funder for book in books if not _has_its_share(book, loan, len(books) - 1)]
        total = sum(book.outstanding_minor for book in books)
        if wrong or outside or total != loan.principal_minor:
            details = {"rows": wrong, "funders": outside, "principal_minor": loan.principal_minor}
            yield Violation(str(loan), {**details, "outstanding_minor": total})


def _sum_of(row: FunderRow) -> Parts:
    whole = Parts()
    for part in row.parts.values():
        whole = whole.plus(part)
    return whole


def _has_its_share(book: FunderBook, loan: Loan, roundings: int) -> bool:
    if loan.principal_minor == 0:
        return book.outstanding_minor == 0
    off = abs(book.outstanding_minor * PPM - loan.principal_minor * book.ppm)
    return off <= roundings * PPM
