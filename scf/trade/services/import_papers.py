"""Bringing in a paper about an order: upload, dry run, give up. Doing what it says is in
``apply_papers``.
"""

from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.documents.services import open_document
from scf.trade.access import require
from scf.trade.describing import described_paper
from scf.trade.importing import DocumentKind, ImportRefused, kind_of_ubl
from scf.trade.machine import IMPORT_MACHINE, MAY_BRING
from scf.trade.matching import Matched, match_paper
from scf.trade.models import ImportJob, PaperKind
from scf.trade.services.imports import MAX_ERRORS, as_error, keep_upload, refused


@transaction.atomic
def upload_paper(content: bytes, *, filename: str, by: Actor, read_as: str = "") -> ImportJob:
    """Keep a UBL order response, despatch advice, invoice or credit note, to be checked next.

    The kind is told by the content; ``read_as`` relabels its currency. Raises
    RuleBroken(import_refused, file_…), Forbidden without the permission to do what such a paper
    says, NotFound for an actor of no organization, Conflict(duplicate_file) with the ``import_id``
    of the same file's first import.
    """
    kind = _kind_of(content)
    require(by, MAY_BRING[kind])
    if by.organization_id is None:
        raise NotFound(_("单据须由订单的买方或卖方上传"))
    job = ImportJob(organization_id=by.organization_id, kind=kind, read_as=read_as)
    return keep_upload(content, filename=filename, job=job, purpose=kind.value, by=by)


def _kind_of(content: bytes) -> PaperKind:
    try:
        kind = kind_of_ubl(content)
        if kind is DocumentKind.ORDER:
            raise ImportRefused(
                "wrong_document",
                "这是订单，请按订单导入",
                "this is an order; import it as one",
            )
    except ImportRefused as refusal:
        raise refused(refusal) from refusal
    return PaperKind(kind.value)


@transaction.atomic
def check_paper(job_id: UUID, *, by: Actor) -> ImportJob:
    """Dry run: find the order and its lines, list every error by line and element, every
    difference and what would be done; change nothing else. May be repeated.

    Raises NotFound, Forbidden, Conflict once it is confirmed or refused.
    """
    job = paper_for(job_id, by=by)
    try:
        matched = read_paper(job, by=by)
    except ImportRefused as refusal:
        _refuse_whole(job, refusal)
    else:
        job.about = matched.order
        job.errors = [asdict(each) for each in matched.findings.errors][:MAX_ERRORS]
        job.found = [described_paper(matched)]
        job.rows_total = max(len(matched.document.lines), 1)
    job.rows_done = 0
    job.save(update_fields=["about", "errors", "found", "rows_total", "rows_done"])
    IMPORT_MACHINE.fire(job, "paper_checked", by=by, kind=job.kind, errors=len(job.errors))
    return job


def _refuse_whole(job: ImportJob, refusal: ImportRefused) -> None:
    job.about = None
    job.errors = [asdict(as_error(refusal))]
    job.found, job.rows_total = [], 1


@transaction.atomic
def refuse_paper(job_id: UUID, *, by: Actor, reason: str = "") -> ImportJob:
    """Give the paper up; the same file may then be uploaded again. Raises NotFound, Forbidden,
    Conflict.
    """
    job = paper_for(job_id, by=by)
    IMPORT_MACHINE.fire(job, "paper_refused", by=by, reason=reason)
    return job


def paper_for(job_id: UUID, *, by: Actor) -> ImportJob:
    """The paper's job, locked. Raises NotFound, also for an import of orders, and Forbidden."""
    rows = ImportJob.objects.visible_to(by).exclude(kind=PaperKind.ORDER)
    job: ImportJob | None = rows.select_for_update(no_key=True).filter(pk=job_id).first()
    if job is None:
        raise NotFound(_("没有这次导入"))
    require(by, MAY_BRING[PaperKind(job.kind)])
    return job


def read_paper(job: ImportJob, *, by: Actor) -> Matched:
    """The job's file, matched to its order. Raises ImportRefused."""
    _document, content = open_document(job.document_id, by=by)
    return match_paper(content, job=job, by=by)
