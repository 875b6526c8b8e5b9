"""An import followed while it is being written: the bar, and where its page goes at the end."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from scf.portals.access import require_view
from scf.portals.session import actor_of
from scf.trade.machine import MAY_BRING, ImportStatus
from scf.trade.models import ImportJob
from scf.trade.progress import rows_written
from scf.trade.selectors import get_import


@require_GET
def progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The bar while somebody writes this import; nothing before; when it is done, on to where who
    confirmed it goes too, whichever of the two comes first.
    """
    by = actor_of(request)
    require_view(by, *MAY_BRING.values())
    job = get_import(job_id, by=by)
    if job.status != ImportStatus.CHECKED:
        return on_to(request, *outcome_of(job))
    written = rows_written(job.pk)
    if written is None:
        return HttpResponse(status=204)
    return render(request, "orders/progress.html", {"job": job, "written": written})


def outcome_of(job: ImportJob) -> tuple[str, UUID]:
    """The page that shows what came of an import: its order when it made one alone, else itself."""
    made = list(job.orders.values_list("pk", flat=True)[:2])
    return ("order", made[0]) if len(made) == 1 else ("import_job", job.pk)


def is_followed(request: HttpRequest) -> bool:
    """Whether the page that sent the form stays and follows."""
    return bool(request.headers.get("HX-Request"))


def on_to(request: HttpRequest, name: str, thing_id: UUID) -> HttpResponse:
    """To the page of a thing, from a page that follows as from one without scripts."""
    if is_followed(request):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(name, args=[thing_id])})
    return redirect(name, thing_id)
