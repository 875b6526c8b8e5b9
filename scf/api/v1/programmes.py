"""Programmes the organization takes part in, and the terms in force."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scf.api.door import Listed, Shown
from scf.api.v1.parties import PartyOut
from scf.core.actor import Actor
from scf.credit import selectors
from scf.credit.models import Programme, ProgrammeVersion
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization


class LenderShareOut(serializers.Serializer[Any]):
    """A bank that lends beside the programme's own (联合贷), and its share of each loan in ppm."""

    bank = PartyOut()
    ppm = serializers.IntegerField()


class TermsInForceOut(serializers.Serializer[Any]):
    """The terms an application would be made under: rates and shares in ppm, times in days."""

    number = serializers.IntegerField()
    hash = serializers.CharField()
    rate_ppm = serializers.IntegerField()
    own_funds_ppm = serializers.IntegerField()
    tenor_min_days = serializers.IntegerField()
    tenor_max_days = serializers.IntegerField()
    expiry_days = serializers.IntegerField()
    release_policy = serializers.CharField()
    interest_from = serializers.CharField()
    tolerance_under_ppm = serializers.IntegerField()
    tolerance_over_ppm = serializers.IntegerField()
    partners = serializers.SerializerMethodField()

    @extend_schema_field(LenderShareOut(many=True))
    def get_partners(self, version: ProgrammeVersion) -> Any:
        """Empty where the programme's bank lends alone; what they leave is its own share."""
        shares = [
            {"bank": get_organization(UUID(each.bank)), "ppm": each.ppm}
            for each in version.terms().partners
        ]
        return LenderShareOut(shares, many=True).data


class ProgrammeOut(serializers.Serializer[Any]):
    """A programme; ``terms`` is null before its first version was approved."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    bank = PartyOut()
    enterprise = PartyOut()
    anchor_side = serializers.CharField()
    terms = serializers.SerializerMethodField()

    @extend_schema_field(TermsInForceOut(allow_null=True))
    def get_terms(self, programme: Programme) -> Any:
        """Of the version in force."""
        rows = selectors.list_versions(
            by=self.context["by"], programme_id=programme.pk, status="approved"
        )
        version = rows.first()
        return TermsInForceOut(version).data if version else None


class Programmes(Listed):
    """The programmes the organization takes part in."""

    reads, reading = Permission.APPLICATION_VIEW, "listProgrammes"
    lists = ProgrammeOut

    def rows(self, given: dict[str, Any], *, by: Actor) -> Any:
        return selectors.list_programmes(by=by, **given)


class OneProgramme(Shown):
    """One programme with its terms in force."""

    reads, reading, gives = Permission.APPLICATION_VIEW, "getProgramme", ProgrammeOut

    def find(self, *, by: Actor, **ids: UUID) -> Programme:
        return selectors.get_programme(ids["programme_id"], by=by)
