"""A paper that is wanted before the worker has made it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from scf.financing.selectors.papers import list_due_papers
from scf.financing.services.issue_papers import make_paper
from scf.portals.deal.access import READERS, open_deal


@require_POST
def paper_now(request: HttpRequest, deal_id: UUID, due_id: int) -> HttpResponse:
    """Make it, then hand it out; when the worker was faster, the deal's page has it."""
    by, application = open_deal(request, deal_id, sides=READERS)
    if due_id not in {due.pk for due in list_due_papers(application, by=by)}:
        return redirect("deal", deal_id=deal_id)
    return redirect("document", document_id=make_paper(due_id, by=by).document_id)
