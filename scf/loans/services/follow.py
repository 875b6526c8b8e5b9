"""What the escrow and the wallets did, as actions of the loan (K3, K11, K12).

The value date is the block's (K4). Each takes the key of the fact it follows, so it happens once.
"""

from dataclasses import dataclass, replace
from datetime import date

from scf.core.actor import SYSTEM
from scf.loans import machine
from scf.loans.models import Loan, LoanAction
from scf.loans.services.life import Change, close_missed, follow_status, locked, relive
from scf.loans.services.register import end_commitment
from scf.loans.stored import terms_as_json
from scf.loans.terms import Terms
from scf.workflow import clocks, facts
from scf.workflow.closing import closing_act
from scf.workflow.models import Fact


@dataclass(frozen=True)
class Moved:
    """A money act of the chain: its key, fen, value date and transaction."""

    key: str
    amount_minor: int
    on: date
    tx_hash: str = ""


@closing_act()
def open_loan(loan: Loan, *, moved: Moved) -> Loan:
    """The escrow is funded: the loan opens, drawn whole, or with its frame open for releases (K3).

    The term begins on the funding's value date; due dates stay as signed. Facts ``loan.opened``
    and, when drawn, ``loan.drawn``. Harmless twice.
    """
    loan = locked(loan)
    if loan.status != machine.S.AWAITING:
        return loan
    _fix_opening(loan, moved.on)
    machine.MACHINE.fire(
        loan,
        "opened",
        by=SYSTEM,
        frame_minor=loan.frame_minor,
        number=loan.number,
        value_date=moved.on.isoformat(),
        tx_hash=moved.tx_hash,
    )
    if loan.draws_by_release:
        relive(loan, to=max(clocks.business_date(), moved.on))
    else:
        draw_loan(loan, moved=replace(moved, amount_minor=loan.frame_minor))
    return loan


@closing_act()
def draw_loan(loan: Loan, *, moved: Moved) -> Loan:
    """Money was lent: the whole frame, or one release with its own 借据. Fact ``loan.drawn``."""
    loan = locked(loan)
    number = loan.number or ""
    if loan.draws_by_release:
        number = f"{number}-{loan.actions.filter(kind='draw').count() + 1}"
    change = _happened(loan, "draw", moved, number=number)
    if change:
        _end_commitment(loan, moved)
        _tell(loan, "loan.drawn", moved, change, principal_minor=moved.amount_minor, number=number)
    if change and change.freed_minor:
        # A draw dated back under a payment: what was overpaid has paid principal after all.
        _tell_repaid(loan, moved, change, cause="draw")
    return loan


@closing_act()
def take_back(loan: Loan, *, moved: Moved) -> Loan:
    """The loan part came back unused: it prepays, or lowers the frame (K3, K11).

    Fact ``loan.repaid`` under interest from funding, ``loan.frame_lowered`` from release.
    """
    loan = locked(loan)
    change = _happened(loan, "return", moved)
    if change and loan.draws_by_release:
        _end_commitment(loan, moved)
        _tell(loan, "loan.frame_lowered", moved, change, principal_minor=change.freed_minor)
    elif change:
        _tell_repaid(loan, moved, change, cause="return")
    return loan


@closing_act()
def record_repayment(loan: Loan, *, moved: Moved, cause: str) -> Loan:
    """The borrower's money reached the bank, by sweep or by its own hand. Fact ``loan.repaid``.

    ``cause`` guarantee is the core enterprise's money, kept as such.
    """
    loan = locked(loan)
    change = _happened(loan, "repay_by_anchor" if cause == "guarantee" else "repay", moved)
    if change:
        _tell_repaid(loan, moved, change, cause=cause)
    return loan


@closing_act()
def record_refund(loan: Loan, *, moved: Moved) -> Loan:
    """What was overpaid reached the borrower again. Fact ``loan.refunded``."""
    loan = locked(loan)
    if change := _happened(loan, "refund", moved):
        _tell(loan, "loan.refunded", moved, change)
    return loan


def _happened(loan: Loan, kind: str, moved: Moved, *, number: str = "") -> Change | None:
    """Keep the action and live the loan again; None when the key is known.

    Days the loan was not closed on are closed first, as they were known without the action.
    """
    if not LoanAction.objects.filter(key=moved.key).exists():
        close_missed(loan)
    action, is_new = LoanAction.objects.get_or_create(
        key=moved.key,
        defaults={
            "loan": loan,
            "kind": kind,
            "on": moved.on,
            "amount_minor": moved.amount_minor,
            "number": number,
            "tx_hash": moved.tx_hash,
        },
    )
    if action.loan_id != loan.pk:
        raise AssertionError(f"{moved.key} belongs to another loan")
    return relive(loan, to=max(clocks.business_date(), moved.on)) if is_new else None


def _end_commitment(loan: Loan, moved: Moved) -> None:
    if loan.is_committed:
        end_commitment(loan, moved.amount_minor, key=moved.key, on=moved.on)


def _tell_repaid(loan: Loan, moved: Moved, change: Change, *, cause: str) -> None:
    _tell(
        loan,
        "loan.repaid",
        moved,
        change,
        cause=cause,
        principal_minor=change.freed_minor,
        interest_minor=change.interest_minor,
        penalty_minor=change.penalty_minor,
    )


def _tell(loan: Loan, name: str, moved: Moved, change: Change, **details: object) -> None:
    dated = {"value_date": moved.on.isoformat(), "tx_hash": moved.tx_hash}
    facts.record(
        name, loan, by=SYSTEM, key=moved.key, amount_minor=moved.amount_minor, **details, **dated
    )
    follow_status(loan, book=change.book, **dated)


def _fix_opening(loan: Loan, on: date) -> None:
    terms: Terms = loan.core_terms.opened(on)
    values = {"terms": terms_as_json(terms), "opened_on": on, "number": _number(on), "lived_to": on}
    Loan.objects.filter(pk=loan.pk).update(**values)
    for name, value in values.items():
        setattr(loan, name, value)


def _number(on: date) -> str:
    """LN, the day, and a count: loans open one after another, in ``chain.apply``."""
    opened = Fact.objects.filter(name="loan.opened", business_date=clocks.business_date()).count()
    return f"LN{on:%Y%m%d}{opened + 1:04d}"
