"""What a lived scenario came to, in the golden form: out of the book, the loan's fold and the
facts.
"""

from typing import Any

from scf.financing.day_end import DAY
from scf.loans.models import Loan
from scf.loans.postings import calendar_accruals
from scf.loans.quotes import settlement_quote
from scf.loans.services.life import book_of
from scf.payments.models import Payment
from scf.rehearsal.deal import Deal
from scf.rehearsal.life import Life
from scf.workflow import clocks
from scf.workflow.invariants import run_checks
from scf.workflow.models import Fact


def told(life: Life) -> dict[str, Any]:
    """What was lived, in the golden form: figures in fen out of the book, the loan's fold and the
    facts.
    """
    deal = life.deal
    quote = deal.application.quote
    broken = {name: rows for name, rows in run_checks().items() if rows}
    return {
        "id": life.scenario.id,
        "positions": [row.as_row() for row in life.positions.rows],
        **_borne(_loan_of(deal)),
        "escrow_interest": _escrow_interest(deal),
        "offer": {
            "interest": quote["interest_minor"],
            "per_idle_day": quote["per_idle_day_minor"],
        },
        "status": _statuses(deal),
        "invariants": {"ok": not broken, "broken": broken},
    }


def _borne(loan: Loan | None) -> dict[str, Any]:
    """Interest and penalty, paid or owed; nothing where nothing was ever lent."""
    if loan is None or loan.opened_on is None:
        return {"accruals": {}, "interest": 0, "penalty": 0, "compound": 0}
    book = book_of(loan, on=clocks.business_date() + DAY)
    owed = settlement_quote(book, on=book.state.on)
    paid = book.state.paid
    compound = paid.compound_minor + owed.compound_minor
    accruals = calendar_accruals(book.postings)
    return {
        "accruals": {day.isoformat(): minor for day, minor in accruals.items()},
        "interest": paid.interest_minor + owed.interest_minor,
        "penalty": paid.penalty_minor + owed.penalty_minor + compound,
        "compound": compound,
    }


def _loan_of(deal: Deal) -> Loan | None:
    return Loan.objects.filter(deal_id=deal.application.deal_id).first()


def _statuses(deal: Deal) -> dict[str, str | None]:
    """Where the machines stand; None for what a deal given up early never had."""
    payment = Payment.objects.filter(deal_id=deal.application.deal_id).first()
    loan = _loan_of(deal)
    return {
        "application": deal.application.status,
        "escrow": payment.status if payment else None,
        "loan": loan.status if loan else None,
    }


def _escrow_interest(deal: Deal) -> list[int]:
    facts = Fact.objects.filter(deal_id=deal.deal_id, name="payment.interest_paid").order_by("id")
    return [fact.details["amount_minor"] for fact in facts]
