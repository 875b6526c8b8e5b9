"""Programmes of a bank with a core enterprise: terms in versions, and who takes part."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.credit import choices
from scf.credit.machine import MEMBER_MACHINE, VERSION_MACHINE, VersionStatus
from scf.credit.models.lending import ProgrammePartner
from scf.credit.partners import Partner
from scf.credit.terms import TERM_NAMES, Fee, ProgrammeTerms
from scf.parties.models import Organization
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject

NOBODY = UUID(int=0)  # an actor without an organization sees nothing, also where a column is empty


def seen_by(actor: Actor, path: str = "") -> Q:
    """The bank, the core enterprise, or a member; ``path`` leads to the programme."""
    mine = actor.organization_id or NOBODY
    joined = ProgrammeMember.objects.filter(organization_id=mine).values("programme_id")
    return (
        Q(**{f"{path}bank_id": mine})
        | Q(**{f"{path}enterprise_id": mine})
        | Q(**{f"{path}pk__in": joined})
    )


def _asked_to_lend(mine: UUID) -> Any:
    """The versions that name this bank as a partner."""
    return ProgrammePartner.objects.filter(bank_id=mine)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, actor: Actor) -> "ProgrammeQuerySet":
        """The programmes in which the actor's organization is bank, core enterprise or member, or
        a bank that lends beside (联合贷).
        """
        if actor.is_system:
            return self
        lends = _asked_to_lend(actor.organization_id or NOBODY).values(
            "programme_version__programme_id"
        )
        return self.filter(seen_by(actor) | Q(pk__in=lends))


class Programme(models.Model):
    """A bank and a core enterprise, and on which side of the orders the enterprise stands (K22)."""

    deal_id = None  # a programme belongs to no deal

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    bank = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    anchor_side = models.CharField(max_length=8, choices=choices.AnchorSide.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "name"], name="programme_name_of_bank"),
            models.CheckConstraint(
                condition=~Q(bank=F("enterprise")), name="programme_has_two_parties"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def parties(self) -> Mapping[str, UUID]:
        """Bank and core enterprise."""
        return {"bank": self.bank_id, "enterprise": self.enterprise_id}


def _choice(known: type[models.TextChoices], default: str) -> Any:
    """A choice that came later: rows of before, and of the release before, mean the default."""
    return models.CharField(
        max_length=20, choices=known.choices, default=default, db_default=default
    )


class ProgrammeVersionQuerySet(models.QuerySet["ProgrammeVersion"]):
    def visible_to(self, actor: Actor) -> "ProgrammeVersionQuerySet":
        """Versions of visible programmes; a member sees what is or was in force, never a
        proposal, and a partner bank the versions that name it.
        """
        if actor.is_system:
            return self
        mine = actor.organization_id or NOBODY
        party = Q(programme__bank_id=mine) | Q(programme__enterprise_id=mine)
        in_force = Q(status__in=[VersionStatus.APPROVED, VersionStatus.SUPERSEDED])
        lends = Q(pk__in=_asked_to_lend(mine).values("programme_version_id"))
        return self.filter(party | (seen_by(actor, "programme__") & in_force) | lends)


class ProgrammeVersion(Subject):
    """The terms of a programme from one approval to the next; written once, hashed, never
    edited.
    """

    machine: ClassVar[Any] = VERSION_MACHINE

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    limit_minor = models.BigIntegerField()
    rate_ppm = models.PositiveIntegerField()
    penalty_rate_ppm = models.PositiveIntegerField()
    release_policy = models.CharField(max_length=24, choices=choices.ReleasePolicy.choices)
    interest_from = models.CharField(max_length=8, choices=choices.InterestFrom.choices)
    repayment = models.CharField(max_length=20, choices=choices.Repayment.choices)
    day_base = models.PositiveSmallIntegerField()
    tenor_min_days = models.PositiveIntegerField()
    tenor_max_days = models.PositiveIntegerField()
    own_funds_ppm = models.PositiveIntegerField()
    deposit_ppm = models.PositiveIntegerField()
    tolerance_under_ppm = models.PositiveIntegerField()
    tolerance_over_ppm = models.PositiveIntegerField()
    return_short_lines = models.BooleanField()
    inspection_days = models.PositiveSmallIntegerField()
    dispute_days = models.PositiveSmallIntegerField()
    arbiter_days = models.PositiveSmallIntegerField()
    refund_days = models.PositiveSmallIntegerField()
    expiry_days = models.PositiveSmallIntegerField()
    long_stop_days = models.PositiveSmallIntegerField()
    hold_days = models.PositiveSmallIntegerField()
    approval_valid_days = models.PositiveSmallIntegerField()
    sweep = models.CharField(max_length=12, choices=choices.Sweep.choices)
    waterfall = models.JSONField()
    grace_days = models.PositiveSmallIntegerField()
    penalty_from = models.CharField(max_length=12, choices=choices.PenaltyFrom.choices)
    compound_on_interest = models.BooleanField()
    escrow_interest_ppm = models.PositiveIntegerField()
    escrow_interest_to = models.CharField(max_length=8, choices=choices.InterestTo.choices)
    evidence_minor = models.BigIntegerField()
    pays_on_silence = models.BooleanField()
    idle_cost_of = models.CharField(max_length=8, choices=choices.IdleCostOf.choices)
    recourse = models.CharField(max_length=20, choices=choices.Recourse.choices)
    fees = models.JSONField()
    due_every = _choice(choices.DueEvery, "month")
    due_day = models.PositiveSmallIntegerField(default=0, db_default=0)
    due_date_rule = _choice(choices.DueDateRule, "as_agreed")
    interest_basis = _choice(choices.InterestBasis, "by_day")
    accrual_residual = _choice(choices.AccrualResidual, "carry")
    early_interest = _choice(choices.EarlyInterest, "whole")
    after_early = _choice(choices.AfterEarly, "lower")
    rate_base = _choice(choices.RateBase, "fixed")
    rate_margin_ppm = models.IntegerField(default=0, db_default=0)
    rate_reset = _choice(choices.RateReset, "fixed")
    free_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    free_kind = _choice(choices.FreeKind, "always")
    principal_remainder = _choice(choices.PrincipalRemainder, "last")
    partners = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = ProgrammeVersionQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "-number"]
        triggers = [legal_status(VERSION_MACHINE)]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(status=VersionStatus.APPROVED),
                name="one_version_in_force",
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(status=VersionStatus.PROPOSED),
                name="one_version_proposed",
            ),
            models.CheckConstraint(
                condition=Q(day_base__in=[360, 365]), name="version_day_base_known"
            ),
            models.CheckConstraint(
                condition=Q(tenor_min_days__lte=F("tenor_max_days")), name="version_tenor_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} v{self.number}"

    def parties(self) -> Mapping[str, UUID]:
        """Bank and core enterprise of the programme, and the banks that lend beside."""
        lending = {f"partner_{nr}": UUID(each["bank"]) for nr, each in enumerate(self.partners, 1)}
        return {**self.programme.parties(), **lending}

    def terms(self) -> ProgrammeTerms:
        """The terms as frozen values; their hash is ``hash``."""
        values = {name: getattr(self, name) for name in TERM_NAMES}
        values["waterfall"] = tuple(self.waterfall)
        values["fees"] = tuple(Fee(**fee) for fee in self.fees)
        values["partners"] = tuple(Partner(**each) for each in self.partners)
        return ProgrammeTerms(**values)


class ProgrammeMemberQuerySet(models.QuerySet["ProgrammeMember"]):
    def visible_to(self, actor: Actor) -> "ProgrammeMemberQuerySet":
        """Own memberships; bank and core enterprise see all of their programmes."""
        if actor.is_system:
            return self
        mine = actor.organization_id or NOBODY
        return self.filter(
            Q(organization_id=mine) | Q(programme__bank_id=mine) | Q(programme__enterprise_id=mine)
        )


class ProgrammeMember(Subject):
    """A buyer or supplier that was invited into a programme."""

    machine: ClassVar[Any] = MEMBER_MACHINE

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="members")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = ProgrammeMemberQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "id"]
        triggers = [legal_status(MEMBER_MACHINE)]
        constraints = [
            models.UniqueConstraint(fields=["programme", "organization"], name="member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.organization_id}"

    def parties(self) -> Mapping[str, UUID]:
        """Bank, core enterprise and the member itself."""
        return {**self.programme.parties(), "member": self.organization_id}
