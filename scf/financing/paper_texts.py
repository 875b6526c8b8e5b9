"""What each paper of a deal says, taken from the fact that calls for it. Papers are in Chinese."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from scf.core.clock import shanghai_date
from scf.core.money import PPM
from scf.documents.models import PaperKind
from scf.financing.lenders import lenders_in_words
from scf.financing.loan_terms import given_terms, repayment_words
from scf.financing.models import Application
from scf.financing.pricing import rate_words
from scf.loans.models import Loan
from scf.loans.reading import costs_paid
from scf.loans.schedule import schedule
from scf.parties.selectors import get_organization
from scf.payments.models import Payment
from scf.trade.models import ReceiptLine
from scf.wallets.models import Wallet
from scf.workflow.models import Fact

RELEASE_REASON = "托管合约按验收确认向约定收款人付款"
RETURN_REASONS = {
    "return_line": "买卖双方同意，未用资金原路退回",
    "reclaim": "托管到期，未用资金原路退回",
}
MOVE_REASONS = {
    "sweep": "按扣款授权书自动扣款",
    "repay": "借款人主动还款",
    "pledge": "缴存保证金：质押给贷款人，仍归借款人所有",
    "use_deposit": "借款人到期未还，以质押保证金受偿",
    "return_deposit": "退回保证金",
}


@dataclass(frozen=True)
class PaperIn:
    """One paper to make: its kind, what it says (amounts in fen), and who may read it.

    ``part`` keeps two papers of one fact apart.
    """

    kind: PaperKind
    data: dict[str, Any]
    audience: Sequence[UUID]
    part: str = ""


def drawdown_note(application: Application, loan: Loan, fact: Fact) -> PaperIn:
    """借据 of one draw: the whole loan at funding, or one release with its own number (K3)."""
    amount, start = fact.details["amount_minor"], date.fromisoformat(fact.details["value_date"])
    terms = loan.core_terms
    number = str(fact.details["number"])
    planned = schedule(terms.opened(start), principal_minor=amount)
    interest = (
        sum(row.interest_minor for row in planned)
        if loan.draws_by_release
        else application.quote["interest_minor"]
    )
    data = {
        "borrower": name_of(loan.buyer_id),
        "lender": lenders_in_words(application.quote) or name_of(loan.bank_id),
        "contract_number": loan.number,
        "part": f"第 {number.rpartition('-')[2]} 笔" if loan.draws_by_release else "全部",
        "amount_minor": amount,
        "rate": rate_words(given_terms(application), application.quote.get("pricing")),
        "start_on": start.isoformat(),
        "due_on": loan.matures_on.isoformat(),
        "interest_minor": interest,
        "fees": application.papers["drawdown_request"].get("fees", "无"),
        "repayment": repayment_words(application),
        "payee": name_of(loan.seller_id),
        "purpose": application.purpose or f"订单 {application.order.number}",
    }
    return PaperIn(PaperKind.DRAWDOWN_NOTE, data, tuple(loan.parties().values()))


def pay_out_notice(application: Application, payment: Payment, fact: Fact) -> PaperIn:
    """放款通知书 to buyer and payee: the money is in escrow, the seller may ship on it."""
    data = {
        "bank": name_of(payment.bank_id),
        "borrower": name_of(payment.buyer_id),
        "payee": name_of(payment.seller_id),
        "contract_number": application.number,
        "amount_minor": fact.details["amount_minor"],
        "own_funds_minor": payment.own_funds_in_minor,
        "total_minor": fact.details["amount_minor"] + payment.own_funds_in_minor,
        "funded_on": fact.details["value_date"],
        "expiry": application.expires_on.isoformat(),
    }
    return PaperIn(PaperKind.PAY_OUT_NOTICE, data, _all(payment))


def delivery_receipt(application: Application, row: ReceiptLine) -> PaperIn:
    """收货确认书 of one accepted delivery line, with quantities and its worth."""
    line, delivery = row.delivery_line.order_line, row.delivery_line.delivery
    missing = row.short_quantity + row.damaged_quantity + row.rejected_quantity
    data = {
        "buyer": name_of(application.buyer_id),
        "seller": name_of(application.seller_id),
        "order_number": application.order.number,
        "delivery_number": delivery.number,
        "received_on": shanghai_date(row.signed_at).isoformat(),
        "amount_minor": row.value_minor,
        "lines": [
            {
                "line": line.line_number,
                "goods": line.name,
                "shipped": plain(row.delivery_line.shipped_quantity),
                "accepted": plain(row.accepted_quantity),
                "missing": plain(missing),
                "amount_minor": row.value_minor,
            }
        ],
    }
    parties = (application.buyer_id, application.seller_id, application.bank_id)
    return PaperIn(PaperKind.DELIVERY_RECEIPT, data, parties)


def release_receipt(payment: Payment, fact: Fact) -> PaperIn:
    """电子回单 of money that left the escrow for the payee."""
    return _receipt(
        fact, fact.details["amount_minor"], payment.agreement_id, payment.payee_wallet,
        payer=f"{name_of(payment.buyer_id)}（托管合约）", reason=RELEASE_REASON,
        audience=_all(payment),
    )  # fmt: skip


def return_receipts(payment: Payment, fact: Fact) -> list[PaperIn]:
    """电子回单 of money that came back: the loan part to the bank, the own part to the buyer."""
    reason = RETURN_REASONS[fact.details["cause"]]
    parts = (
        ("loan", fact.details["loan_minor"], payment.bank_wallet),
        ("own", fact.details["own_minor"], payment.buyer_wallet),
    )
    return [
        _receipt(
            fact, minor, payment.agreement_id, wallet, payer="托管合约", reason=reason,
            audience=_all(payment), part=part,
        )
        for part, minor, wallet in parts
        if minor > 0
    ]  # fmt: skip


def move_receipt(payment: Payment, fact: Fact) -> PaperIn:
    """电子回单 of the borrower's money between wallets: a repayment, by sweep or by its own hand,
    and its deposit.
    """
    kind = fact.details["act_kind"]
    source, payee = _ends(payment, kind)
    return _receipt(
        fact, fact.details["amount_minor"], source.address, payee,
        payer=name_of(payment.buyer_id), reason=MOVE_REASONS[kind],
        audience=(payment.bank_id, payment.buyer_id),
    )  # fmt: skip


def _ends(payment: Payment, kind: str) -> tuple[Wallet, Wallet]:
    """From which wallet to which an act of a kind moves money."""
    if kind == "sweep":
        return payment.collection_wallet, payment.bank_wallet
    if kind == "repay":
        return payment.buyer_wallet, payment.bank_wallet
    deposit = payment.deposit
    return {
        "pledge": (payment.buyer_wallet, deposit.wallet),
        "use_deposit": (deposit.wallet, payment.bank_wallet),
        "return_deposit": (deposit.wallet, payment.buyer_wallet),
    }[kind]


def settlement_certificate(loan: Loan, fact: Fact) -> PaperIn:
    """结清证明: nothing is owed any more; what was paid by claim, fees and costs among it."""
    data = {
        "bank": name_of(loan.bank_id),
        "borrower": name_of(loan.buyer_id),
        "contract_number": loan.number,
        "amount_minor": loan.drawn_minor,
        "interest_minor": loan.interest_paid_minor,
        "penalty_minor": loan.penalty_paid_minor,
        "costs_minor": costs_paid(loan),
        "settled_on": fact.details["value_date"],
    }
    return PaperIn(PaperKind.SETTLEMENT_CERTIFICATE, data, (loan.bank_id, loan.buyer_id))


def _receipt(
    fact: Fact,
    amount_minor: int,
    payer_account: str,
    to: Wallet,
    *,
    payer: str,
    reason: str,
    audience: Sequence[UUID],
    part: str = "",
) -> PaperIn:
    data = {
        "payer": payer,
        "payer_account": payer_account,
        "payee": name_of(to.owner_id),
        "payee_account": to.address,
        "amount_minor": amount_minor,
        "paid_at": fact.details["value_date"],
        "reason": reason,
    }
    return PaperIn(PaperKind.PAYMENT_RECEIPT, data, audience, part)


def _all(payment: Payment) -> tuple[UUID, ...]:
    return tuple(payment.parties().values())


def name_of(organization_id: UUID) -> str:
    """The organization's full name, as papers write it."""
    return get_organization(organization_id).name


def plain(given: Decimal) -> str:
    """A quantity or price without its useless zeros: 50.000000 -> 50."""
    text = f"{given:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(rate_ppm: int) -> str:
    """A rate in ppm as a percentage with at least two decimals: 43500 -> 4.35 %."""
    whole, rest = divmod(rate_ppm * 100, PPM)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals} %"
