"""The texts a party signs with its application and with the terms (K28), and their hashes."""

from hashlib import sha256
from typing import Any

import rfc8785
from django.utils.translation import gettext_noop

from scf.financing.fees import fees_in_words
from scf.financing.lenders import JOINT_TEXT, lenders_in_words
from scf.financing.loan_terms import given_terms, repayment_words
from scf.financing.models import Application
from scf.financing.pricing import rate_words
from scf.parties.selectors import get_organization

DEPOSIT_TEXT = (
    "借款人在放款前将保证金划入其在贷款人处的保证金钱包并质押给贷款人；保证金仍归借款人所有，"
    "不抵扣贷款本金；借款人到期未还时贷款人可用以受偿，债务结清后余额退回借款人。"
)


def drawdown_papers(application: Application) -> dict[str, Any]:
    """提款申请书 and 支付委托书, each with its hash; no directed payment without them (fen)."""
    buyer = get_organization(application.buyer_id)
    seller = get_organization(application.seller_id)
    shared = {
        "number": application.number,
        "borrower": buyer.name,
        "borrower_uscc": buyer.uscc,
        "payee": seller.name,
        "payee_uscc": seller.uscc,
        "order": application.order.number,
        "amount_minor": application.loan_minor,
    }
    request = {
        "title": gettext_noop("提款申请书"),
        **shared,
        "own_funds_minor": application.own_funds_minor,
        "matures_on": application.quote["schedule"][-1]["due_on"],
        "repayment": repayment_words(application),
        "rate": rate_words(given_terms(application), application.quote["pricing"]),
        "annual_rate_simple": application.quote["annual_rate_simple"],
        "annual_rate_compound": application.quote["annual_rate_compound"],
        "interest_minor": application.quote["interest_minor"],
        "fees_minor": application.quote["fees_minor"],
        "fees": fees_in_words(application.quote) or "无",
    }
    if application.deposit_minor:
        request |= {
            "deposit_minor": application.deposit_minor,
            "deposit_text": DEPOSIT_TEXT,
        }
    if lenders := lenders_in_words(application.quote):
        request |= {"lenders": lenders, "lenders_text": JOINT_TEXT}
    mandate = {
        "title": gettext_noop("支付委托书"),
        **shared,
        "release_policy": application.terms["release_policy"],
        "text": "借款人委托贷款人将上述款项经托管合约定向支付给上述收款人。",
    }
    return {"drawdown_request": _hashed(request), "payment_mandate": _hashed(mandate)}


def _hashed(paper: dict[str, Any]) -> dict[str, Any]:
    return {**paper, "hash": sha256(rfc8785.dumps(paper)).hexdigest()}
