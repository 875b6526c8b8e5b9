"""One deal as a page: four statuses in words, whose turn, where the money is, the lines, what
happened.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from scf.core import clock
from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.core.money import format_yuan
from scf.documents.models import Paper, PaperKind
from scf.documents.selectors import list_papers
from scf.financing import selectors as financing
from scf.financing.models import Application, PaperDue
from scf.financing.selectors.papers import list_due_papers
from scf.loans import selectors as loans
from scf.loans.decided import list_demands
from scf.loans.models import Loan
from scf.loans.seen import label_for, status_for
from scf.parties.selectors import get_organization
from scf.payments.machine import S as Escrow
from scf.payments.models import Payment
from scf.payments.selectors import payment_of
from scf.portals.applications.rates import percent_text, rate_text, repayment_text
from scf.portals.deal import words
from scf.portals.deal.access import sees_cost, sees_money
from scf.portals.deal.claims import kept_words
from scf.portals.deal.deposit import deposit_bars, deposit_facts
from scf.portals.deal.history import Coming, Happened, coming_of, history_of
from scf.portals.deal.lending import MEANING, lender_facts, lender_words
from scf.portals.deal.lines import DealLine, deal_lines
from scf.portals.deal.standing import standing_of
from scf.portals.deal.words import Words, chip_of
from scf.portals.fees import fee_rows
from scf.portals.parts import Chip, Fact, MoneyBar, Turn, money_bar
from scf.workflow.selectors import timeline


@dataclass(frozen=True)
class Status:
    """One of the four machines: where it stands and what that means."""

    name: Words
    chip: Chip
    meaning: Words


@dataclass(frozen=True)
class DealPage:
    """Everything the deal's page shows, counted and worded; what the reader may not see is not in
    it.
    """

    application: Application
    statuses: Sequence[Status]
    turn: Turn | None
    reasons: Sequence[Words]
    kept: Sequence[Words]
    bars: Sequence[tuple[MoneyBar, Words]]
    lines: Sequence[DealLine]
    total_minor: int | None
    coming: Sequence[Coming]
    history: Sequence[Happened]
    facts: Sequence[Fact]
    papers: Sequence[Paper]
    papers_due: Sequence[tuple[PaperDue, Words]]
    last_fact: int


def deal_page(application: Application, *, by: Actor) -> DealPage:
    """The page of a deal for one of its parties."""
    shows_money = sees_money(by)
    payment = escrow_of(application, by)
    loan = loan_part(application, by)
    lines = deal_lines(application, payment, by=by)
    history, last_fact = history_of(application, payment, by=by)
    amounts = [line.amount_minor for line in lines if line.amount_minor is not None]
    return DealPage(
        application=application,
        statuses=_statuses(application, payment, loan, lines, by=by),
        turn=turn_part(application, by),
        reasons=bank_reasons(application, by),
        kept=kept_words(payment, by) if shows_money else [],
        bars=_bars(payment, loan, by) if shows_money else [],
        lines=lines,
        total_minor=sum(amounts) if amounts else None,
        coming=coming_of(application, by=by),
        history=history,
        facts=[*deal_facts(application, by), *_demands(application, by)],
        papers=list_papers(deal_id=application.deal_id, by=by) if shows_money else [],
        papers_due=_papers_due(application, by) if shows_money else [],
        last_fact=last_fact,
    )


def escrow_of(application: Application, by: Actor) -> Payment | None:
    """The escrow once its terms are prepared."""
    try:
        return payment_of(application.pk, by=by)
    except NotFound:
        return None


def loan_part(application: Application, by: Actor) -> Loan | None:
    """The loan for its lender and its borrower; a seller follows the escrow alone."""
    try:
        return loans.loan_of(application.pk, by=by)
    except NotFound:
        return None


def turn_part(application: Application, by: Actor) -> Turn | None:
    """Whose turn it is in words; None when nobody's and nothing is awaited."""
    turn = financing.turn_of(application)
    if not turn.what:
        return None
    who = get_organization(turn.party_id).short_name if turn.party_id else _("系统")
    is_late = turn.due_at is not None and turn.due_at < clock.now()
    return Turn(who, turn.what, turn.due_at, financing.is_mine(turn, by=by), is_late)


def _statuses(
    application: Application,
    payment: Payment | None,
    loan: Loan | None,
    lines: Sequence[DealLine],
    *,
    by: Actor,
) -> list[Status]:
    goods = Status(_("货物"), *_goods(lines))
    if not sees_money(by):
        return [goods]
    statuses = [_asked(application), goods]
    if payment:
        read, label = standing_of(payment)
        statuses.append(Status(_("托管"), chip_of(read, label), words.ESCROW.get(read, "")))
    if loan:
        read = status_for(loan, by=by)
        chip = chip_of(read, label_for(loan, by=by))
        statuses.append(Status(_("本笔贷款"), chip, words.LOAN.get(read, "")))
    return statuses


def _asked(application: Application) -> Status:
    lenders = lender_words([application]).get(application.pk, "")
    read, label = standing_of(application, lenders=lenders)
    said: Words = MEANING if read == "asked" else words.APPLICATION.get(read, "")
    return Status(_("申请"), chip_of(read, label), said)


def _goods(lines: Sequence[DealLine]) -> tuple[Chip, Words]:
    """The order lines together: their one status, or how many stand where."""
    counts = Counter(str(line.goods_chip.label) for line in lines)
    if len(counts) == 1:
        many = len(lines)
        words = ngettext("共 %(count)s 行，状态一致", "共 %(count)s 行，状态一致", many)
        return lines[0].goods_chip, words % {"count": many}
    spread = " · ".join(f"{label} {count}" for label, count in counts.items())
    return Chip(_("各行进度不同"), "blue"), spread


def bank_reasons(application: Application, by: Actor) -> list[Words]:
    """Why the bank gave it back or said no, in its codes and its own words; for bank and buyer."""
    if application.status not in ("returned", "rejected"):
        return []
    if by.organization_id not in (application.bank_id, application.buyer_id):
        return []
    return [
        *(words.REASONS.get(code, code) for code in application.reason_codes),
        *_said_by_the_bank(application, by),
    ]


def _said_by_the_bank(application: Application, by: Actor) -> list[Words]:
    names = ("application.returned", "application.rejected")
    said = [fact for fact in timeline(application.deal_id, by=by) if fact.name in names]
    note = str(said[-1].details.get("note", "")) if said else ""
    return [note] if note else []


def _bars(payment: Payment | None, loan: Loan | None, by: Actor) -> list[tuple[MoneyBar, Words]]:
    bars = []
    if payment:
        bars.append((_escrow_bar(payment), _origin(payment)))
        bars += deposit_bars(payment, by)
    if loan and loan.opened_on and payment:
        bars.append((_loan_bar(loan, payment), _interest(loan)))
    return bars


def _escrow_bar(payment: Payment) -> MoneyBar:
    waiting = payment.total_minor - payment.own_funds_in_minor - payment.funded_minor
    parts = [
        (_("已付收款人"), payment.released_minor - payment.claimable_minor, "green"),
        (_("待收款人领取"), payment.claimable_minor, "red"),
        (_("在托管"), payment.in_escrow_minor, "blue"),
        (_("已退回"), payment.returned_minor, "orange"),
        (_("尚未到账"), 0 if payment.status == Escrow.CANCELLED else waiting, "grey"),
    ]
    return money_bar(_("货款"), [part for part in parts if part[1] > 0])


def _origin(payment: Payment) -> Words:
    return _("来源：首付款 %(own)s 元，贷款 %(loan)s 元") % {
        "own": format_yuan(payment.own_funds_in_minor),
        "loan": format_yuan(payment.funded_minor),
    }


def _loan_bar(loan: Loan, payment: Payment) -> MoneyBar:
    # Under interest from release what comes back was never lent: it lowers the frame (K3).
    returned = loan.frame_lowered_minor if loan.draws_by_release else payment.returned_loan_minor
    repaid = loan.drawn_minor - loan.principal_minor
    parts = [
        (_("已还本金"), repaid if loan.draws_by_release else repaid - returned, "green"),
        (_("未用退回"), returned, "orange"),
        (_("未还本金"), loan.principal_minor, "blue"),
        (_("尚未提用"), loan.frame_minor - loan.drawn_minor - loan.frame_lowered_minor, "grey"),
    ]
    return money_bar(_("本笔贷款"), [part for part in parts if part[1] > 0])


def _interest(loan: Loan) -> Words:
    return _("已付利息 %(interest)s 元，罚息 %(penalty)s 元；到期日 %(day)s") % {
        "interest": format_yuan(loan.interest_paid_minor),
        "penalty": format_yuan(loan.penalty_paid_minor),
        "day": loan.matures_on.isoformat(),
    }


def deal_facts(application: Application, by: Actor) -> list[Fact]:
    """Who and how much, as far as the reader may see it."""
    names = {role: get_organization(party).name for role, party in application.parties().items()}
    shown = [
        Fact(_("申请编号"), application.number, is_mono=True),
        Fact(_("订单号"), application.order.number),
        Fact(_("买方（借款人）"), names["buyer"]),
        Fact(_("卖方（收款人）"), names["seller"]),
    ]
    if not sees_money(by):
        return shown
    shown += [
        Fact(_("贷款银行"), names["bank"]),
        Fact(_("订单金额（元）"), amount_minor=application.total_minor),
        Fact(_("首付款（元）"), amount_minor=application.own_funds_minor),
        Fact(_("贷款（元）"), amount_minor=application.loan_minor),
        *lender_facts(application, by=by),
        *deposit_facts(application, by),
        Fact(_("到期日"), application.matures_on.isoformat()),
        Fact(_("托管到期"), application.expires_on.isoformat()),
    ]
    if sees_cost(application, by):
        shown += _cost(application)
    return shown


def _cost(application: Application) -> list[Fact]:
    quote = application.quote
    # Applications of before have no compounded rate.
    compound = quote.get("annual_rate_compound")
    added = [Fact(_("年化利率（复利）"), percent_text(compound))] if compound else []
    return [
        Fact(_("贷款利率"), rate_text(application.terms, quote.get("pricing"))),
        Fact(_("还款方式"), repayment_text(application.terms)),
        *added,
        Fact(_("按期利息（元）"), amount_minor=quote["interest_minor"]),
        Fact(_("费用（元）"), amount_minor=quote["fees_minor"]),
        *(
            Fact(f"{fee.name} · {fee.when}", amount_minor=fee.total_minor)
            for fee in fee_rows(quote)
        ),
        Fact(_("年化利率（单利）"), percent_text(quote["annual_rate_simple"])),
        Fact(_("每闲置一天利息（元）"), amount_minor=quote["per_idle_day_minor"]),
    ]


def _demands(application: Application, by: Actor) -> list[Fact]:
    """What the core enterprise is asked to answer for, with its page, for bank and enterprise."""
    rows = list_demands(by=by).filter(deal_id=application.deal_id) if sees_money(by) else ()
    return [
        Fact(
            each.get_ground_display(),
            f"{format_yuan(each.amount_minor)} · {each.status_label}",
            url=reverse("demand", args=[each.pk]),
        )
        for each in rows
    ]


def _papers_due(application: Application, by: Actor) -> list[tuple[PaperDue, Words]]:
    due = list_due_papers(application, by=by)
    return [(paper, PaperKind(paper.kind).label) for paper in due]
