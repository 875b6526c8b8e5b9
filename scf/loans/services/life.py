"""Living a loan: fold its actions, post what differs, let status and counters follow.

Everything that changes a loan goes through ``relive``, behind its deal's lock and inside an act.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db.models import Sum

from scf.core.actor import SYSTEM
from scf.core.ids import named_id
from scf.loans import machine
from scf.loans.book import Book, fold
from scf.loans.day_end.keeping import days_without_row, keep_days
from scf.loans.day_end.rows import live, quiet_from
from scf.loans.entries import Codes, Line, Receivable, lines_of, undone
from scf.loans.models import Loan, LoanPosting, LoanSnapshot
from scf.loans.postings import Posting, differences
from scf.loans.services.reset import set_due_rates
from scf.loans.state import LoanStatus, is_non_accrual
from scf.loans.terms import Terms
from scf.wallets.ledger_accounts import Leg, stage
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
    """Fold the loan to the morning of ``to`` (never back), post the differences, move its counters.

    A floating rate is set anew on the days it passes; their rows are kept, and from when the loan
    is quiet. The loan is locked. The status does not move here: ``follow_status`` does, after the
    fact that names the cause. Safe twice: folding again gives no differences.
    """
    to = max(to, loan.lived_to or to)
    set_due_rates(loan, before=to)
    actions = [row.as_action() for row in loan.actions.all()]
    book, rows = live(loan.core_terms, actions, to=to, days=days_without_row(loan, before=to))
    keep_days(loan, rows, quiet=quiet_from(book))
    _tell_fees(loan, _post_differences(loan, book))
    before = (loan.interest_paid_minor, loan.penalty_paid_minor, loan.principal_freed_minor)
    _count(loan, book)
    after = (loan.interest_paid_minor, loan.penalty_paid_minor, loan.principal_freed_minor)
    interest, penalty, freed = (new - old for new, old in zip(after, before, strict=True))
    return Change(interest, penalty, freed, book)


def close_missed(loan: Loan) -> None:
    """Close the days before the open one on which a running loan has no row. The loan is locked.

    Not for a loan that is being opened: what its opening brings belongs to its first day.
    """
    today = clocks.business_date()
    is_known = LoanSnapshot.objects.filter(loan_id=loan.pk).exists()
    if is_known and days_without_row(loan, before=today):
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


def stage_lines(loan: Loan, lines: list[Line], *, key: str, kind: str, on: date) -> None:
    """Hand lines of the loan to the ledger, linked when there are several; keys are ``key:<n>``."""
    if not lines:
        return
    link = named_id(key) if len(lines) > 1 else None
    stage(
        Leg(
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
        for place, (debit, credit, amount) in enumerate(lines)
    )


def provided(loan: Loan) -> int:
    """What month ends have provided for the loan so far, in fen; a write-off uses it."""
    return int(loan.provisions.aggregate(sum=Sum("booked_minor"))["sum"] or 0)


def _tell_fees(loan: Loan, posted: Iterable[Posting]) -> None:
    """Fact ``loan.fee_due`` for each agreed fee that became a claim, once."""
    agreed = {f"fee:{nr}": fee for nr, fee in enumerate(loan.core_terms.fees, 1)}
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


def _post_differences(loan: Loan, book: Book) -> list[Posting]:
    """Post what differs, reversals first; returns what was posted anew."""
    rows = list(loan.postings.order_by("id"))
    changed = differences([row.as_posting() for row in rows], book.postings)
    if not changed:
        return []
    standing = _standing(rows)
    undo = _rows_to_undo(standing, {one.key for one in changed if one.is_reversal})
    for row in undo:
        _reverse(loan, row)
    owed = Receivable(provision_minor=provided(loan))
    for row in standing[: len(standing) - len(undo)]:
        owed = owed.after(Codes(loan.pk), row.legs)
    anew = {one.key for one in changed if not one.is_reversal} | {row.key for row in undo}
    posted = [posting for posting in book.postings if posting.key in anew]
    for posting in posted:
        owed = _post(loan, posting, owed)
    return posted


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


def _reverse(loan: Loan, row: LoanPosting) -> None:
    posting = row.as_posting()
    made = LoanPosting.objects.create(
        loan=loan,
        key=row.key,
        on=row.on,
        kind=row.kind,
        parts=asdict(posting.parts.reversed()),
        overdue_principal_minor=-row.overdue_principal_minor,
        is_calendar=row.is_calendar,
        is_off_balance=row.is_off_balance,
        legs=undone(row.legs),
        booked_on=clocks.business_date(),
        reverses=row,
    )
    stage_lines(loan, made.legs, key=f"loan_posting:{made.pk}", kind="loan_reversal", on=row.on)


def _post(loan: Loan, posting: Posting, owed: Receivable) -> Receivable:
    codes = Codes(loan.pk)
    lines = lines_of(posting, codes=codes, owed=owed)
    made = LoanPosting.objects.create(
        loan=loan,
        key=posting.key,
        on=posting.on,
        kind=posting.kind.value,
        parts=asdict(posting.parts),
        overdue_principal_minor=posting.overdue_principal_minor,
        is_calendar=posting.is_calendar,
        is_off_balance=posting.is_off_balance,
        legs=lines,
        booked_on=clocks.business_date(),
    )
    kind = f"loan_{posting.kind.value}"
    stage_lines(loan, lines, key=f"loan_posting:{made.pk}", kind=kind, on=posting.on)
    return owed.after(codes, lines)


def _count(loan: Loan, book: Book) -> None:
    state = book.state
    fallen = state.drawn_minor - state.principal_minor + state.frame_lowered_minor
    counters = {
        "lived_to": state.on,
        "drawn_minor": state.drawn_minor,
        "frame_lowered_minor": state.frame_lowered_minor,
        "principal_minor": state.principal_minor,
        # A replay may raise principal again; what was told to the limits is then told later.
        "principal_freed_minor": max(fallen, loan.principal_freed_minor),
        "interest_paid_minor": state.paid.interest_minor,
        "penalty_paid_minor": state.paid.penalty_minor + state.paid.compound_minor,
        "overpaid_minor": state.overpaid_minor,
        "is_non_accrual": is_non_accrual(state),
        "matures_on": book.terms.maturity_on,
    }
    Loan.objects.filter(pk=loan.pk).update(**counters)
    for name, value in counters.items():
        setattr(loan, name, value)
