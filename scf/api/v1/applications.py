"""Applications for financing: list, look, submit, and every decision on one of them."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scf.api.door import Listed, Question, Shown, Verb
from scf.api.fields import Fen, Strict, Text
from scf.api.pages import PageQuery
from scf.api.v1.actions import ActionOut, Way, actions_of
from scf.core.actor import Actor
from scf.financing import selectors, services
from scf.financing.access import content_hash
from scf.financing.lenders import lenders_of
from scf.financing.machine import S
from scf.financing.models import Application
from scf.financing.services import ApplicationIn
from scf.financing.services.preview import preview_application
from scf.parties.permissions import Permission

STATUSES = tuple(S.values)
WAYS = {
    "submitted": Way("resubmit", "buyer"),
    "withdrawn": Way("withdraw", "buyer"),
    "recommended": Way("recommend", "bank"),
    "returned": Way("return", "bank"),
    "sent_back": Way("send-back", "bank"),
    "rejected": Way("reject", "bank"),
    "approved": Way("approve", "bank", needs_step_up=True),
    "paid_out": Way("pay-out", "bank", needs_step_up=True),
    "cancelled": Way("cancel", "bank", needs_step_up=True),
}

LENDING_WAYS = {
    "given": Way("lend", "partner", needs_step_up=True),
    "refused": Way("not-lend", "partner"),
}


class NewApplication(Strict):
    """What the buyer asks for. Without ``own_funds_minor`` it is the programme's smallest share."""

    programme_id = serializers.UUIDField()
    order_line_ids = serializers.ListField(
        child=serializers.UUIDField(), allow_empty=False, max_length=5000
    )
    matures_on = serializers.DateField()
    funding_planned_on = serializers.DateField(default=None, allow_null=True)
    expires_on = serializers.DateField(default=None, allow_null=True)
    own_funds_minor = Fen(default=None, allow_null=True)
    purpose = Text(max_length=300, default="", allow_blank=True)


class ApplicationSummaryOut(serializers.Serializer[Any]):
    """An application in a list; amounts in fen."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    deal_id = serializers.UUIDField()
    order_id = serializers.UUIDField()
    bank_id = serializers.UUIDField()
    enterprise_id = serializers.UUIDField()
    buyer_id = serializers.UUIDField()
    seller_id = serializers.UUIDField()
    programme_id = serializers.UUIDField()
    currency = serializers.CharField(source="order.currency")
    total_minor = Fen()
    own_funds_minor = Fen()
    loan_minor = Fen()
    funding_planned_on = serializers.DateField()
    matures_on = serializers.DateField()
    expires_on = serializers.DateField()
    due_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class LenderOut(serializers.Serializer[Any]):
    """A bank with its share of a joint loan, in ppm and in fen of the whole loan."""

    bank_id = serializers.UUIDField()
    ppm = serializers.IntegerField()
    amount_minor = Fen()
    is_of_record = serializers.BooleanField()


class ApplicationLineOut(serializers.Serializer[Any]):
    """A financed line and the most that may be paid for it."""

    order_line_id = serializers.UUIDField()
    cap_minor = Fen()


class CheckOut(serializers.Serializer[Any]):
    """One automatic check of the last round at submit."""

    code = serializers.CharField()
    is_passed = serializers.BooleanField()
    checked_at = serializers.DateTimeField()


class ApplicationOut(ApplicationSummaryOut):
    """An application whole. ``quote`` and ``lenders`` are for the buyer and who lends; ``seen`` and
    ``opinion`` for who lends; ``checks`` are the bank's.
    """

    purpose = serializers.CharField()
    reason_codes = serializers.ListField(child=serializers.CharField())
    lines = ApplicationLineOut(many=True, source="lines.all")
    quote = serializers.SerializerMethodField()
    opinion = serializers.SerializerMethodField()
    seen = serializers.SerializerMethodField()
    checks = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()
    lenders = serializers.SerializerMethodField()

    def get_quote(self, application: Application) -> dict[str, Any] | None:
        """Schedule, fees and the rates the law asks for (K23)."""
        is_told = self._lends(application) or self._is(application.buyer_id)
        return dict(application.quote) if is_told else None

    def get_opinion(self, application: Application) -> str | None:
        """The reviewer's opinion."""
        return application.opinion if self._lends(application) else None

    def get_seen(self, application: Application) -> str | None:
        """The hash of what a decision is made on; ``recommend``, ``approve`` and ``lend`` send it
        back.
        """
        return content_hash(application) if self._lends(application) else None

    @extend_schema_field(CheckOut(many=True))
    def get_checks(self, application: Application) -> Any:
        """The checks at submit, for the bank."""
        if not self._is(application.bank_id):
            return []
        rows = selectors.list_checks(application.pk, stage="submit", by=self.context["by"])
        return CheckOut(rows, many=True).data

    @extend_schema_field(ActionOut(many=True))
    def get_actions(self, application: Application) -> Any:
        """From the application's machine."""
        address, by = reverse("application", args=[application.pk]), self.context["by"]
        own = application.lender_approvals.filter(bank_id=by.organization_id).first()
        asked = own if own and application.status == S.APPROVED else None
        return [
            *actions_of(application, WAYS, address=address, by=by),
            *(actions_of(asked, LENDING_WAYS, address=address, by=by) if asked else ()),
        ]

    @extend_schema_field(LenderOut(many=True))
    def get_lenders(self, application: Application) -> Any:
        """Who lends a joint loan, for its lenders and its borrower; empty for one bank."""
        if not (self._lends(application) or self._is(application.buyer_id)):
            return []
        return LenderOut(lenders_of(application), many=True).data

    def _lends(self, application: Application) -> bool:
        lenders = (application.bank_id, *application.partner_ids)
        return self.context["by"].organization_id in lenders

    def _is(self, organization_id: UUID) -> bool:
        return bool(self.context["by"].organization_id == organization_id)


class PreviewOut(serializers.Serializer[Any]):
    """What submitting would keep, and whether the limits allow it today; amounts in fen."""

    total_minor = Fen()
    own_funds_minor = Fen()
    loan_minor = Fen()
    deposit_minor = Fen()
    funding_planned_on = serializers.DateField()
    matures_on = serializers.DateField()
    expires_on = serializers.DateField()
    days = serializers.IntegerField()
    quote = serializers.DictField()
    available_minor = Fen()
    is_within_limit = serializers.BooleanField()


class ApplicationQuery(PageQuery):
    """Filters of the list."""

    status = serializers.ChoiceField(choices=STATUSES, required=False)
    search = serializers.CharField(max_length=80, required=False)


class Applications(Listed, Verb):
    """The applications in which the organization is buyer, seller or bank; a new one."""

    reads = Permission.APPLICATION_VIEW
    reading, writing = "listApplications", "submitApplication"
    asks, lists = ApplicationQuery, ApplicationSummaryOut
    takes, gives, answers = NewApplication, ApplicationOut, 201

    def rows(self, given: dict[str, Any], *, by: Actor) -> Any:
        return selectors.list_applications(by=by, **given)

    def act(self, given: dict[str, Any], *, by: Actor, **_ids: Any) -> Application:
        lines = tuple(given.pop("order_line_ids"))
        return services.submit_application(ApplicationIn(order_line_ids=lines, **given), by=by)


class PreviewApplication(Question):
    """The figures and the quote of an application nobody submitted: nothing is kept."""

    takes, gives = NewApplication, PreviewOut

    def reply(self, given: dict[str, Any], *, by: Actor) -> dict[str, Any]:
        lines = tuple(given.pop("order_line_ids"))
        return preview_application(ApplicationIn(order_line_ids=lines, **given), by=by)


class OneApplication(Shown):
    """One application."""

    reads, reading, gives = Permission.APPLICATION_VIEW, "getApplication", ApplicationOut

    def find(self, *, by: Actor, **ids: UUID) -> Application:
        return selectors.get_application(ids["application_id"], by=by)
