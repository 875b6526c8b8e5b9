"""Papers of a deal: noted beside the fact that calls for them, set and stored afterwards."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import NotFound
from scf.documents.models import Paper
from scf.documents.services import issue_paper
from scf.financing import contract_paper, demand_papers, loan_papers, paper_texts
from scf.financing.models import Application, PaperDue
from scf.financing.paper_texts import PaperIn
from scf.loans.models import GuaranteeDemand, Loan
from scf.payments.models import Payment
from scf.trade.models import ReceiptLine
from scf.workflow.models import Fact


def note_papers(fact: Fact) -> list[PaperDue]:
    """Note what papers a fact calls for: rows only, so that the fact's transaction stays short.

    Harmless twice: a paper's key is its fact's. The fact decides what the paper says, whenever it
    is made.
    """
    deal_id = fact.deal_id
    application = Application.objects.filter(deal_id=deal_id).first() if deal_id else None
    if application is None:
        return []
    return [_note(application, fact, paper) for paper in _papers_of(application, fact)]


@transaction.atomic
def make_paper(due_id: int, *, by: Actor) -> Paper:
    """Set and store one paper that was noted; the same paper when it is there already.

    Raises NotFound for whoever the paper is not for. Half a second of typesetting: never inside
    the transaction of a fact.
    """
    due = PaperDue.objects.select_for_update().filter(pk=due_id).first()
    if due is None or not (by.is_system or by.organization_id in due.audience):
        raise NotFound(_("没有这份单据"))
    paper = issue_paper(
        due.kind,
        data=due.data,
        key=due.key,
        deal_id=due.deal_id,
        by=SYSTEM,
        owner_id=due.owner_id,
        audience=due.audience,
        tx_hash=due.tx_hash,
    )
    if due.made_at is None:
        PaperDue.objects.filter(pk=due.pk).update(made_at=clock.now())
    return paper


def make_due_papers(*, limit: int = 20) -> int:
    """Make the oldest papers that were noted, one transaction each; returns how many. Safe twice,
    and beside others.
    """
    waiting = PaperDue.objects.filter(made_at__isnull=True).order_by("id")
    ids = list(waiting.values_list("pk", flat=True)[:limit])
    for due_id in ids:
        make_paper(due_id, by=SYSTEM)
    return len(ids)


def _note(application: Application, fact: Fact, paper: PaperIn) -> PaperDue:
    due, _is_new = PaperDue.objects.get_or_create(
        key=f"{paper.kind.value}:{fact.pk}" + (f":{paper.part}" if paper.part else ""),
        defaults={
            "kind": paper.kind.value,
            "deal_id": application.deal_id,
            "owner_id": application.bank_id,
            "audience": sorted(set(paper.audience), key=str),
            "data": paper.data,
            "tx_hash": fact.details.get("tx_hash") or "",
        },
    )
    return due


def _papers_of(application: Application, fact: Fact) -> list[PaperIn]:
    kind = fact.name.partition(".")[0]
    if kind == "order_line":
        return _of_goods(application, fact)
    if kind == "loan":
        return _of_loan(application, Loan.objects.get(pk=fact.subject_id), fact)
    if kind == "guarantee":
        demand = GuaranteeDemand.objects.select_related("loan").get(pk=fact.subject_id)
        return _of_demand(application, demand, fact)
    payment = Payment.objects.filter(application_id=application.pk).first()
    return _of_money(application, payment, fact) if payment else []


def _of_demand(application: Application, demand: GuaranteeDemand, fact: Fact) -> list[PaperIn]:
    # One proposed before its reckoning was kept has no sums to show.
    if not demand.shown:
        return []
    is_upheld = fact.name == "guarantee.upheld"
    notice = demand_papers.upheld_notice if is_upheld else demand_papers.demand_notice
    return [notice(application, demand, fact)]


def _of_money(application: Application, payment: Payment, fact: Fact) -> list[PaperIn]:
    if fact.name == "payment.opened":
        return [contract_paper.loan_contract(application, payment, fact)]
    if fact.name == "payment.funded":
        return [paper_texts.pay_out_notice(application, payment, fact)]
    if fact.name in ("payment.released", "payment.claimed"):
        # What the payee could not receive has its receipt when it is claimed.
        is_kept = fact.details.get("is_kept")
        return [] if is_kept else [paper_texts.release_receipt(payment, fact)]
    if fact.name == "payment.returned":
        return paper_texts.return_receipts(payment, fact)
    has_receipt = fact.details["act_kind"] in paper_texts.MOVE_REASONS
    return [paper_texts.move_receipt(payment, fact)] if has_receipt else []


def _of_loan(application: Application, loan: Loan, fact: Fact) -> list[PaperIn]:
    if fact.name == "loan.drawn":
        return [paper_texts.drawdown_note(application, loan, fact)]
    if fact.name == "loan.due_soon":
        return loan_papers.notices_before(loan, fact)
    if fact.name == "loan.past_due":
        return loan_papers.letters_after(loan, fact)
    if fact.name == "loan.repaid":
        return loan_papers.repayment_notes(loan, fact)
    # A frame that went back undrawn was never a debt: there is nothing to certify.
    return [paper_texts.settlement_certificate(loan, fact)] if loan.drawn_minor else []


def _of_goods(application: Application, fact: Fact) -> list[PaperIn]:
    row = (
        ReceiptLine.objects.filter(delivery_line__order_line_id=fact.subject_id)
        .select_related("delivery_line__order_line", "delivery_line__delivery")
        .order_by("-id")
        .first()
    )
    return [paper_texts.delivery_receipt(application, row)] if row and row.value_minor else []
