"""A partner bank's decision about its share of a joint loan (联合贷)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from scf.financing import services
from scf.portals.deal.access import open_deal
from scf.portals.deal.forms import ApprovalForm, NotLendForm
from scf.portals.deal.views import review_page


@require_POST
def lend(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Approve the bank's own share of exactly what is shown."""
    by, application = open_deal(request, deal_id, sides=("partner",))
    form = ApprovalForm(request.POST, prefix="lend")
    if not form.is_valid():
        return review_page(request, application, by, lend_form=form)
    services.approve_as_lender(application.pk, by=by, **form.cleaned_data)
    messages.success(request, _("已批准贵行出资份额"))
    return redirect("deal", deal_id=deal_id)


@require_POST
def not_lend(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The bank does not lend its share: the financing ends."""
    by, application = open_deal(request, deal_id, sides=("partner",))
    form = NotLendForm(request.POST, prefix="not_lend")
    if not form.is_valid():
        return review_page(request, application, by, not_lend_form=form)
    services.refuse_as_lender(application.pk, by=by, reason=form.cleaned_data["reason"])
    messages.success(request, _("贵行未批准出资，融资已取消"))
    return redirect("deal", deal_id=deal_id)
