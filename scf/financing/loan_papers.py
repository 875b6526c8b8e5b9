"""What the papers of a running loan say: before a due date, at a payment, past due. In Chinese."""

from datetime import date
from typing import Any

from scf.banks.selectors import collection_number
from scf.documents.models import PaperKind
from scf.financing.paper_texts import MOVE_REASONS, PaperIn, name_of, percent
from scf.loans.due import Stretch, interest_due
from scf.loans.models import Loan
from scf.loans.postings import Parts
from scf.loans.reading import list_payments
from scf.workflow.models import Fact

NOTICE_DAYS = 7  # both notices leave a week before the due date
FIRST_LETTERS = (1, 7)
LETTERS_EVERY = 28  # days; from the first month on, and with every monthly reminder after 90 days


def notices_before(loan: Loan, fact: Fact) -> list[PaperIn]:
    """利息通知单 a week before each due date that has interest; 到期通知书 before the last one."""
    if fact.details["offset"] != -NOTICE_DAYS:
        return []
    has_row = fact.details.get("is_instalment", True)  # facts from before fees were announced
    has_interest = has_row and fact.details["interest_minor"]
    papers = [_interest_notice(loan, fact)] if has_interest else []
    return [*papers, _maturity_notice(loan, fact)] if fact.details["is_maturity"] else papers


def letters_after(loan: Loan, fact: Fact) -> list[PaperIn]:
    """逾期催收通知书 one and seven days past due, then about monthly: each interrupts the time
    in which the debt may be sued for (民法典 §195).
    """
    days = fact.details["offset"]
    is_monthly = days % LETTERS_EVERY == 0 or days > 90
    return [_dunning_letter(loan, fact)] if days in FIRST_LETTERS or is_monthly else []


def repayment_notes(loan: Loan, fact: Fact) -> list[PaperIn]:
    """扣款回单 of a sweep or of a repayment by the borrower's hand, split by what it paid."""
    cause = fact.details["cause"]
    paid = next(
        (each for each in list_payments(loan) if each.action.key == fact.details["key"]), None
    )
    if cause not in MOVE_REASONS or paid is None:
        return []
    data = {
        **_parties(loan),
        "paid_on": fact.details["value_date"],
        "reason": MOVE_REASONS[cause],
        "amount_minor": paid.parts.total_minor,
        **_claims(paid.parts),
        "overpaid_minor": paid.parts.overpaid_minor,
        "principal_left_minor": loan.principal_minor,
    }
    return [_paper(PaperKind.REPAYMENT_NOTE, loan, data)]


def _interest_notice(loan: Loan, fact: Fact) -> PaperIn:
    said = fact.details
    due_on = date.fromisoformat(said["due_on"])
    found = interest_due(loan, due_on=due_on)
    data = {
        **_parties(loan),
        "due_on": said["due_on"],
        "period": f"{found.starts_on} 至 {due_on}（算头不算尾）",
        "rate": percent(said["rate_ppm"]),
        "stretches": [_row(each) for each in found.stretches],
        "run_minor": found.total_minor,
        "paid_minor": found.paid_minor,
        "earlier_minor": said["interest_minor"] - found.owed_minor,
        "amount_minor": said["interest_minor"],
        "principal_minor": said["principal_minor"],
        "penalty_minor": said["penalty_minor"] + said["compound_minor"],
        "costs_minor": said["costs_minor"],
        "total_minor": said["amount_minor"],
        "account": _account(loan),
    }  # fmt: skip
    return _paper(PaperKind.INTEREST_NOTICE, loan, data)


def _row(stretch: Stretch) -> dict[str, str]:
    return {
        "from": stretch.starts_on.isoformat(),
        "to": stretch.ends_on.isoformat(),
        "text": stretch.text,
    }


def _maturity_notice(loan: Loan, fact: Fact) -> PaperIn:
    said = fact.details
    data = {
        **_parties(loan),
        "opened_on": loan.opened_on.isoformat() if loan.opened_on else "",
        "due_on": said["due_on"],
        "amount_minor": said["amount_minor"],
        "principal_minor": said["principal_minor"],
        "interest_minor": said["interest_minor"],
        "penalty_minor": said["penalty_minor"] + said["compound_minor"],
        "costs_minor": said["costs_minor"],
        "penalty_rate": percent(said["penalty_rate_ppm"]),
        "account": _account(loan),
    }
    return _paper(PaperKind.MATURITY_NOTICE, loan, data)


def _dunning_letter(loan: Loan, fact: Fact) -> PaperIn:
    said = fact.details
    data = {
        **_parties(loan),
        "due_on": said["due_on"],
        "as_of": fact.business_date.isoformat(),
        "days": said["offset"],
        "amount_minor": said["amount_minor"],
        "costs_minor": said["costs_minor"],
        "principal_minor": said["principal_minor"],
        "interest_minor": said["interest_minor"],
        "penalty_minor": said["penalty_minor"],
        "compound_minor": said["compound_minor"],
        "penalty_rate": percent(said["penalty_rate_ppm"]),
        "account": _account(loan),
    }
    return _paper(PaperKind.DUNNING_LETTER, loan, data)


def _claims(parts: Parts) -> dict[str, int]:
    return {
        "costs_minor": parts.costs_minor,
        "penalty_minor": parts.penalty_minor,
        "compound_minor": parts.compound_minor,
        "interest_minor": parts.interest_minor,
        "principal_minor": parts.principal_minor,
    }


def _parties(loan: Loan) -> dict[str, str]:
    return {
        "bank": name_of(loan.bank_id),
        "borrower": name_of(loan.buyer_id),
        "contract_number": loan.number or "",
    }


def _account(loan: Loan) -> str:
    """Where the borrower pays to: its collection account, once it has one."""
    number = collection_number(loan.buyer_id, bank_id=loan.bank_id)
    return f"专属收款账户 {number}" if number else "贷款银行的专属收款钱包"


def _paper(kind: PaperKind, loan: Loan, data: dict[str, Any]) -> PaperIn:
    return PaperIn(kind, data, tuple(loan.parties().values()))
