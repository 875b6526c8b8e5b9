"""Living a loan: fold its actions, post what differs, let status and counters follow.

Everything that changes a loan goes through ``relive``, behind its deal's lock and inside an act.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from scf.core.actor import SYSTEM
from scf.loans import machine
from scf.loans.actions import Action
from scf.loans.book import Book, fold
from scf.loans.day_end.keeping import KeptDays, days_without_rows, keep_days
from scf.loans.day_end.rows import live, quiet_from
from scf.loans.models import Loan, LoanAction, LoanSnapshot
from scf.loans.postings import Posting
from scf.loans.services.booking import post_differences
from scf.loans.services.counters import count
from scf.loans.services.reset import set_due_rates
from scf.loans.state import LoanStatus
from scf.loans.terms import Terms
from scf.workflow import clocks, facts
from scf.workflow.deals import lock_deal

DAY = timedelta(days=1)
STATUS_OF = {
    LoanStatus.ACTIVE: machine.S.ACTIVE,
    LoanStatus.OVERDUE: machine.S.OVERDUE,
    LoanStatus.SETTLED: machine.S.SETTLED,
    LoanStatus.OVERPAID: machine.S.OVERPAID,
    LoanStatus.RESTRUCTURED: machine.S.RESTRUCTURED,
    LoanStatus.WRITTEN_OFF: machine.S.WRITTEN_OFF,
}
STEP_TO = {
    machine.S.OVERDUE: "fell_overdue",
    machine.S.SETTLED: "settled",
    machine.S.OVERPAID: "overpaid",
    machine.S.RESTRUCTURED: "put_under_observation",
    machine.S.WRITTEN_OFF: "written_off",
}


@dataclass(frozen=True)
class Change:
    """What one relived moment changed, in fen, and the ``book`` it came to.

    ``freed_minor`` is what the limits hear of (K18).
    """

    interest_minor: int
    penalty_minor: int
    freed_minor: int
    book: Book


def locked(loan: Loan) -> Loan:
    """The loan, read again behind its deal's lock."""
    lock_deal(loan.deal_id)
    loan.refresh_from_db()
    return loan


def book_of(loan: Loan, *, on: date) -> Book:
    """The loan folded to the morning of ``on``, with that day's actions. Raises RefusedAction."""
    terms: Terms = loan.lived_terms
    return fold(terms, [row.as_action() for row in loan.actions.all()], as_of=on)


def relive(loan: Loan, *, to: date) -> Change:
    """Fold one loan and post what differs; see ``relive_together``."""
    return relive_together([loan], to=to)[loan.pk]


def relive_together(loans: Sequence[Loan], *, to: date) -> dict[UUID, Change]:
    """Fold loans to the morning of ``to`` (never back), post the differences, move the counters.

    A floating rate is set anew on the days it passes; their rows are kept, and from when a loan is
    quiet. The loans are locked, each is there once. The status does not move here:
    ``follow_status`` does, after the fact that names the cause. The statements are the same few for
    any number of loans. Safe twice: folding again gives no differences.
    """
    mornings = {loan.pk: max(to, loan.lived_to or to) for loan in loans}
    for loan in loans:
        set_due_rates(loan, before=mornings[loan.pk])
    actions, days = _actions_of(loans), days_without_rows(loans, before=mornings)
    lived: list[tuple[Loan, Book]] = []
    kept: list[KeptDays] = []
    for loan in loans:
        happened, morning = actions[loan.pk], mornings[loan.pk]
        book, rows = live(loan.core_terms, happened, to=morning, days=days[loan.pk])
        lived.append((loan, book))
        kept.append(KeptDays(loan, rows, quiet_from(book)))
    keep_days(kept)
    fresh = post_differences(lived)
    for loan, book in lived:
        _tell_fees(loan, book.terms, fresh.get(loan.pk, ()))
    before = [_told(loan) for loan in loans]
    count(lived)
    return {
        loan.pk: _change(old, _told(loan), book)
        for (loan, book), old in zip(lived, before, strict=True)
    }


def close_missed(loan: Loan) -> None:
    """Close the days before the open one on which a running loan has no row. The loan is locked.

    Not for a loan that is being opened: what its opening brings belongs to its first day.
    """
    today = clocks.business_date()
    is_known = LoanSnapshot.objects.filter(loan_id=loan.pk).exists()
    if is_known and days_without_rows([loan], before={loan.pk: today})[loan.pk]:
        change = relive(loan, to=today)
        follow_status(loan, book=change.book, value_date=(today - DAY).isoformat())


def follow_status(loan: Loan, *, book: Book | None = None, **details: object) -> None:
    """Let the status follow the fold: the ``book`` just relived, or one folded anew.

    Harmless twice.
    """
    if book is None:
        book = book_of(loan, on=loan.lived_to or clocks.business_date())
    wanted = STATUS_OF[book.status]
    if loan.status == wanted:
        return
    if loan.status in machine.PAID and wanted in machine.RUNNING:
        machine.MACHINE.fire(loan, "reopened", by=SYSTEM, **details)
    elif loan.status == machine.S.WRITTEN_OFF and wanted not in machine.PAID:
        machine.MACHINE.fire(loan, "write_off_undone", by=SYSTEM, **details)
    if loan.status != wanted:
        was_observed = loan.status == machine.S.RESTRUCTURED
        back = "observation_ended" if was_observed else "cured"
        step = STEP_TO.get(wanted, back)
        machine.MACHINE.fire(loan, step, by=SYSTEM, principal_minor=loan.principal_minor, **details)


def _actions_of(loans: Sequence[Loan]) -> dict[UUID, list[Action]]:
    """Asked anew each time: what a loan read before may lack what was just kept."""
    found: dict[UUID, list[Action]] = defaultdict(list)
    for row in LoanAction.objects.filter(loan__in=loans).order_by("id"):
        found[row.loan_id].append(row.as_action())
    return found


def _told(loan: Loan) -> tuple[int, int, int]:
    return loan.interest_paid_minor, loan.penalty_paid_minor, loan.principal_freed_minor


def _change(before: tuple[int, int, int], after: tuple[int, int, int], book: Book) -> Change:
    interest, penalty, freed = (new - old for new, old in zip(after, before, strict=True))
    return Change(interest, penalty, freed, book)


def _tell_fees(loan: Loan, terms: Terms, posted: Iterable[Posting]) -> None:
    """Fact ``loan.fee_due`` for each agreed fee that became a claim, once; ``terms`` in force."""
    agreed = {f"fee:{nr}": fee for nr, fee in enumerate(terms.fees, 1)}
    for posting in posted:
        fee = agreed.get(posting.key)
        if fee is None or loan.postings.filter(key=posting.key).count() > 1:
            continue
        facts.record(
            "loan.fee_due",
            loan,
            by=SYSTEM,
            key=posting.key,
            fee=fee.code,
            amount_minor=fee.amount_minor,
            value_date=posting.on.isoformat(),
        )
