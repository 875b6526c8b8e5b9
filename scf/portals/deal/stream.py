"""What is new on a deal since a fact: the page asks every few seconds and swaps its live part."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from scf.portals.deal.access import READERS, open_deal
from scf.workflow.selectors import timeline


@require_GET
def facts_since(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """204 while nothing happened after ``?after=ID``; else the page is told to take its live
    part.
    """
    by, _application = open_deal(request, deal_id, sides=READERS, needs="")
    after = request.GET.get("after", "0")
    known = int(after) if after.isdigit() else 0
    happened = timeline(deal_id, by=by)
    if not happened or happened[-1].pk <= known:
        return HttpResponse(status=204)
    return HttpResponse(status=204, headers={"HX-Trigger": "deal-changed"})
