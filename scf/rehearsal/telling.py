"""What a lived scenario came to, in the golden form: out of the book, the loan's fold and the
facts.
"""

from typing import Any

from scf.financing.day_end import DAY
from scf.loans.postings import calendar_accruals
from scf.loans.quotes import settlement_quote
from scf.loans.services.life import book_of
from scf.rehearsal.deal import Deal
from scf.rehearsal.life import Life
from scf.workflow import clocks
from scf.workflow.invariants import run_checks
from scf.workflow.models import Fact


def told(life: Life) -> dict[str, Any]:
    """What was lived, in the golden form: figures in fen out of the book, the loan's fold and the
    facts.
    """
    deal, loan = life.deal, life.deal.loan
    book = book_of(loan, on=clocks.business_date() + DAY)
    owed = settlement_quote(book, on=book.state.on)
    paid = book.state.paid
    quote = deal.application.quote
    broken = {name: rows for name, rows in run_checks().items() if rows}
    return {
        "id": life.scenario.id,
        "positions": [row.as_row() for row in life.positions.rows],
        "accruals": {
            day.isoformat(): minor for day, minor in calendar_accruals(book.postings).items()
        },
        "interest": paid.interest_minor + owed.interest_minor,
        "penalty": paid.penalty_minor
        + paid.compound_minor
        + owed.penalty_minor
        + owed.compound_minor,
        "compound": paid.compound_minor + owed.compound_minor,
        "escrow_interest": _escrow_interest(deal),
        "offer": {
            "interest": quote["interest_minor"],
            "per_idle_day": quote["per_idle_day_minor"],
        },
        "status": {
            "application": deal.application.status,
            "escrow": deal.payment.status,
            "loan": loan.status,
        },
        "invariants": {"ok": not broken, "broken": broken},
    }


def _escrow_interest(deal: Deal) -> list[int]:
    facts = Fact.objects.filter(deal_id=deal.deal_id, name="payment.interest_paid").order_by("id")
    return [fact.details["amount_minor"] for fact in facts]
