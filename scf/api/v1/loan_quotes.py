"""What settling a loan on a day costs, saves, and means as a rate a year."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from scf.api.door import Shown
from scf.api.fields import Fen, Strict
from scf.api.v1.loans import QuoteOut
from scf.core.actor import Actor
from scf.core.errors import NotFound, RuleBroken
from scf.core.money import PPM
from scf.financing.selectors import get_application
from scf.loans.models import Loan
from scf.loans.offer import Fee
from scf.loans.reading import fees_shown, open_day_of, quote_early
from scf.loans.selectors import get_loan
from scf.parties.permissions import Permission

AHEAD = timedelta(days=366)  # how long after maturity one may look


class QuoteQuery(Strict):
    """The day; the open bank day without one."""

    on = serializers.DateField(required=False)


class EarlyQuoteOut(serializers.Serializer[Any]):
    """What settles the loan whole on a day, rows that fall due before it paid on their due dates.

    ``saved_minor`` is less than paying by the plan; below zero, more than settling today. Rates are
    ppm a year on principal really held, null where none was.
    """

    on = serializers.DateField()
    days_early = serializers.IntegerField()
    settlement = QuoteOut()
    before_minor = Fen()
    saved_minor = serializers.IntegerField()
    annual_rate_simple_ppm = serializers.IntegerField(allow_null=True)
    annual_rate_xirr_ppm = serializers.IntegerField(allow_null=True)


class QuoteLoan(Shown):
    """What settling the loan on a day would cost; nothing moves."""

    reads, reading, gives = Permission.LOAN_VIEW, "quoteLoan", EarlyQuoteOut
    asks = QuoteQuery

    def get(self, request: Request, **ids: Any) -> Response:
        """Reckon it and write it."""
        by = self.reader(request)
        given = self.asked(request)
        return Response(self.gives(_quote(ids["loan_id"], given.get("on"), by)).data)


def _quote(loan_id: UUID, on: Any, by: Actor) -> dict[str, Any]:
    loan = get_loan(loan_id, by=by)
    today = open_day_of(loan)
    day = on or today
    if day < today:
        raise RuleBroken(_("日期不能早于今天"), code="day_is_past")
    if day > max(today, loan.matures_on) + AHEAD:
        raise serializers.ValidationError({"on": [_("日期过远")]})
    found = quote_early(loan, on=day, fees=_fees(loan, by))
    return {
        "on": found.on,
        "days_early": found.days_early,
        "settlement": found.settlement,
        "before_minor": found.before_minor,
        "saved_minor": found.saved_minor,
        "annual_rate_simple_ppm": _ppm(found.used.simple_360) if found.used else None,
        "annual_rate_xirr_ppm": _ppm(found.used.xirr) if found.used else None,
    }


def _fees(loan: Loan, by: Actor) -> list[Fee]:
    if not by.can(Permission.APPLICATION_VIEW):
        return []
    try:
        return fees_shown(get_application(loan.application_id, by=by).quote)
    except NotFound:
        return []


def _ppm(rate: Decimal) -> int:
    return int(rate * PPM)
