"""The lenders of a joint loan: each one's book and its part of every money act (联合贷)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from scf.api.door import Shown
from scf.api.fields import Fen
from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.loans.funders import funder_shares, list_acts
from scf.loans.reports.settlement import settles_minor
from scf.loans.seen import is_lender_of
from scf.loans.selectors import get_loan
from scf.parties.permissions import Permission


class ClaimsOut(serializers.Serializer[Any]):
    """An amount by what it pays, in fen."""

    principal_minor = serializers.IntegerField()
    interest_minor = serializers.IntegerField()
    penalty_minor = serializers.IntegerField()
    compound_minor = serializers.IntegerField()
    costs_minor = serializers.IntegerField()


class FunderOut(serializers.Serializer[Any]):
    """One lender's book."""

    bank_id = serializers.UUIDField(source="funder")
    ppm = serializers.IntegerField()
    lent_minor = Fen()
    advanced_minor = Fen()
    got_back = ClaimsOut()
    outstanding_minor = Fen()


class FunderPartOut(serializers.Serializer[Any]):
    """One lender's part of an act. ``settles_minor`` is what it gets from the lender of record,
    below zero it pays; the money passes outside the platform.
    """

    bank_id = serializers.UUIDField()
    part = ClaimsOut()
    settles_minor = serializers.IntegerField()


class FunderActOut(serializers.Serializer[Any]):
    """A draw, an advanced cost, a repayment, a return or a recovery, split."""

    on = serializers.DateField()
    kind = serializers.CharField()
    key = serializers.CharField()
    whole = ClaimsOut()
    parts = FunderPartOut(many=True)


class FundersOut(serializers.Serializer[Any]):
    """The lenders of a joint loan, the lender of record last; amounts in fen."""

    loan_id = serializers.UUIDField()
    lender_of_record_id = serializers.UUIDField()
    funders = FunderOut(many=True)
    acts = FunderActOut(many=True)


class LoanFunders(Shown):
    """Each lender's book of a joint loan; for its lenders, 404 for a loan of one bank."""

    reads, reading, gives = Permission.LOAN_VIEW, "getLoanFunders", FundersOut

    def find(self, *, by: Actor, **ids: UUID) -> dict[str, Any]:
        loan = get_loan(ids["loan_id"], by=by)
        if not loan.shares or not is_lender_of(loan, by=by):
            raise NotFound(_("没有这笔联合贷款"))
        own = str(loan.bank_id)
        return {
            "loan_id": loan.pk,
            "lender_of_record_id": loan.bank_id,
            "funders": funder_shares(loan),
            "acts": [
                {
                    "on": row.on,
                    "kind": row.kind.value,
                    "key": row.key,
                    "whole": row.whole,
                    "parts": [
                        {
                            "bank_id": name,
                            "part": part,
                            "settles_minor": settles_minor(row, name) if name != own else 0,
                        }
                        for name, part in row.parts.items()
                    ],
                }
                for row in list_acts(loan)
            ],
        }
