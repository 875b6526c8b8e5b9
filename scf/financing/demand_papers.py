"""The notice of a demand on the core enterprise, in Chinese: 差额退款通知书 or 回购通知书."""

from datetime import date
from typing import Any

from scf.core.actor import SYSTEM, Actor
from scf.credit.selectors import get_programme, list_versions
from scf.documents.models import Paper, PaperKind
from scf.documents.selectors import list_papers
from scf.financing.models import Application, PaperDue
from scf.financing.paper_texts import PaperIn, name_of
from scf.loans.guarantee_rows import Recourse
from scf.loans.models import GuaranteeDemand
from scf.workflow.models import Fact

KINDS = {
    Recourse.SHORTFALL_REFUND: PaperKind.SHORTFALL_NOTICE,
    Recourse.BUY_BACK: PaperKind.BUY_BACK_NOTICE,
}
GROUNDS = {Recourse.SHORTFALL_REFUND: "差额退款", Recourse.BUY_BACK: "回购"}
CLAIMS = ("costs", "penalty", "compound", "interest", "principal", "total", "undelivered")


def demand_notice(application: Application, demand: GuaranteeDemand, fact: Fact) -> PaperIn:
    """The notice of a demand two persons of the bank made, to the core enterprise; fen.

    Claims are those that were reckoned and approved with it, ``content_sha256`` is their hash.
    """
    pay_by = demand.pay_by.isoformat() if demand.pay_by else ""
    return _notice(application, demand, demanded_on=fact.business_date, pay_by=pay_by)


def upheld_notice(application: Application, demand: GuaranteeDemand, fact: Fact) -> PaperIn:
    """The second notice: the core enterprise refused, the bank upheld; payable by a new day.

    Claims stay those that were approved; what was paid under it meanwhile is said beside (fen).
    """
    asked = Fact.objects.filter(subject_id=demand.pk, name="guarantee.demanded").latest("id")
    return _notice(
        application,
        demand,
        demanded_on=asked.business_date,
        pay_by=fact.details["upheld_to"],
        upheld_on=fact.business_date.isoformat(),
        answer=demand.answer,
        decision=fact.details["reason"],
        paid_minor=demand.paid_minor,
        left_minor=demand.left_minor,
    )


def _notice(
    application: Application,
    demand: GuaranteeDemand,
    *,
    demanded_on: date,
    pay_by: str,
    **decided: object,
) -> PaperIn:
    loan, owed = demand.loan, demand.shown
    data: dict[str, Any] = {
        "bank": name_of(loan.bank_id),
        "enterprise": name_of(demand.anchor_id),
        "borrower": name_of(loan.buyer_id),
        "contract_number": loan.number or "",
        "clause": _clause(application, GROUNDS[Recourse(demand.ground)]),
        "reason": demand.reason,
        "amount_minor": demand.amount_minor,
        "demanded_on": demanded_on.isoformat(),
        "pay_by": pay_by,
        "as_of": owed["on"],
        **{f"{name}_minor": int(owed.get(f"{name}_minor", 0)) for name in CLAIMS},
        "content_sha256": demand.content_hash,
        **decided,
    }
    return PaperIn(KINDS[Recourse(demand.ground)], data, (loan.bank_id, demand.anchor_id))


def papers_of(demand: GuaranteeDemand, *, by: Actor) -> list[Paper]:
    """The notices of a demand that were made and that the actor may read."""
    rows = list_papers(deal_id=demand.loan.deal_id, by=by).filter(
        kind__in=KINDS.values(), data__content_sha256=demand.content_hash
    )
    return list(rows)


def papers_due_of(demand: GuaranteeDemand, *, by: Actor) -> list[PaperDue]:
    """Those that wait to be made."""
    rows = PaperDue.objects.filter(
        deal_id=demand.loan.deal_id,
        made_at__isnull=True,
        kind__in=KINDS.values(),
        data__content_sha256=demand.content_hash,
    )
    return list(rows if by.is_system else rows.filter(audience__contains=[by.organization_id]))


def _clause(application: Application, ground: str) -> str:
    """Under what it is asked: programme, version of its terms, and what they say."""
    programme = get_programme(application.programme_id, by=SYSTEM)
    versions = list_versions(by=SYSTEM, programme_id=programme.pk)
    version = versions.filter(hash=application.programme_version).first()
    number = version.number if version else "–"
    return f"项目“{programme.name}”第 {number} 版条款“核心企业责任”：{ground}"
