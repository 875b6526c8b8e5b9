"""One demand on the core enterprise as its bank and that enterprise read it, and lines of many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.money import format_yuan
from scf.credit.selectors import get_programme, list_versions
from scf.documents.models import Paper
from scf.financing.demand_papers import papers_due_of, papers_of
from scf.financing.models import Application, PaperDue
from scf.loans.decided import Upheld, list_demands, upheld_of
from scf.loans.guarantee_rows import Recourse
from scf.loans.machine import GUARANTEE, GuaranteeStatus
from scf.loans.models import GuaranteeDemand, GuaranteePayment, Loan
from scf.loans.services.guarantee import may_demand, payable_minor
from scf.parties.permissions import Permission
from scf.portals.loans.page import application_of
from scf.portals.loans.words import kept_claims
from scf.portals.names import short_names
from scf.portals.parts import Chip, Turn, Words
from scf.workflow import clocks

P = Permission
G = GuaranteeStatus
TONES = {G.PROPOSED: "blue", G.DEMANDED: "orange", G.DECLINED: "red", G.PAID: "green"}
MEANINGS: dict[str, Words] = {
    G.PROPOSED: _("银行另一位同事复核后才向核心企业提出"),
    G.DEMANDED: _("核心企业付代偿款，或书面说明拒付理由"),
    G.DECLINED: _("核心企业已说明拒付理由，银行决定坚持或撤回"),
    G.PAID: _("已付清；核心企业可以向借款人追偿"),
    G.REFUSED: _("银行复核未通过，没有向核心企业提出"),
    G.WITHDRAWN: _("银行已撤回；已付的款项仍抵还贷款"),
}
AWAITED: dict[str, Words] = {
    G.PROPOSED: _("复核代偿要求"),
    G.DEMANDED: _("付代偿款或说明拒付理由"),
    G.DECLINED: _("对拒付决定坚持或撤回"),
}
GROUNDS: dict[str, Words] = {
    Recourse.SHORTFALL_REFUND: _(
        "借款人逾期未还，或货款已付而到期未交货的差额，由核心企业退款补足"
    ),
    Recourse.BUY_BACK: _("核心企业按今天结清贷款的全部金额回购"),
}


@dataclass(frozen=True)
class DemandRow:
    """One line of a list: which loan, whose, how much of it is paid, whose turn."""

    demand: GuaranteeDemand
    borrower: str
    guarantor: str
    chip: Chip
    turn: Turn | None
    url: str


@dataclass(frozen=True)
class DemandPage:
    """Everything the page of a demand shows; money in fen.

    ``claims`` are what was owed when it was proposed, ``payable_minor`` what may be paid today.
    """

    row: DemandRow
    meaning: Words
    ground: Words
    clause: str
    undelivered_minor: int
    claims: Sequence[tuple[Words, int]]
    formula: str
    payments: Sequence[tuple[GuaranteePayment, str]]
    paid_minor: int
    claim_minor: int
    payable_minor: int
    deal_url: str
    loan_url: str
    upheld: Upheld | None
    papers: Sequence[Paper]
    papers_due: Sequence[PaperDue]
    actions: frozenset[str]


def demand_rows(found: Iterable[GuaranteeDemand], *, by: Actor) -> list[DemandRow]:
    """Each demand as a line, with the names of both sides; one query for the names."""
    demands = list(found)
    ids = {party for each in demands for party in (each.loan.buyer_id, each.anchor_id)}
    names = short_names(ids | {each.loan.bank_id for each in demands}, by=by)
    return [_row(each, names, by) for each in demands]


def demand_page(demand: GuaranteeDemand, *, by: Actor) -> DemandPage:
    """The page of a demand for its bank or its core enterprise."""
    loan = demand.loan
    application = application_of(loan, by=by)
    is_bank = loan.bank_id == by.organization_id
    payments = list(demand.payments.all())
    claims = kept_claims(demand.shown)
    return DemandPage(
        row=demand_rows([demand], by=by)[0],
        meaning=MEANINGS[demand.status],
        ground=GROUNDS[demand.ground],
        clause=_clause(demand, application, by),
        undelivered_minor=int(demand.shown.get("undelivered_minor", 0)),
        claims=claims,
        formula=_formula(claims, demand),
        payments=[(each, _tx_url(each)) for each in payments],
        paid_minor=sum(each.amount_minor for each in payments),
        claim_minor=sum(each.claim_minor for each in payments),
        payable_minor=payable_minor(demand) if demand.status == G.DEMANDED else 0,
        deal_url=reverse("deal", args=[loan.deal_id]) if application else "",
        loan_url=reverse("loan", args=[loan.pk]) if is_bank else "",
        upheld=upheld_of(demand),
        papers=papers_of(demand, by=by),
        papers_due=papers_due_of(demand, by=by),
        actions=actions_of(demand, by=by),
    )


def actions_of(demand: GuaranteeDemand, *, by: Actor) -> frozenset[str]:
    """The steps this person may take on their side, and ``paid`` for who may pay."""
    steps = set(GUARANTEE.available(demand, by=by))
    if demand.anchor_id == by.organization_id:
        may_pay = demand.status == G.DEMANDED and by.can(P.LOAN_REPAY)
        return frozenset(steps & {"declined"} | ({"paid"} if may_pay else set()))
    return frozenset(steps - {"declined"})


def demands_of(loan: Loan, *, by: Actor) -> dict[str, object]:
    """For the bank's page of a loan: its demands, and whether one may be proposed."""
    return {
        "demands": demand_rows(list_demands(by=by, loan=loan), by=by),
        "may_demand": by.can(P.LOAN_PROPOSE) and may_demand(loan),
    }


def _row(demand: GuaranteeDemand, names: dict[UUID, str], by: Actor) -> DemandRow:
    return DemandRow(
        demand=demand,
        borrower=names.get(demand.loan.buyer_id, ""),
        guarantor=names.get(demand.anchor_id, ""),
        chip=Chip(demand.status_label, TONES.get(G(demand.status), "grey")),
        turn=turn_of(demand, names, by=by),
        url=reverse("demand", args=[demand.pk]),
    )


def turn_of(demand: GuaranteeDemand, names: dict[UUID, str], *, by: Actor) -> Turn | None:
    """Whose turn it is, for what and until when; None when nothing more is awaited."""
    what = AWAITED.get(demand.status)
    if what is None or demand.turn_party is None:
        return None
    due_at: datetime | None = demand.due_at
    return Turn(
        who=names.get(demand.turn_party, ""),
        what=what,
        due_at=due_at,
        is_mine=demand.turn_party == by.organization_id and bool(actions_of(demand, by=by)),
        is_late=due_at is not None and due_at <= clocks.business_now(),
    )


def _clause(demand: GuaranteeDemand, application: Application | None, by: Actor) -> str:
    """Under what it is asked: programme, version of its terms, and what they say."""
    said = _("“核心企业责任”：%(ground)s") % {"ground": demand.get_ground_display()}
    if application is None:
        return str(said)
    programme = get_programme(application.programme_id, by=by)
    version = (
        list_versions(by=by, programme_id=programme.pk)
        .filter(hash=application.programme_version)
        .first()
    )
    number = version.number if version else "–"
    where = _("项目“%(programme)s”第 %(number)s 版条款") % {
        "programme": programme.name,
        "number": number,
    }
    return f"{where}，{said}"


def _formula(claims: Sequence[tuple[Words, int]], demand: GuaranteeDemand) -> str:
    """本金 235,995.51 + 罚息 213.87 = 236,209.38, as it stood when it was proposed."""
    if not claims:
        return ""
    parts = " + ".join(f"{label} {format_yuan(amount)}" for label, amount in claims)
    return f"{parts} = {format_yuan(int(demand.shown['total_minor']))}"


def _tx_url(payment: GuaranteePayment) -> str:
    return reverse("transaction", args=[payment.tx_hash]) if payment.tx_hash else ""
