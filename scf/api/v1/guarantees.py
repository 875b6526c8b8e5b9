"""Demands on a core enterprise under its recourse, as its bank and that enterprise see them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scf.api.door import Listed, Shown, Verb
from scf.api.fields import Fen, Strict, Text
from scf.api.pages import PageQuery
from scf.api.v1.actions import ActionOut, Way, actions_of
from scf.api.v1.payments import Payment, PaymentOut
from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.loans import services
from scf.loans.decided import get_demand, list_demands
from scf.loans.guarantee_rows import Recourse
from scf.loans.machine import GuaranteeStatus
from scf.loans.models import GuaranteeDemand
from scf.loans.services import DemandIn
from scf.parties.permissions import Permission

STATUSES = tuple(GuaranteeStatus.values)
WAYS = {
    "demanded": Way("approve", "bank", needs_step_up=True),
    "refused": Way("refuse", "bank"),
    "declined": Way("decline", "anchor"),
    "upheld": Way("uphold", "bank"),
    "withdrawn": Way("withdraw", "bank"),
}


class OwedOut(serializers.Serializer[Any]):
    """What settled the loan on the day the demand was proposed, by claim; ``undelivered_minor`` is
    the loan's part of what the escrow paid for goods that never came.
    """

    on = serializers.DateField()
    costs_minor = Fen()
    penalty_minor = Fen()
    compound_minor = Fen()
    interest_minor = Fen()
    principal_minor = Fen()
    total_minor = Fen()
    undelivered_minor = Fen(default=0)


class GuaranteePaymentOut(serializers.Serializer[Any]):
    """What the core enterprise paid, and what of it it may claim from the borrower."""

    on = serializers.DateField()
    amount_minor = Fen()
    claim_minor = Fen()
    tx_hash = serializers.CharField(allow_blank=True)


class GuaranteeOut(serializers.Serializer[Any]):
    """A demand: how much, on what ground, why, by when, and how much of it is paid."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=STATUSES)
    loan_id = serializers.UUIDField()
    loan_number = serializers.CharField(source="loan.number")
    deal_id = serializers.UUIDField()
    application_id = serializers.UUIDField(source="loan.application_id")
    bank_id = serializers.UUIDField(source="loan.bank_id")
    buyer_id = serializers.UUIDField(source="loan.buyer_id")
    anchor_id = serializers.UUIDField()
    ground = serializers.ChoiceField(choices=tuple(Recourse.values))
    currency = serializers.SerializerMethodField()
    amount_minor = Fen()
    paid_minor = Fen()
    left_minor = Fen()
    reason = serializers.CharField()
    answer = serializers.CharField(allow_blank=True)
    pay_by = serializers.DateField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    turn_party = serializers.UUIDField(allow_null=True)
    owed = serializers.SerializerMethodField()
    payments = GuaranteePaymentOut(many=True, source="payments.all")
    actions = serializers.SerializerMethodField()

    def get_currency(self, _demand: GuaranteeDemand) -> str:
        """Loans are in yuan."""
        return "CNY"

    @extend_schema_field(OwedOut(allow_null=True))
    def get_owed(self, demand: GuaranteeDemand) -> Any:
        """Null for a demand from before this was kept."""
        return OwedOut(demand.shown).data if demand.shown else None

    @extend_schema_field(ActionOut(many=True))
    def get_actions(self, demand: GuaranteeDemand) -> Any:
        """What this key's person could do now."""
        by: Actor = self.context["by"]
        address = f"/api/v1/guarantees/{demand.pk}"
        found = actions_of(demand, WAYS, address=address, by=by)
        is_asked = demand.anchor_id == by.organization_id and by.can(Permission.LOAN_REPAY)
        if is_asked and demand.status == GuaranteeStatus.DEMANDED:
            found.append({"name": "pay", "href": f"{address}/pay", "needs_step_up": True})
        return found


class NewGuarantee(Strict):
    """What a person of the bank proposes to ask: fen, why, and the last day to pay or answer."""

    loan_id = serializers.UUIDField()
    amount_minor = Fen(is_positive=True)
    reason = Text(max_length=500)
    pay_by = serializers.DateField()


class GuaranteeQuery(PageQuery):
    """Filter of the list: the status."""

    status = serializers.ChoiceField(choices=STATUSES, required=False)


class Guarantees(Listed, Verb):
    """The demands the organization makes as bank, or is asked for as core enterprise; a new one,
    which another person of the bank approves in the portal.
    """

    reads = Permission.LOAN_VIEW
    reading, writing = "listGuarantees", "proposeGuarantee"
    asks, lists = GuaranteeQuery, GuaranteeOut
    takes, gives, answers = NewGuarantee, GuaranteeOut, 201

    def rows(self, given: dict[str, Any], *, by: Actor) -> Any:
        return list_demands(by=by).prefetch_related("payments").filter(**given)

    def act(self, given: dict[str, Any], *, by: Actor, **_ids: Any) -> GuaranteeDemand:
        # The key of the request already makes it once: the answer is kept with the act.
        loan_id, asked = given.pop("loan_id"), DemandIn(**given)
        return services.propose_guarantee(loan_id, given=asked, key=new_id().hex, by=by)


class OneGuarantee(Shown):
    """One demand."""

    reads, reading, gives = Permission.LOAN_VIEW, "getGuarantee", GuaranteeOut

    def find(self, *, by: Actor, **ids: UUID) -> GuaranteeDemand:
        return get_demand(ids["guarantee_id"], by=by)


class PayGuarantee(Verb):
    """The core enterprise pays at most what is left of the demand and settles the loan today;
    always 403 step_up_required for a key.
    """

    takes, gives, answers = Payment, PaymentOut, 202

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> Any:
        # The key of the request already makes it once: the answer is kept with the act.
        return services.pay_guarantee(ids["guarantee_id"], key=new_id().hex, by=by, **given)


class Refusal(Strict):
    """Why somebody says no: the core enterprise that will not pay, or the bank."""

    reason = Text(max_length=500)


class Upholding(Refusal):
    """Why the bank keeps its demand, and the new last day."""

    pay_by = serializers.DateField()


class Seen(Strict):
    """The hash of what the approver read."""

    seen = Text(max_length=64)


class DeclineGuarantee(Verb):
    """The core enterprise will not pay, and says why; the bank upholds or withdraws."""

    takes, gives = Refusal, GuaranteeOut

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> GuaranteeDemand:
        return services.decline_guarantee(ids["guarantee_id"], by=by, **given)


class ApproveGuarantee(Verb):
    """Another person of the bank makes the demand; always 403 step_up_required for a key."""

    takes, gives = Seen, GuaranteeOut

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> GuaranteeDemand:
        return services.demand_guarantee(ids["guarantee_id"], by=by, **given)


class RefuseGuarantee(Verb):
    """Another person of the bank says no to a proposal; the core enterprise never hears of it."""

    takes, gives = Refusal, GuaranteeOut

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> GuaranteeDemand:
        return services.refuse_guarantee(ids["guarantee_id"], by=by, **given)


class UpholdGuarantee(Verb):
    """The bank answers a refusal: the demand stands, payable until a new day."""

    takes, gives = Upholding, GuaranteeOut

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> GuaranteeDemand:
        return services.uphold_guarantee(ids["guarantee_id"], by=by, **given)


class WithdrawGuarantee(Verb):
    """The bank takes its demand back; what was paid stays paid."""

    takes, gives = Refusal, GuaranteeOut

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> GuaranteeDemand:
        return services.withdraw_guarantee(ids["guarantee_id"], by=by, **given)
