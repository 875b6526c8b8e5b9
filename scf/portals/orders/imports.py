"""Bringing orders in: upload, dry run with every error, confirm or give up, templates, error
file.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.core.actor import Actor
from scf.core.errors import Conflict, DomainError, NotFound, RuleBroken
from scf.documents.services import open_document
from scf.parties.models import OrganizationKind
from scf.parties.permissions import Permission
from scf.parties.selectors import list_organizations
from scf.portals.access import require_view
from scf.portals.deal.words import chip_of
from scf.portals.forms import say_at, sent
from scf.portals.lists import page_of
from scf.portals.orders.figures import amount_text
from scf.portals.orders.following import is_followed, on_to, outcome_of
from scf.portals.orders.forms import UploadForm
from scf.portals.orders.page import Difference, read_differences
from scf.portals.parts import Empty
from scf.portals.session import actor_of
from scf.trade import services
from scf.trade.importing import (
    CellError,
    FileKind,
    ImportRefused,
    error_file,
    kind_of_file,
    read_order_sheet,
    template_csv,
    template_xlsx,
)
from scf.trade.importing.columns import BY_KEY
from scf.trade.machine import MAY_BRING, ImportStatus
from scf.trade.models import ImportJob, PaperKind
from scf.trade.reading import is_paper
from scf.trade.selectors import get_import, list_imports

P = Permission
BRINGS = tuple(MAY_BRING.values())
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATES = {"xlsx": (template_xlsx, XLSX), "csv": (template_csv, "text/csv; charset=utf-8")}


@dataclass(frozen=True)
class FoundOrder:
    """An order the dry run found, in the reader's language."""

    number: str
    buyer: str
    seller: str
    lines: int
    total: str
    differences: list[Difference]
    notices: list[str]


@dataclass(frozen=True)
class WrongCell:
    """An error of the dry run: where, what was there, what is wrong and what to do."""

    row: str
    column: str
    field: str
    value: str
    wrong: str
    todo: str


def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is kept and read dry at once."""
    by = actor_of(request)
    require_view(by, *BRINGS)
    form = UploadForm(*sent(request), companies=_counterparties(by))
    if request.method == "POST" and form.is_valid():
        answer = _taken(request, form, by)
        if answer is not None:
            return answer
    context = {"form": form, "recent": _recent(by), "may_import": by.can(P.ORDER_IMPORT)}
    return render(request, "orders/upload.html", context, status=400 if form.errors else 200)


def _taken(request: HttpRequest, form: UploadForm, by: Actor) -> HttpResponse | None:
    try:
        job = _kept(form.cleaned_data, by)
    except Conflict as known:
        if known.code != "duplicate_file":
            raise
        messages.info(request, _("这个文件已经上传过，以下是当时的结果，没有重复导入"))
        return redirect("import_job", job_id=known.extra["import_id"])
    except RuleBroken as refusal:
        say_at(form, refusal, {refusal.code: "file"})
        return None
    check = services.check_import if job.kind == PaperKind.ORDER else services.check_paper
    check(job.pk, by=by)
    return redirect("import_job", job_id=job.pk)


def _kept(given: dict[str, Any], by: Actor) -> ImportJob:
    content, name = given["file"].read(), given["file"].name
    read_as = "CNY" if given["is_read_as_cny"] else ""
    if is_paper(content):
        return services.upload_paper(content, filename=name, by=by, read_as=read_as)
    return services.upload_import(
        content, filename=name, by=by, read_as=read_as, **_parties(given, by)
    )


def _parties(given: dict[str, Any], by: Actor) -> dict[str, UUID | None]:
    if not given["side"]:
        return {}
    other = "seller" if given["side"] == "buyer" else "buyer"
    return {f"{given['side']}_id": by.organization_id, f"{other}_id": UUID(given["counterparty"])}


def _counterparties(by: Actor) -> list[tuple[str, str]]:
    kinds = (OrganizationKind.ENTERPRISE, OrganizationKind.MEMBER)
    found = list_organizations(by=by).filter(kind__in=kinds).exclude(pk=by.organization_id)
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")[:500]]


def _recent(by: Actor) -> list[tuple[ImportJob, Any]]:
    return [(job, chip_of(job.status, job.status_label)) for job in list_imports(by=by)[:5]]


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """The imports of the organization, newest first."""
    by = actor_of(request)
    require_view(by, *BRINGS)
    page = page_of(list_imports(by=by), request)
    context = {
        "page": page,
        "rows": [(each, chip_of(each.status, each.status_label)) for each in page.rows],
        "empty": Empty(
            _("还没有导入"), _("上传订单文件后，这里显示每次导入的结果。"), _("导入订单"),
            reverse("import_upload"),
        ),
    }  # fmt: skip
    return render(request, "orders/imports.html", context)


@require_GET
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """What the dry run found and what stands against it; after the confirm, the orders made."""
    by = actor_of(request)
    require_view(by, *BRINGS)
    found = get_import(job_id, by=by)
    if found.kind != PaperKind.ORDER:
        return redirect("paper", job_id=job_id)
    return _job_page(request, found)


def _job_page(request: HttpRequest, found: ImportJob, *, status: int = 200) -> HttpResponse:
    is_waiting = found.status == ImportStatus.CHECKED
    context = {
        "job": found,
        "chip": chip_of(found.status, found.status_label),
        "errors": [wrong_cell(error) for error in found.errors],
        "found": [_found(each) for each in found.found],
        "orders": list(found.orders.select_related("buyer", "seller")),
        "is_sheet": found.filename.lower().endswith((".xlsx", ".csv", ".txt")),
        "may_confirm": is_waiting and not found.errors and bool(found.found),
        "may_refuse": is_waiting,
    }
    return render(request, "orders/job.html", context, status=status)


def _found(order: dict[str, Any]) -> FoundOrder:
    differences, notices = read_differences(order)
    total = order["total_minor"]
    return FoundOrder(
        number=order["number"],
        buyer=order["buyer"],
        seller=order["seller"],
        lines=order["lines"],
        total="" if total is None else amount_text(total, order["currency"]),
        differences=differences,
        notices=notices,
    )


def wrong_cell(error: dict[str, Any]) -> WrongCell:
    """An error of the dry run in the reader's language."""
    words = "zh" if str(get_language()).startswith("zh") else "en"
    return WrongCell(
        row=str(error["row"] or ""),
        column=error["column"],
        field=_column_name(error["field"], words),
        value=error["value"],
        wrong=error[words],
        todo=error[f"todo_{words}"],
    )


def _column_name(field: str, words: str) -> str:
    column = BY_KEY.get(field)
    return field if column is None else str(getattr(column, words))


@require_POST
def check(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Read the file again: a party that was missing may have joined meanwhile."""
    by = actor_of(request)
    services.check_import(get_import(job_id, by=by).pk, by=by)
    return redirect("import_job", job_id=job_id)


@require_POST
def confirm(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Create the orders of the file, all or none."""
    by = actor_of(request)
    found = get_import(job_id, by=by)
    try:
        done = services.confirm_import(found.pk, by=by)
    except (RuleBroken, Conflict) as refusal:
        messages.error(request, refusal.text())
        if is_followed(request):
            return on_to(request, "import_job", job_id)
        return _job_page(request, get_import(job_id, by=by), status=refusal.status)
    messages.success(request, _("已导入，等待卖方确认"))
    return on_to(request, *outcome_of(done))


@require_POST
def refuse(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Give the import up; the same file may be uploaded again."""
    by = actor_of(request)
    services.refuse_import(get_import(job_id, by=by).pk, by=by)
    messages.info(request, _("已放弃这次导入，可以重新上传"))
    return redirect("import_upload")


@require_GET
def errors(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The uploaded sheet with its bad cells marked; it may be corrected and uploaded again."""
    by = actor_of(request)
    found = get_import(job_id, by=by)
    _document, content = open_document(found.document_id, by=by)
    try:
        marked = _marked(content, found.errors)
    except ImportRefused as refusal:
        raise _no_error_file() from refusal
    return _download(marked, XLSX, f"errors-{found.file_hash[:8]}.xlsx")


def _marked(content: bytes, found: list[dict[str, Any]]) -> bytes:
    if kind_of_file(content) is FileKind.UBL:
        raise _no_error_file()
    reading = read_order_sheet(content)
    return error_file(replace(reading, errors=tuple(CellError(**each) for each in found)))


def _no_error_file() -> DomainError:
    return NotFound(_("这个文件没有可标注的表格"))


@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """The empty order sheet."""
    require_view(actor_of(request), P.ORDER_IMPORT)
    if kind not in TEMPLATES:
        raise NotFound(_("没有这个页面，或者您无权查看"))
    make, media_type = TEMPLATES[kind]
    return _download(make(), media_type, f"order-template.{kind}")


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
