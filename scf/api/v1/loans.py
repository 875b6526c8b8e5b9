"""Loans as lender and borrower see them, and repaying by hand."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from scf.api.door import Listed, Shown, Verb
from scf.api.fields import Fen
from scf.api.pages import PageQuery
from scf.api.v1.payments import Payment, PaymentOut
from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.loans import selectors, services
from scf.loans.buckets import BY_CODE
from scf.loans.fee_views import FeeStanding
from scf.loans.fees import FeeAt
from scf.loans.machine import S
from scf.loans.models import Loan
from scf.loans.plan_rows import RowStanding
from scf.loans.portfolio import Wanted, find_loans
from scf.loans.seen import status_for
from scf.loans.selectors import LoanView
from scf.parties.permissions import Permission

STATUSES = tuple(S.values)


class LoanSummaryOut(serializers.Serializer[Any]):
    """A loan in a list; amounts in fen."""

    id = serializers.UUIDField()
    number = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=STATUSES)
    deal_id = serializers.UUIDField()
    application_id = serializers.UUIDField()
    bank_id = serializers.UUIDField()
    buyer_id = serializers.UUIDField()
    frame_minor = Fen()
    drawn_minor = Fen()
    principal_minor = Fen()
    interest_paid_minor = Fen()
    penalty_paid_minor = Fen()
    opened_on = serializers.DateField(allow_null=True)
    matures_on = serializers.DateField()

    def to_representation(self, instance: Loan) -> dict[str, Any]:
        """The row, in the status the asker's side reads."""
        shown = super().to_representation(instance)
        return {**shown, "status": status_for(instance, by=self.context["by"])}


class InstalmentOut(serializers.Serializer[Any]):
    """One row of the plan as it stands; ``fell_away_minor`` is interest not asked for because the
    loan was paid off before.
    """

    nr = serializers.IntegerField()
    due_on = serializers.DateField()
    principal_minor = Fen()
    principal_paid_minor = Fen()
    interest_minor = Fen()
    interest_paid_minor = Fen()
    penalty_minor = Fen()
    penalty_paid_minor = Fen()
    fell_away_minor = Fen()
    is_due = serializers.BooleanField()
    is_paid = serializers.BooleanField()
    standing = serializers.ChoiceField(choices=tuple(RowStanding))


class FeeOut(serializers.Serializer[Any]):
    """A fee the loan claims on its day; ``owed_minor`` is what of it is to pay now."""

    code = serializers.CharField()
    at = serializers.ChoiceField(choices=tuple(FeeAt))
    on = serializers.DateField()
    amount_minor = Fen()
    owed_minor = Fen()
    standing = serializers.ChoiceField(choices=tuple(FeeStanding))


class QuoteOut(serializers.Serializer[Any]):
    """What has to be paid, by claim."""

    on = serializers.DateField()
    costs_minor = Fen()
    penalty_minor = Fen()
    compound_minor = Fen()
    interest_minor = Fen()
    principal_minor = Fen()
    total_minor = Fen()


class LoanOut(serializers.Serializer[Any]):
    """A loan on the open bank day: its plan, what is due, and what settles it whole."""

    loan = LoanSummaryOut()
    currency = serializers.CharField()
    on = serializers.DateField()
    rows = InstalmentOut(many=True)
    fees = FeeOut(many=True)
    due = QuoteOut()
    settlement = QuoteOut()
    undrawn_minor = Fen()
    next_due_on = serializers.DateField(allow_null=True)
    days_past_due = serializers.IntegerField()


class LoanQuery(PageQuery):
    """Filters of the list: status, days past due, and a due date within so many days."""

    status = serializers.ChoiceField(choices=STATUSES, required=False)
    bucket = serializers.ChoiceField(choices=tuple(BY_CODE), required=False)
    due_within = serializers.IntegerField(min_value=0, max_value=3650, required=False)


class Loans(Listed):
    """The loans of which the organization is lender or borrower."""

    reads, reading = Permission.LOAN_VIEW, "listLoans"
    asks, lists = LoanQuery, LoanSummaryOut

    def rows(self, given: dict[str, Any], *, by: Actor) -> Any:
        return find_loans(Wanted(**given), by=by)


class OneLoan(Shown):
    """One loan with its plan and today's quotes."""

    reads, reading, gives = Permission.LOAN_VIEW, "getLoan", LoanOut

    def find(self, *, by: Actor, **ids: UUID) -> dict[str, Any]:
        view: LoanView = selectors.view_loan(selectors.get_loan(ids["loan_id"], by=by))
        names = ("loan", "on", "rows", "fees", "due", "settlement", "undrawn_minor", "next_due_on")
        shown = {name: getattr(view, name) for name in names}
        return {**shown, "currency": "CNY", "days_past_due": view.days_past_due}


class RepayLoan(Verb):
    """Repay from the general wallet, at most what settles the loan today; always 403
    step_up_required for a key.
    """

    takes, gives, answers = Payment, PaymentOut, 202

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> Any:
        # The key of the request already makes it once: the answer is kept with the act.
        return services.repay_loan(ids["loan_id"], key=new_id().hex, by=by, **given)
