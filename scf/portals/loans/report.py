"""The month-end report: its sums on a page, all of it as xlsx."""

import tempfile
from datetime import date

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.loans.buckets import BUCKETS
from scf.loans.reports.lines import Month, month_lines, month_of
from scf.loans.reports.sheet import XLSX_TYPE, Heading, write_report
from scf.loans.reports.tally import tally
from scf.parties.selectors import get_organization, list_organizations
from scf.portals.access import require_lender
from scf.portals.loans.words import PRODUCTS, bucket_words, tier_chip
from scf.portals.session import actor_of
from scf.workflow import clocks


class MonthForm(forms.Form):
    """Which month: 2026-06."""

    month = forms.DateField(
        label=_("月份"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """The sums of a month; without one, of the month that runs."""
    by = actor_of(request)
    require_lender(by)
    form = MonthForm(request.GET if "month" in request.GET else None)
    given = form.cleaned_data["month"] if form.is_valid() else None
    month = month_of(_within(given or clocks.business_date()))
    counted = tally(month_lines(month, by=by))
    context = {
        "form": form if form.errors else MonthForm(initial={"month": month.first}),
        "month": month,
        "tally": counted,
        "groups": [
            (PRODUCTS.get(product, product), tier_chip(tier), sums)
            for product, tier, sums in counted.rows
        ],
        "buckets": [(bucket_words(each), counted.buckets[each.code]) for each in BUCKETS],
        "file_url": reverse("loans_report_file", args=[month.name]),
        "section": "report",
    }
    return render(request, "loans/report.html", context, status=400 if form.errors else 200)


@require_GET
def month_file(request: HttpRequest, month: str) -> FileResponse:
    """The whole report as a file. Raises NotFound for a month that has not begun."""
    by = actor_of(request)
    require_lender(by)
    form = MonthForm({"month": month})
    given = form.cleaned_data["month"] if form.is_valid() else None
    if given is None or given > clocks.business_date():
        raise NotFound(_("没有这个月份的报表"))
    return _file(month_of(given), by)


def _file(month: Month, by: Actor) -> FileResponse:
    bank = get_organization(by.organization_id) if by.organization_id else None
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_report(
        file,
        month_lines(month, by=by),
        heading=Heading(bank.name if bank else "", month, clocks.business_date()),
        borrowers=dict(list_organizations(by=by).values_list("pk", "name")),
    )
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"loans-{month.name}.xlsx",
        content_type=XLSX_TYPE,
        headers={"Cache-Control": "private, no-store"},
    )


def _within(given: date) -> date:
    return min(given, clocks.business_date())
