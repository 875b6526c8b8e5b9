"""One loan as a page: where it stands, its plan, what is due and what settles it, its papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.documents.models import Paper, PaperKind
from scf.documents.selectors import list_papers
from scf.financing.models import Application, PaperDue
from scf.financing.selectors import get_application
from scf.financing.selectors.papers import list_due_papers
from scf.loans.fee_views import FeeStanding, FeeView
from scf.loans.machine import RUNNING
from scf.loans.models import Loan
from scf.loans.offer import Fee
from scf.loans.rate_history import list_rates_set
from scf.loans.reading import LoanPayment, fees_shown, list_payments, terms_of
from scf.loans.seen import bears_a_tier, status_for
from scf.loans.selectors import LoanView, view_loan
from scf.loans.terms import Product, Terms
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization
from scf.portals.deal.words import LOAN, Words
from scf.portals.fees import FeeRow, fee_rows
from scf.portals.loans.lenders import lender_facts
from scf.portals.loans.plan import PlanRow, plan_of
from scf.portals.loans.views import LoanRow, loan_rows
from scf.portals.loans.words import PRODUCTS, SOURCES, claims_of, tier_chip
from scf.portals.parts import Chip, Fact, MoneyBar, money_bar
from scf.portals.templatetags.money import percent

P = Permission
FEES = {
    FeeStanding.AHEAD: Chip(_("未到期"), "grey"),
    FeeStanding.OWED: Chip(_("应还"), "orange"),
    FeeStanding.CLEARED: Chip(_("已付或已减免"), "green"),
    FeeStanding.FELL_AWAY: Chip(_("不再收取"), "grey"),
}
OF_GOODS = (PaperKind.DELIVERY_RECEIPT, PaperKind.PAYMENT_RECEIPT)


@dataclass(frozen=True)
class PaymentRow:
    """One payment: where it came from and what it paid."""

    payment: LoanPayment
    source: Words
    claims: Sequence[tuple[Words, int]]
    tx_url: str


@dataclass(frozen=True)
class LoanFee:
    """One agreed fee with where it stands."""

    fee: FeeView
    chip: Chip


@dataclass(frozen=True)
class LoanPage:
    """Everything the page of a loan shows to lender and borrower, counted and worded."""

    loan: Loan
    view: LoanView
    row: LoanRow
    meaning: Words
    plan: Sequence[PlanRow]
    fees: Sequence[LoanFee]
    outside_fees: Sequence[FeeRow]
    due: Sequence[tuple[Words, int]]
    settlement: Sequence[tuple[Words, int]]
    bar: MoneyBar
    payments: Sequence[PaymentRow]
    facts: Sequence[Fact]
    papers: Sequence[Paper]
    papers_due: Sequence[tuple[PaperDue, Words]]
    deal_url: str
    repay_url: str
    is_lender: bool
    is_partner: bool

    @property
    def has_penalty(self) -> bool:
        """Whether any row bears penalty: else its column is left out."""
        return any(each.row.penalty_minor for each in self.plan)


def loan_page(loan: Loan, *, by: Actor) -> LoanPage:
    """The page of a loan for its lender or its borrower."""
    view, application = view_loan(loan), application_of(loan, by=by)
    payments = list_payments(loan)
    may_repay = loan.buyer_id == by.organization_id and by.can(P.LOAN_REPAY)
    is_owed = loan.status in RUNNING and view.settlement.total_minor > 0
    papers_due = list_due_papers(application, by=by) if application else []
    return LoanPage(
        loan=loan,
        view=view,
        row=loan_rows([loan], by)[0],
        meaning=LOAN.get(status_for(loan, by=by), ""),
        plan=plan_of(view),
        fees=[LoanFee(fee, FEES[fee.standing]) for fee in view.fees],
        outside_fees=_outside_fees(application),
        due=claims_of(view.due),
        settlement=claims_of(view.settlement),
        bar=_bar(loan, payments, view.undrawn_minor),
        payments=[_payment(each) for each in payments],
        facts=_facts(view, by),
        papers=[
            paper
            for paper in list_papers(deal_id=loan.deal_id, by=by)
            if paper.kind not in OF_GOODS
        ],
        papers_due=[
            (due, PaperKind(due.kind).label) for due in papers_due if due.kind not in OF_GOODS
        ],
        deal_url=reverse("deal", args=[loan.deal_id]) if application else "",
        repay_url=reverse("repay", args=[loan.deal_id])
        if application and may_repay and is_owed
        else "",
        is_lender=loan.bank_id == by.organization_id,
        is_partner=str(by.organization_id) in loan.shares,
    )


def application_of(loan: Loan, *, by: Actor) -> Application | None:
    """The application the loan was asked for by; None where it is none of ours, or not to see."""
    if not by.can(P.APPLICATION_VIEW):
        return None
    try:
        return get_application(loan.application_id, by=by)
    except NotFound:
        return None


def fees_of(application: Application | None) -> list[Fee]:
    """The fees the borrower pays outside the loan, from what it was shown before it signed."""
    return fees_shown(application.quote) if application else []


def _outside_fees(application: Application | None) -> list[FeeRow]:
    shown = fee_rows(application.quote) if application else []
    return [fee for fee in shown if not fee.is_claimed]


def _bar(loan: Loan, payments: Sequence[LoanPayment], undrawn_minor: int) -> MoneyBar:
    returned = sum(each.parts.principal_minor for each in payments if each.action.kind == "return")
    lowered = returned if loan.draws_by_release else 0
    repaid = loan.drawn_minor - loan.principal_minor - (returned - lowered)
    parts: list[tuple[Words, int, str]] = [
        (_("已还本金"), repaid, "green"),
        (_("未用退回"), returned, "orange"),
        (_("未还本金"), loan.principal_minor, "blue"),
        (_("尚未提用"), undrawn_minor, "grey"),
    ]
    return money_bar(_("本笔贷款"), [part for part in parts if part[1] > 0])


def _payment(payment: LoanPayment) -> PaymentRow:
    tx = payment.action.tx_hash
    return PaymentRow(
        payment=payment,
        source=SOURCES.get(payment.cause, payment.cause),
        claims=claims_of(payment.parts),
        tx_url=reverse("transaction", args=[tx]) if tx else "",
    )


def _product(terms: Terms) -> Words:
    is_interest_first = terms.product is Product.BULLET and len(terms.due_dates) > 1
    return _("先息后本（按期付息，到期还本）") if is_interest_first else PRODUCTS[terms.product]


def _rates_set(loan: Loan) -> list[Fact]:
    """Each reset of a floating rate with its quote (重定价)."""
    words = _("%(rate)s（%(day)s 公布的 LPR %(quote)s）")
    return [
        Fact(
            _("自 %(day)s 起年利率") % {"day": each.on},
            words
            % {
                "rate": percent(each.rate_ppm),
                "day": each.quoted_on,
                "quote": percent(each.quote_ppm),
            },
        )
        for each in list_rates_set(loan)
    ]


def _facts(view: LoanView, by: Actor) -> list[Fact]:
    loan = view.loan
    terms = terms_of(loan)
    day: Any = loan.opened_on
    shown = [
        Fact(_("贷款编号"), loan.number or _("未放款"), is_mono=bool(loan.number)),
        Fact(_("借款人"), get_organization(loan.buyer_id).name),
        Fact(_("贷款银行"), get_organization(loan.bank_id).name),
        *lender_facts(loan),
        Fact(_("贷款金额（元）"), amount_minor=loan.frame_minor),
        Fact(_("年利率"), f"{percent(terms.rate_ppm)} / {terms.day_base}"),
        *_rates_set(loan),
        Fact(_("罚息年利率"), percent(terms.penalty_rate_ppm)),
        Fact(_("还款方式"), _product(terms)),
        Fact(_("扣收"), loan.get_sweep_display()),
        Fact(_("放款日"), day.isoformat() if day else _("未放款")),
        Fact(_("到期日"), loan.matures_on.isoformat()),
    ]
    if loan.interest_paid_minor:
        shown.append(Fact(_("已付利息（元）"), amount_minor=loan.interest_paid_minor))
    if loan.penalty_paid_minor:
        shown.append(Fact(_("已付罚息（元）"), amount_minor=loan.penalty_paid_minor))
    if terms.grace_days:
        shown.append(Fact(_("宽限期"), _("%(days)s 天") % {"days": terms.grace_days}))
    if loan.bank_id == by.organization_id:
        shown += _class_of(view)
    return shown


def _class_of(view: LoanView) -> list[Fact]:
    """How the lender classifies its claim; nothing where it has none."""
    if not bears_a_tier(view.loan):
        return []
    return [
        Fact(_("五级分类"), tier_chip(view.loan.tier).label),
        Fact(_("逾期天数"), str(view.days_past_due)),
        Fact(_("应计状态"), _("非应计") if view.loan.is_non_accrual else _("应计")),
    ]
