"""The decisions on an application, each a POST of its verb.

Approving, signing, own funds, pay-out and cancelling need a person who has just proved again who it
is (K24): a key never has, so they answer 403 ``step_up_required`` and say where a person does it.
"""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from scf.api.door import Verb
from scf.api.fields import Fen, Strict, Text
from scf.api.v1.applications import ApplicationOut
from scf.core.actor import Actor
from scf.financing import services
from scf.financing.inputs import CorrectionIn
from scf.financing.models import Application


class Opinion(Strict):
    """``seen`` is the application's own ``seen``: the opinion is on exactly that."""

    seen = Text(max_length=64)
    opinion = Text(max_length=2000)


class Approval(Strict):
    """``seen`` is the application's own ``seen``: the approval is of exactly that."""

    seen = Text(max_length=64)
    note = Text(max_length=500, default="", allow_blank=True)


class Reasons(Strict):
    """Reason codes, and words for the buyer."""

    codes = serializers.ListField(child=Text(max_length=40), allow_empty=False, max_length=20)
    note = Text(max_length=500, default="", allow_blank=True)


class Note(Strict):
    """Words for the record."""

    note = Text(max_length=500, default="", allow_blank=True)


class Correction(Strict):
    """The purpose with what the bank asked for, and whatever else is put right; what is left out
    stays as it was. ``document_ids`` are documents of the organization, shown to the bank.
    """

    purpose = Text(max_length=300)
    order_line_ids = serializers.ListField(
        child=serializers.UUIDField(), allow_empty=False, max_length=10_000, required=False
    )
    own_funds_minor = Fen(required=False)
    matures_on = serializers.DateField(required=False)
    funding_planned_on = serializers.DateField(required=False)
    document_ids = serializers.ListField(
        child=serializers.UUIDField(), max_length=20, required=False
    )


class Decision(Verb):
    """A verb on one application: ``verb`` is financing's service."""

    gives = ApplicationOut
    verb: ClassVar[Callable[..., Application]]

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> Application:
        return type(self).verb(ids["application_id"], by=by, **given)


class RecommendApplication(Decision):
    """The bank's reviewer recommends what was seen."""

    takes, verb = Opinion, staticmethod(services.recommend_application)


class ReturnApplication(Decision):
    """The bank's reviewer gives it back to be put right."""

    takes, verb = Reasons, staticmethod(services.return_application)


class RejectApplication(Decision):
    """The bank says no; lines and limit are free again."""

    takes, verb = Reasons, staticmethod(services.reject_application)


class SendBackApplication(Decision):
    """The approver gives it back to the reviewer."""

    takes, verb = Note, staticmethod(services.send_back)


class ApproveApplication(Decision):
    """The approver says yes; always 403 step_up_required for a key."""

    takes, verb = Approval, staticmethod(services.approve_application)


class NotLending(Strict):
    """Why the bank does not lend its share; for the lender of record."""

    reason = Text(max_length=500)


class LendBeside(Decision):
    """A partner bank approves its share of a joint loan; always 403 step_up_required for a key."""

    takes, verb = Approval, staticmethod(services.approve_as_lender)


class NotLendBeside(Decision):
    """A partner bank does not lend its share: the application is cancelled."""

    takes, verb = NotLending, staticmethod(services.refuse_as_lender)


class SignApplication(Decision):
    """Sign the terms for one's side; always 403 step_up_required for a key."""

    verb = staticmethod(services.sign_application)


class PayOwnFunds(Decision):
    """The buyer pays its part; always 403 step_up_required for a key."""

    verb = staticmethod(services.pay_own_funds)


class PledgeDeposit(Decision):
    """The buyer pledges its deposit; always 403 step_up_required for a key."""

    verb = staticmethod(services.pledge_deposit)


class PayOutApplication(Decision):
    """The bank pays out; always 403 step_up_required for a key."""

    verb = staticmethod(services.pay_out)


class WithdrawApplication(Decision):
    """The buyer takes it back."""

    takes, verb = Note, staticmethod(services.withdraw_application)


class CancelApplication(Decision):
    """The bank withdraws after approval and before funding; always 403 step_up_required for a
    key.
    """

    takes, verb = Note, staticmethod(services.cancel_application)


class ResubmitApplication(Decision):
    """The buyer submits again what was returned, put right."""

    takes = Correction

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> Application:
        purpose = given.pop("purpose")
        lists = {name: tuple(each) for name, each in given.items() if isinstance(each, list)}
        changes = CorrectionIn(**{**given, **lists}) if given else None
        return services.resubmit_application(
            ids["application_id"], purpose=purpose, changes=changes, by=by
        )
