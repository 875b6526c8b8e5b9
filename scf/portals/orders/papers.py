"""Papers about an order that came as files: what the dry run found, and doing what they say."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden, RuleBroken
from scf.financing.services import ship_from_file
from scf.portals.access import require_view
from scf.portals.deal.words import chip_of
from scf.portals.orders.figures import amount_text
from scf.portals.orders.imports import BRINGS, wrong_cell
from scf.portals.orders.page import Difference, read_differences
from scf.portals.parts import Fact
from scf.portals.session import actor_of
from scf.trade import services
from scf.trade.machine import ImportStatus
from scf.trade.models import ImportJob, PaperKind
from scf.trade.selectors import get_paper


@dataclass(frozen=True)
class PaperRow:
    """A line that would be shipped or invoiced, with its figures as texts."""

    line: str
    name: str
    quantity: str
    amount: str


@dataclass(frozen=True)
class FoundPaper:
    """What the dry run found, in the reader's language."""

    action: str
    facts: list[Fact]
    rows: list[PaperRow]
    differences: list[Difference]
    notices: list[str]


@require_GET
def paper(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """A paper beside its order: what would be done, every error, difference and notice."""
    by = actor_of(request)
    require_view(by, *BRINGS)
    return _page(request, get_paper(job_id, by=by))


def _page(request: HttpRequest, job: ImportJob, *, status: int = 200) -> HttpResponse:
    is_waiting = job.status == ImportStatus.CHECKED
    context = {
        "job": job,
        "order": job.about,
        "chip": chip_of(job.status, job.status_label),
        "errors": [wrong_cell(error) for error in job.errors],
        "found": _found(job.found[0]) if job.found else None,
        "may_confirm": is_waiting and not job.errors and bool(job.found),
        "may_refuse": is_waiting,
    }
    return render(request, "orders/paper.html", context, status=status)


def _found(given: dict[str, Any]) -> FoundPaper:
    words = "zh" if str(get_language()).startswith("zh") else "en"
    differences, notices = read_differences(given)
    return FoundPaper(
        action=given["action"][words],
        facts=[*_whole(given), *(Fact(one[words], one["value"]) for one in given["facts"])],
        rows=[_row(each, given["currency"]) for each in given["rows"]],
        differences=differences,
        notices=notices,
    )


def _whole(given: dict[str, Any]) -> list[Fact]:
    facts = [
        Fact(_("单据编号"), given["number"], is_mono=True),
        Fact(_("买方"), given["buyer"]),
        Fact(_("卖方"), given["seller"]),
    ]
    if given["total_minor"] is not None:
        facts.append(Fact(_("价税合计"), amount_text(given["total_minor"], given["currency"])))
    return facts


def _row(given: dict[str, Any], currency: str) -> PaperRow:
    amount = given["amount_minor"]
    return PaperRow(
        line="" if given["line"] is None else str(given["line"]),
        name=given["name"],
        quantity=f"{given['quantity']} {given['unit']}".strip(),
        amount="" if amount is None else amount_text(amount, currency),
    )


@require_POST
def check(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Read the paper again: its order may have come in meanwhile."""
    by = actor_of(request)
    services.check_paper(get_paper(job_id, by=by).pk, by=by)
    return redirect("paper", job_id=job_id)


@require_POST
def confirm(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Do what the paper says; a despatch advice ships through the financing of its lines."""
    by = actor_of(request)
    job = get_paper(job_id, by=by)
    try:
        _do(job, by)
    except (RuleBroken, Conflict, Forbidden) as refusal:
        messages.error(request, refusal.text())
        return _page(request, get_paper(job_id, by=by), status=refusal.status)
    messages.success(request, _("已按单据办理"))
    done = get_paper(job_id, by=by)
    if done.about_id is None:
        return redirect("paper", job_id=job_id)
    return redirect("order", order_id=done.about_id)


def _do(job: ImportJob, by: Actor) -> None:
    if job.kind == PaperKind.DESPATCH_ADVICE:
        ship_from_file(job.pk, by=by)
    else:
        services.confirm_paper(job.pk, by=by)


@require_POST
def refuse(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Give the paper up; the same file may be uploaded again."""
    by = actor_of(request)
    services.refuse_paper(get_paper(job_id, by=by).pk, by=by)
    messages.info(request, _("已放弃这次导入，可以重新上传"))
    return redirect("import_upload")
