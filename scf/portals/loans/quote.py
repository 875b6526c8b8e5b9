"""The quote slider: so many days early, what I pay that day, what I save, the rate really paid.

Every figure is the server's: moving the slider asks for the day's, and without scripts the form
asks for a date.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.core.money import PPM
from scf.loans.machine import RUNNING
from scf.loans.models import Loan
from scf.loans.reading import open_day_of, quote_early
from scf.loans.selectors import get_loan
from scf.parties.permissions import Permission
from scf.portals.access import require_view
from scf.portals.forms import DateInput
from scf.portals.loans.page import application_of, fees_of
from scf.portals.loans.words import claims_of
from scf.portals.parts import Words
from scf.portals.session import actor_of

LATE_DAYS = 30  # how far ahead one may look once the last due date has passed


@dataclass(frozen=True)
class QuoteView:
    """The quote of a day in words; ``most_early`` days lie between today and maturity."""

    on: date
    first: date
    last: date
    days_early: int
    most_early: int
    total_minor: int
    claims: list[tuple[Words, int]]
    before_minor: int
    saved_minor: int
    more_minor: int
    rate_ppm: int | None
    xirr_ppm: int | None
    cost_minor: int | None
    is_today: bool


class QuoteForm(forms.Form):
    """A date, or a number of days before maturity; ``was`` is the date shown before.

    Sent without scripts both come: then the one that was changed counts.
    """

    on = forms.DateField(required=False, widget=DateInput())
    early = forms.IntegerField(required=False, min_value=0, max_value=36_500)
    was = forms.DateField(required=False)

    def day(self, maturity: date) -> date | None:
        """The day asked for; None when nothing sensible was."""
        given = self.cleaned_data
        typed, early = given.get("on"), given.get("early")
        if typed and typed != given.get("was"):
            return date(typed.year, typed.month, typed.day)
        if early is not None:
            return maturity - timedelta(days=early)
        return typed


def quote_of(loan: Loan, request: HttpRequest, *, by: Actor) -> QuoteView | None:
    """The quote of the day the address asks for, today's without one; None when nothing is owed."""
    if loan.status not in RUNNING or not loan.principal_minor:
        return None
    form = QuoteForm(request.GET)
    form.is_valid()
    today, maturity = open_day_of(loan), loan.matures_on
    last = maturity if maturity > today else today + timedelta(days=LATE_DAYS)
    day = min(max(form.day(maturity) or today, today), last)
    found = quote_early(loan, on=day, fees=fees_of(application_of(loan, by=by)))
    used = found.used
    return QuoteView(
        on=day,
        first=today,
        last=last,
        days_early=found.days_early,
        most_early=max(0, (maturity - today).days),
        total_minor=found.settlement.total_minor,
        claims=claims_of(found.settlement),
        before_minor=found.before_minor,
        saved_minor=max(0, found.saved_minor),
        more_minor=max(0, -found.saved_minor),
        rate_ppm=_ppm(used.simple_360) if used else None,
        xirr_ppm=_ppm(used.xirr) if used else None,
        cost_minor=used.cost_minor if used else None,
        is_today=day == today,
    )


@require_GET
def quote(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """The part of the page that follows the slider; the other input is set to the same day."""
    by = actor_of(request)
    require_view(by, Permission.LOAN_VIEW)
    loan = get_loan(loan_id, by=by)
    found = quote_of(loan, request, by=by)
    if found is None:
        raise NotFound(_("没有这个页面，或者您无权查看"))
    asked = "early" if "early" in request.GET else "on"
    context = {"quote": found, "loan": loan, "follows": "on" if asked == "early" else "early"}
    return render(request, "loans/quote_answer.html", context)


def _ppm(rate: Decimal) -> int:
    return int(rate * PPM)
