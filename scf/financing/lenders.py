"""Who lends an application's loan (联合贷): the lender of record and the banks beside it.

The lender of record pays out and collects for all; what the banks owe each other moves outside the
platform.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from scf.credit.partners import Partner, lender_share_ppm
from scf.financing.machine import LenderStatus
from scf.financing.models import Application, LenderApproval
from scf.loans.joint import in_order
from scf.parties.selectors import get_organization

JOINT_TEXT = (
    "本笔贷款为联合贷款，由上列贷款人按所列比例分别出资、分别享有债权；首列贷款人代各贷款人发放贷款并收取"
    "本金、利息、罚息和费用，再按出资比例在贷款人之间清算。借款人只须向首列贷款人还款。"
)


@dataclass(frozen=True)
class Lender:
    """A bank with its share of the loan, in ppm and in fen of the whole loan."""

    bank_id: UUID
    ppm: int
    amount_minor: int
    is_of_record: bool


def loan_shares(application: Application) -> dict[str, int]:
    """The funders' shares in ppm by organization id, as ``LoanIn.shares``; empty for one bank."""
    partners = [Partner(**each) for each in application.terms.get("partners", ())]
    if not partners:
        return {}
    shares = {partner.bank: partner.ppm for partner in partners}
    return shares | {str(application.bank_id): lender_share_ppm(partners)}


def lenders_of(application: Application) -> tuple[Lender, ...]:
    """Who lends, the lender of record first; nobody is named where one bank lends alone."""
    shares = loan_shares(application)
    if not shares:
        return ()
    parts = in_order(shares, of_record=str(application.bank_id)).of(application.loan_minor)
    *partners, own = [
        Lender(UUID(bank), ppm, parts[bank], bank == str(application.bank_id))
        for bank, ppm in shares.items()
    ]
    return (own, *partners)


def lenders_shown(application: Application) -> dict[str, Any]:
    """What the quote says of the lenders, for the borrower by law and for each lender to approve;
    nothing where one bank lends alone. Fen and ppm.
    """
    lenders = [
        {
            "bank_id": str(lender.bank_id),
            "name": get_organization(lender.bank_id).name,
            "uscc": get_organization(lender.bank_id).uscc,
            "ppm": lender.ppm,
            "amount_minor": lender.amount_minor,
            "is_of_record": lender.is_of_record,
        }
        for lender in lenders_of(application)
    ]
    return {"lenders": lenders} if lenders else {}


def lenders_in_words(quote: dict[str, Any]) -> str:
    """The lenders of a quote and their shares, as a paper names them; empty for one bank."""
    return "；".join(
        f"{lender['name']} {_percent(lender['ppm'])}" for lender in quote.get("lenders", ())
    )


def pending_lenders(application_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """By application the partner banks that have still to say, in the order of the terms; one
    query.
    """
    rows = LenderApproval.objects.filter(
        application_id__in=application_ids, status=LenderStatus.ASKED
    )
    found: dict[UUID, list[UUID]] = {}
    for application_id, bank_id in rows.values_list("application_id", "bank_id"):
        found.setdefault(application_id, []).append(bank_id)
    return found


def refused_by_lender(application_ids: Collection[UUID]) -> set[UUID]:
    """Of these applications those a partner bank did not approve; one query."""
    rows = LenderApproval.objects.filter(
        application_id__in=application_ids, status=LenderStatus.REFUSED
    )
    return set(rows.values_list("application_id", flat=True))


def _percent(ppm: int) -> str:
    whole, rest = divmod(ppm, 10_000)
    decimals = f"{rest:04d}".rstrip("0")
    return f"{whole}.{decimals} %" if decimals else f"{whole} %"
