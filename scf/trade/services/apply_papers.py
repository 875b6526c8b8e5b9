"""Doing what a checked paper says: the order confirmed or cancelled, the invoice recorded, the
shipment handed to who ships it.
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import RuleBroken
from scf.trade.describing import described_gaps
from scf.trade.importing import ImportRefused
from scf.trade.inputs import InvoiceIn
from scf.trade.machine import IMPORT_MACHINE
from scf.trade.matching import Matched, Response, Shipment, Verdict
from scf.trade.models import ImportJob
from scf.trade.papers import show_papers
from scf.trade.services.import_papers import paper_for, read_paper
from scf.trade.services.imports import refused
from scf.trade.services.invoice import record_invoice
from scf.trade.services.orders import cancel_order, confirm_order
from scf.workflow import facts


@transaction.atomic
def confirm_paper(job_id: UUID, *, by: Actor) -> ImportJob:
    """Do what a checked order response, invoice or credit note without errors says.

    Accepted confirms the order, rejected cancels it with the note as its reason. With changes the
    order stays as it is: the proposal is recorded for both sides with every difference
    (``order.change_proposed``), and they agree on a new order or confirm this one. An invoice is
    recorded. The file is read again, so nothing between check and confirm changes what is done.
    Raises NotFound, Forbidden, RuleBroken(import_has_errors, and shipment_not_here for a despatch
    advice, which ``take_shipment`` hands out), Conflict, and what the verbs raise.
    """
    job, matched = _taken(job_id, by)
    outcome = matched.outcome
    if isinstance(outcome, Response):
        _answer(matched, outcome, by)
    elif isinstance(outcome, InvoiceIn):
        record_invoice(outcome, by=by)
    else:
        raise RuleBroken(_("发货通知须按发货办理"), code="shipment_not_here")
    _finish(job, matched, by)
    return job


@transaction.atomic
def take_shipment(job_id: UUID, *, by: Actor) -> Shipment:
    """The shipment of a checked despatch advice, to be shipped in the same transaction; the import
    is confirmed by it.

    Raises NotFound, Forbidden, Conflict, RuleBroken(import_has_errors, shipment_not_here for
    another kind of paper).
    """
    job, matched = _taken(job_id, by)
    if not isinstance(matched.outcome, Shipment):
        raise RuleBroken(_("这不是发货通知"), code="shipment_not_here")
    _finish(job, matched, by)
    return matched.outcome


def _taken(job_id: UUID, by: Actor) -> tuple[ImportJob, Matched]:
    job = paper_for(job_id, by=by)
    IMPORT_MACHINE.fire(job, "paper_applied", by=by, kind=job.kind, order_id=job.about_id)
    try:
        matched = read_paper(job, by=by)
    except ImportRefused as refusal:
        raise refused(refusal) from refusal
    if job.errors or not matched.is_sound:
        raise RuleBroken(_("文件有错误，请更正后重新上传"), code="import_has_errors")
    return job, matched


def _finish(job: ImportJob, matched: Matched, by: Actor) -> None:
    show_papers(matched.order, [job.document_id], by=by)
    job.about, job.rows_done = matched.order, job.rows_total
    job.save(update_fields=["about", "rows_done"])


def _answer(matched: Matched, response: Response, by: Actor) -> None:
    order = matched.order
    if response.verdict is Verdict.ACCEPTED:
        confirm_order(order.pk, by=by)
    elif response.verdict is Verdict.REJECTED:
        cancel_order(order.pk, by=by, reason=response.reason)
    else:
        facts.record(
            "order.change_proposed",
            order,
            by=by,
            number=response.number,
            reason=response.reason,
            differences=described_gaps(matched.findings.gaps),
        )
