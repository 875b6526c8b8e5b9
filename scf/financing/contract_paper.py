"""借款合同 as a paper, once the last signature opened the agreement, out of what was signed.

The application keeps the terms, the quote and the drawdown papers it was approved with
(``content_sha256``), the payment keeps the terms whose hash is in the agreement id.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from scf.chain.contracts import address_of
from scf.core import clock
from scf.core.money import PPM
from scf.credit.choices import FeeAt, FeeTaker
from scf.documents.models import PaperKind
from scf.financing.contract_clauses import clauses_of, term_rows
from scf.financing.contract_terms import both
from scf.financing.fees import fee_sums
from scf.financing.models import Application
from scf.financing.paper_texts import PaperIn, name_of, percent, plain
from scf.parties.selectors import get_organization
from scf.payments.agreements import ESCROW, terms_of
from scf.payments.models import Payment
from scf.payments.terms import terms_hash_of
from scf.trade.units import unit_words
from scf.workflow.models import Fact

SIDES = {
    "bank": ("贷款人", "Lender"),
    "buyer": ("借款人", "Borrower"),
    "seller": ("收款人", "Payee"),
}
PARTNER = ("联合贷款人", "Joint lender")


def loan_contract(application: Application, payment: Payment, fact: Fact) -> PaperIn:
    """The contract between lender and borrower (fen); the agreement's opening is its day.

    The payee signed the agreement, not the loan: it does not read what the loan costs.
    """
    quote = application.quote
    data: dict[str, Any] = {
        "contract_number": application.number,
        "parties": _parties(application),
        "lenders": _lenders(application),
        "order_number": application.order.number,
        "purpose": application.purpose or f"订单 {application.order.number}",
        "lines": _lines(application),
        "total_minor": payment.total_minor,
        "own_funds_minor": payment.own_funds_minor,
        "deposit_minor": application.deposit_minor,
        "amount_minor": payment.loan_minor,
        "terms": term_rows(application, payment),
        "schedule": [_row(row) for row in quote["schedule"]],
        "interest_minor": quote["interest_minor"],
        "fees_total_minor": quote["fees_minor"],
        "fees": _fees(quote),
        "clauses": clauses_of(application, payment),
        "chain": _chain(application, payment),
        "signers": _signers(application),
        "opened_on": fact.details["value_date"],
    }
    partners = [UUID(each["bank_id"]) for each in _partners(application)]
    readers = (payment.bank_id, payment.buyer_id, *partners)
    return PaperIn(PaperKind.LOAN_CONTRACT, data, readers)


def _parties(application: Application) -> list[dict[str, str]]:
    beside = [UUID(each["bank_id"]) for each in _partners(application)]
    sides = [(SIDES[role], application.parties()[role]) for role in SIDES]
    rows = [sides[0], *((PARTNER, bank_id) for bank_id in beside), *sides[1:]]
    found = [(words, get_organization(organization_id)) for words, organization_id in rows]
    return [
        {"zh": zh, "en": en, "name": organization.name, "uscc": organization.uscc}
        for (zh, en), organization in found
    ]


def _lenders(application: Application) -> list[dict[str, Any]]:
    """Who lends how much of it, as the quote told the borrower: one bank lends all."""
    if shown := application.quote.get("lenders"):
        return [
            {
                "name": each["name"],
                "share": percent(each["ppm"]),
                "amount_minor": each["amount_minor"],
            }
            for each in shown
        ]
    return [
        {
            "name": name_of(application.bank_id),
            "share": percent(PPM),
            "amount_minor": application.loan_minor,
        }
    ]


def _partners(application: Application) -> list[dict[str, Any]]:
    """The lenders beside the lender of record, as the quote names them."""
    return [each for each in application.quote.get("lenders", ()) if not each["is_of_record"]]


def _lines(application: Application) -> list[dict[str, Any]]:
    """The order lines that are financed, each with its cap; a financed line stays as it is."""
    rows = application.lines.select_related("order_line").order_by("order_line__line_number")
    return [
        {
            "line": row.order_line.line_number,
            "goods": row.order_line.name,
            "quantity": f"{plain(row.order_line.quantity)} {_unit(row.order_line.unit)}",
            "price": plain(row.order_line.unit_price),
            "amount_minor": row.cap_minor,
        }
        for row in rows
    ]


def _unit(code: str) -> str:
    with translation.override("zh-hans"):
        return unit_words(code)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    fees = row.get("fees_minor", 0)
    return {
        "due_on": row["due_on"],
        "principal_minor": row["principal_minor"],
        "interest_minor": row["interest_minor"],
        "fees_minor": fees,
        "sum_minor": row["principal_minor"] + row["interest_minor"] + fees,
    }


def _fees(quote: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": fee.code,
            "when": both(FeeAt(fee.at).label)[0],
            "when_en": both(FeeAt(fee.at).label)[1],
            "first_on": fee.first_on,
            "times": fee.times,
            "taker": both(FeeTaker(fee.taken_by).label)[0],
            "taker_en": both(FeeTaker(fee.taken_by).label)[1],
            "how": "随贷款收取" if fee.is_claimed else "另行收取",
            "how_en": "with the loan" if fee.is_claimed else "outside the loan",
            "each_minor": fee.each_minor,
            "sum_minor": fee.total_minor,
        }
        for fee in fee_sums(quote)
    ]


def _chain(application: Application, payment: Payment) -> list[dict[str, str]]:
    """What ties the paper to what was signed: ids, hashes, addresses and the fixed clocks."""
    papers = application.papers
    rows = (
        ("协议编号", "Agreement id", payment.agreement_id),
        ("条款哈希", "Hash of the terms", terms_hash_of(terms_of(payment))),
        ("审批内容 SHA-256", "Approved content", _approved(application)),
        ("项目条款版本", "Programme terms", application.programme_version),
        ("提款申请书 SHA-256", "Drawdown request", papers["drawdown_request"]["hash"]),
        ("支付委托书 SHA-256", "Payment mandate", papers["payment_mandate"]["hash"]),
        ("托管合约", "Escrow contract", f"{address_of(ESCROW)} · chain {settings.CHAIN_ID}"),
        ("贷款人钱包", "Lender's wallet", payment.bank_wallet.address),
        ("借款人一般钱包", "Borrower's wallet", payment.buyer_wallet.address),
        ("借款人归集钱包", "Collection wallet", payment.collection_wallet.address),
        ("收款人钱包", "Payee's wallet", payment.payee_wallet.address),
    )
    return [{"zh": zh, "en": en, "value": value} for zh, en, value in rows]


def _approved(application: Application) -> str:
    """The hash of what the approver was shown, as the approval wrote it down."""
    approval = Fact.objects.filter(subject_id=application.pk, name="application.approved")
    return str(approval.latest("id").details["content"])


def _signers(application: Application) -> list[dict[str, str]]:
    """Who signed for each side and when, after an opening that failed the later signature; and who
    approved for each joint lender.
    """
    given = Fact.objects.filter(subject_id=application.pk, name="application.party_signed")
    latest = {fact.details["side"]: fact for fact in given.order_by("id")}
    approvals = Fact.objects.filter(
        subject_id__in=application.lender_approvals.values("pk"), name="lender_approval.given"
    )
    rows = [
        (SIDES[side], application.parties()[side], latest[side]) for side in SIDES if side in latest
    ]
    rows += [
        (PARTNER, fact.organization_id, fact)
        for fact in approvals.order_by("id")
        if fact.organization_id
    ]
    return [
        {
            "zh": zh,
            "en": en,
            "name": name_of(organization_id),
            "person": fact.actor_name,
            "at": _moment(fact),
        }
        for (zh, en), organization_id, fact in rows
    ]


def _moment(fact: Fact) -> str:
    """The time of day on the bank day it happened, as deadlines count it."""
    return f"{fact.business_date} {fact.recorded_at.astimezone(clock.SHANGHAI):%H:%M:%S}"
