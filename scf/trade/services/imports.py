"""Bringing orders in from a file: upload, dry run, confirm or refuse. Nothing is an order
before.
"""

from dataclasses import asdict
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, DomainError, NotFound, RuleBroken
from scf.documents.services import open_document, store_document
from scf.parties.permissions import Permission
from scf.trade.access import require
from scf.trade.importing import CellError, ImportRefused, kind_of_file
from scf.trade.inputs import OrderIn
from scf.trade.machine import IMPORT_MACHINE, ImportStatus
from scf.trade.models import ImportJob, Order, PaperKind
from scf.trade.progress import Progress
from scf.trade.reading import Reading, described, numbers_taken, orders_in, read_file
from scf.trade.services.orders import create_order
from scf.workflow import facts

MAX_ERRORS = 500


@transaction.atomic
def upload_import(
    content: bytes,
    *,
    filename: str,
    by: Actor,
    buyer_id: UUID | None = None,
    seller_id: UUID | None = None,
    read_as: str = "",
) -> ImportJob:
    """Keep an order file (UBL XML, xlsx or csv) as a document, to be checked next.

    ``buyer_id`` and ``seller_id`` say who the parties are where the file's codes do not;
    ``read_as`` relabels its currency. Raises Forbidden without ``order:import``, NotFound when
    the actor is neither party, RuleBroken(import_refused, file_…), Conflict(duplicate_file) with
    the ``import_id`` of the same file's first import.
    """
    require(by, Permission.ORDER_IMPORT)
    organization_id = _uploader(by, buyer_id, seller_id)
    try:
        kind_of_file(content)
    except ImportRefused as refusal:
        raise refused(refusal) from refusal
    job = ImportJob(
        organization_id=organization_id, buyer_id=buyer_id, seller_id=seller_id, read_as=read_as
    )
    return keep_upload(content, filename=filename, job=job, purpose="order_import", by=by)


def keep_upload(
    content: bytes, *, filename: str, job: ImportJob, purpose: str, by: Actor
) -> ImportJob:
    """Store the file and the job that will read it; a file the organization brought before is a
    Conflict(duplicate_file) with its ``import_id``.
    """
    job.file_hash = sha256(content).hexdigest()
    _refuse_known(job.organization_id, job.file_hash)
    document = store_document(
        content, name=filename, by=by, owner_id=job.organization_id, purpose=purpose
    )
    job.filename, job.document_id, job.status = document.name, document.pk, ImportStatus.UPLOADED
    _insert(job)
    facts.record("import_job.uploaded", job, by=by, filename=job.filename, file_hash=job.file_hash)
    return job


def _uploader(by: Actor, buyer_id: UUID | None, seller_id: UUID | None) -> UUID:
    # The system brings a file in for the buyer; a person for the own organization, one of the two.
    uploader = by.organization_id or buyer_id
    named = {buyer_id, seller_id} - {None}
    if uploader is None or (named and uploader not in named):
        raise NotFound(_("您不是这张订单的买方或卖方"))
    return uploader


def refused(refusal: ImportRefused) -> RuleBroken:
    """The reader's refusal as this product raises it: Chinese first, then English, and its
    reason.
    """
    return RuleBroken(
        _("文件不能导入：%(zh)s（%(en)s）"),
        code="import_refused",
        reason=refusal.code,
        zh=refusal.zh,
        en=refusal.en,
        where=refusal.where,
    )


def _refuse_known(organization_id: UUID, file_hash: str) -> None:
    rows = ImportJob.objects.filter(organization_id=organization_id, file_hash=file_hash)
    known = rows.exclude(status=ImportStatus.REFUSED).first()
    if known is not None:
        raise Conflict(
            _("这个文件已经上传过：%(filename)s"),
            code="duplicate_file",
            import_id=str(known.pk),
            filename=known.filename,
        )


def _insert(job: ImportJob) -> None:
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError as clash:
        if "import_file_once" not in str(clash):
            raise
        _refuse_known(job.organization_id, job.file_hash)
        raise


@transaction.atomic
def check_import(job_id: UUID, *, by: Actor) -> ImportJob:
    """Dry run: read the file, list every error by row and column and every order found; change
    nothing else. May be repeated.

    A file that cannot be taken at all becomes one error without a row. Raises NotFound,
    Forbidden, Conflict once it is confirmed or refused.
    """
    job = _job_for(job_id, by)
    _document, content = open_document(job.document_id, by=by)
    try:
        reading = read_file(content, read_as=job.read_as or None)
    except ImportRefused as refusal:
        reading = Reading(orders=(), errors=(as_error(refusal),), rows=1)
    prepared, strangers = orders_in(reading, job=job)
    wrong = (*reading.errors, *strangers, *numbers_taken(prepared, reading))
    job.errors = [asdict(each) for each in wrong][:MAX_ERRORS]
    job.found = [described(each) for each in reading.orders]
    job.rows_total, job.rows_done = reading.rows, 0
    job.save(update_fields=["errors", "found", "rows_total", "rows_done"])
    counts = {"orders": len(prepared), "errors": len(job.errors)}
    IMPORT_MACHINE.fire(job, "checked", by=by, **counts)
    return job


def as_error(refusal: ImportRefused) -> CellError:
    """A file refused whole, as the one error of its dry run."""
    return CellError(
        row=0,
        column="",
        field=refusal.where,
        code=refusal.code,
        zh=refusal.zh,
        en=refusal.en,
        todo_zh="请更正文件后重新上传",
        todo_en="correct the file and upload it again",
    )


@transaction.atomic
def confirm_import(job_id: UUID, *, by: Actor) -> ImportJob:
    """Create every order of a checked file without errors, all or none; ``job.orders`` are theirs.

    The file is read again, so nothing between check and confirm can change what is created; how far
    it has come is told by ``scf.trade.progress``. Raises NotFound, Forbidden,
    RuleBroken(import_has_errors), Conflict(duplicate_order, wrong_state).
    """
    job = _job_for(job_id, by)
    IMPORT_MACHINE.fire(job, "confirmed", by=by)
    with Progress(job.pk, total=job.rows_total) as progress:
        for given in _sound_orders(job, by):
            create_order(given, by=by, told=progress.tell)
    job.rows_done = job.rows_total
    job.save(update_fields=["rows_done"])
    return job


def _sound_orders(job: ImportJob, by: Actor) -> list[OrderIn]:
    _document, content = open_document(job.document_id, by=by)
    try:
        reading = read_file(content, read_as=job.read_as or None)
    except ImportRefused as refusal:
        raise refused(refusal) from refusal
    prepared, strangers = orders_in(reading, job=job)
    if job.errors or reading.errors or strangers or not prepared:
        raise RuleBroken(_("文件有错误，请更正后重新上传"), code="import_has_errors")
    return prepared


@transaction.atomic
def refuse_import(job_id: UUID, *, by: Actor, reason: str = "") -> ImportJob:
    """Give the import up; the same file may then be uploaded again. Raises NotFound, Forbidden,
    Conflict.
    """
    job = _job_for(job_id, by)
    IMPORT_MACHINE.fire(job, "refused", by=by, reason=reason)
    return job


@transaction.atomic
def import_order(
    content: bytes,
    *,
    filename: str,
    by: Actor,
    buyer_id: UUID | None = None,
    seller_id: UUID | None = None,
    read_as: str = "",
) -> Order:
    """Upload, check and confirm a file with one order in one act, all or nothing; returns the
    order.

    Raises what the three raise; RuleBroken(import_has_errors) carries the first error's words.
    """
    job = upload_import(
        content, filename=filename, by=by, buyer_id=buyer_id, seller_id=seller_id, read_as=read_as
    )
    check_import(job.pk, by=by)
    job.refresh_from_db()
    if job.errors:
        first = job.errors[0]
        raise _with_words(first)
    confirm_import(job.pk, by=by)
    order: Order = job.orders.get()
    return order


def _with_words(error: dict[str, str]) -> DomainError:
    return RuleBroken(
        _("文件有错误：%(zh)s（%(en)s）"),
        code="import_has_errors",
        reason=error["code"],
        zh=error["zh"],
        en=error["en"],
    )


def _job_for(job_id: UUID, by: Actor) -> ImportJob:
    # A paper about an order has verbs of its own.
    rows = ImportJob.objects.visible_to(by).filter(kind=PaperKind.ORDER)
    job: ImportJob | None = rows.select_for_update(no_key=True).filter(pk=job_id).first()
    if job is None:
        raise NotFound(_("没有这次导入"))
    return job
