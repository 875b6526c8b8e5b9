"""What the chain and the bank's book say of a deal's money, and whether every invariant holds."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from scf.core.actor import SYSTEM
from scf.ledger.models import Transfer
from scf.ledger.selectors import list_entries_of_deal
from scf.loans.entries import Codes
from scf.loans.models import Loan
from scf.rehearsal.deal import Deal
from scf.workflow.invariants import run_checks


def money_of(deal: Deal) -> dict[str, int]:
    """Fen: what came in and out of the escrow by the chain's own contract and the bank's book, and
    what of principal and interest came from the buyer's wallets. Raises AssertionError when the
    two do not tell one story.
    """
    payment, loan = deal.payment, deal.loan
    codes = Codes(loan.pk)
    agreement = deal.stack.node.call("DirectedEscrow", "agreementOf", [payment.agreement_id])
    own, lent = f"2011.82.own:{payment.pk}", f"2011.82.loan:{payment.pk}"
    entries = list_entries_of_deal(deal.require_deal_id(), by=SYSTEM)
    came = {code: _sum(entries, code, "credit_minor") for code in (own, lent)}
    left = _sum(entries, own, "debit_minor") + _sum(entries, lent, "debit_minor")
    released, returned = int(agreement["released"]), int(agreement["returned"])
    if left != released + returned:
        raise AssertionError(f"the book let {left} out of the escrow, the chain {agreement}")
    return {
        "own_funds": came[own],
        "funded": came[lent],
        "released": released,
        "returned": returned,
        "returned_loan": _moved(lent, payment.bank_wallet.account_code),
        "repaid": _repaid(loan, (codes.principal, codes.overdue)),
        "interest": _repaid(loan, (codes.interest,)),
    }


def broken_invariants() -> dict[str, list[str]]:
    """Every check of every room with the rows that break it, read at one moment."""
    with transaction.atomic():
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found = run_checks()
    return {
        name: [f"{row.subject} {row.details}" for row in rows]
        for name, rows in found.items()
        if rows
    }


def _sum(entries: list[Any], code: str, side: str) -> int:
    return sum(getattr(entry, side) for entry in entries if entry.account.code == code)


def _moved(debit: str, credit: str) -> int:
    rows = Transfer.objects.filter(debit_account__code=debit, credit_account__code=credit)
    return int(rows.aggregate(sum=Sum("amount_minor", default=0))["sum"])


def _repaid(loan: Loan, codes: tuple[str, ...]) -> int:
    """What the loan's repayments (not its returns) brought to these accounts, replays netted."""
    legs = [leg for row in loan.postings.filter(kind="repay") for leg in row.legs]
    return sum(minor * ((credit in codes) - (debit in codes)) for debit, credit, minor in legs)
