"""Loans, the dated actions they live through, and what was posted for them. Money is fen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.loans import machine
from scf.loans.actions import Action
from scf.loans.classification import Tier
from scf.loans.collections.models import CollectionNote, CollectionTask
from scf.loans.day_end.models import LoanDay, LoanDayMark, LoanSnapshot
from scf.loans.decision_rows import (
    LoanGrade,
    LoanProposal,
    LoanProvision,
    TierLabel,
)
from scf.loans.guarantee_rows import GuaranteeDemand, GuaranteePayment, Recourse
from scf.loans.postings import Kind, Parts, Posting
from scf.loans.stored import ACTIONS, NAMES_NO_AMOUNT, action_from_json, terms_from_json
from scf.loans.terms import InterestFrom, Terms
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject

__all__ = [
    "CollectionNote",
    "CollectionTask",
    "GuaranteeDemand",
    "GuaranteePayment",
    "Loan",
    "LoanAction",
    "LoanDay",
    "LoanDayMark",
    "LoanGrade",
    "LoanPosting",
    "LoanProposal",
    "LoanProvision",
    "LoanQuerySet",
    "LoanReminder",
    "LoanSnapshot",
    "SweepWhen",
]


class SweepWhen(models.TextChoices):
    """When money in the buyer's collection wallet is taken (K12)."""

    ON_DUE = "on_due", _("到期日扣收")
    ON_RECEIPT = "on_receipt", _("到账即扣收")


class LoanQuerySet(models.QuerySet["Loan"]):
    def visible_to(self, actor: Actor) -> "LoanQuerySet":
        """The loans of which the actor's organization is lender or borrower, or lends a share.

        The seller is no party to the loan: it follows the escrow, not the buyer's debt.
        """
        if actor.is_system:
            return self
        mine = actor.organization_id
        lends = models.Q(shares__has_key=str(mine))
        return self.filter(models.Q(bank_id=mine) | models.Q(buyer_id=mine) | lends)


class Loan(Subject):
    """One loan under one escrow. ``terms`` are the core's; the counters repeat the fold.

    ``lived_to`` is the morning up to which it was folded and booked; ``principal_freed_minor`` is
    what of principal and frame was told to the limits (K18), so that a replay tells the rest.
    """

    machine: ClassVar[Any] = machine.MACHINE

    deal_id = models.UUIDField(db_index=True)
    application_id = models.UUIDField(unique=True)
    payment_id = models.UUIDField(unique=True)
    bank_id = models.UUIDField()
    buyer_id = models.UUIDField()
    seller_id = models.UUIDField()
    number = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001 - none before it is opened
    terms = models.JSONField()
    sweep = models.CharField(
        max_length=12, choices=SweepWhen.choices, default=SweepWhen.ON_DUE.value
    )
    anchor_id = models.UUIDField(null=True)
    recourse = models.CharField(
        max_length=20,
        choices=Recourse.choices,
        default=Recourse.NONE.value,
        db_default=Recourse.NONE.value,
    )
    # Funders of a joint loan by organization id, in ppm; empty for a loan of one bank.
    shares = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    # What the borrower pays others for this loan, by day in fen: no claim, but part of its cost.
    outside_fees = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    frame_minor = models.BigIntegerField()
    opened_on = models.DateField(null=True)
    matures_on = models.DateField()
    lived_to = models.DateField(null=True)
    is_committed = models.BooleanField(default=False)
    is_non_accrual = models.BooleanField(default=False)
    tier = models.CharField(
        max_length=16,
        choices=TierLabel.choices,
        default=Tier.NORMAL.value,
        db_default=Tier.NORMAL.value,
    )
    drawn_minor = models.BigIntegerField(default=0)
    frame_lowered_minor = models.BigIntegerField(default=0)
    principal_minor = models.BigIntegerField(default=0)
    principal_freed_minor = models.BigIntegerField(default=0)
    interest_paid_minor = models.BigIntegerField(default=0)
    penalty_paid_minor = models.BigIntegerField(default=0)
    overpaid_minor = models.BigIntegerField(default=0)

    objects: ClassVar[Any] = LoanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(frame_minor__gt=0), name="loan_lends_something"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    frame_minor__gte=models.F("drawn_minor") + models.F("frame_lowered_minor"),
                    drawn_minor__gte=models.F("principal_minor"),
                    principal_minor__gte=0,
                ),
                name="loan_within_its_frame",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["awaiting", "cancelled"])
                | models.Q(opened_on__isnull=False, number__isnull=False, lived_to__isnull=False),
                name="loan_opened_with_number_and_day",
            ),
        ]
        indexes = [
            models.Index(fields=["bank_id", "buyer_id", "status"], name="loan_of_borrower"),
            models.Index(fields=["buyer_id"], name="loan_of_buyer"),
            GinIndex(fields=["shares"], name="loan_of_funder"),
            models.Index(fields=["status", "lived_to"], name="loan_to_live"),
            # What a close walks through: the loans that run, by id, without reading their rows.
            models.Index(
                fields=["id"],
                include=["opened_on"],
                condition=models.Q(status__in=list(machine.RUNNING)),
                name="loan_running",
            ),
        ]
        triggers = [
            legal_status(machine.MACHINE),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)

    def parties(self) -> Mapping[str, UUID]:
        others = sorted(set(self.shares) - {str(self.bank_id)})
        lending = {f"partner_{nr}": UUID(bank) for nr, bank in enumerate(others, 1)}
        return {"bank": self.bank_id, "buyer": self.buyer_id, **lending}

    @property
    def core_terms(self) -> Terms:
        """The terms as the core reads them."""
        return terms_from_json(self.terms)

    @property
    def lived_terms(self) -> Terms:
        """The terms as the loan is folded: before it is opened it claims no fee."""
        if self.opened_on is not None:
            return self.core_terms
        return replace(self.core_terms, fees=())

    @property
    def draws_by_release(self) -> bool:
        """Whether each release is a drawdown with its own 借据 (K3)."""
        return bool(self.terms["interest_from"] == InterestFrom.RELEASE)


class LoanAction(models.Model):
    """What happened to a loan from outside, dated by its value date (K4). Append-only.

    Once per ``key``; ``number`` is the 借据 of a draw, empty for other kinds. ``details`` are what
    a decision says beside its amount, which is 0 where it names none.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="actions")
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in ACTIONS])
    on = models.DateField()
    amount_minor = models.BigIntegerField()
    details = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    number = models.CharField(max_length=48, blank=True)
    tx_hash = models.CharField(max_length=66, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0)
                | models.Q(kind__in=NAMES_NO_AMOUNT, amount_minor=0),
                name="loan_action_of_something",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.key

    def as_action(self) -> Action:
        """The action as the core folds it."""
        return action_from_json(
            self.kind, self.details, key=self.key, on=self.on, amount_minor=self.amount_minor
        )


class LoanPosting(models.Model):
    """What the fold gave to the books, and its lines in the ledger. Append-only.

    A replay reverses a row by another one that ``reverses`` it and posts the key anew; ``legs`` are
    (debit, credit, fen) as posted, with codes of the chart.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="postings")
    key = models.CharField(max_length=160)
    on = models.DateField()
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    parts = models.JSONField()
    overdue_principal_minor = models.BigIntegerField(default=0)
    is_calendar = models.BooleanField(default=False)
    is_off_balance = models.BooleanField(default=False)
    legs = models.JSONField(default=list)
    booked_on = models.DateField()
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["loan", "key"], name="loan_posting_key")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.on}"

    def as_posting(self) -> Posting:
        """The posting as the core compares it."""
        return Posting(
            key=self.key,
            on=self.on,
            kind=Kind(self.kind),
            parts=Parts(**self.parts),
            overdue_principal_minor=self.overdue_principal_minor,
            is_calendar=self.is_calendar,
            is_off_balance=self.is_off_balance,
            is_reversal=self.reverses_id is not None,
        )


class LoanReminder(models.Model):
    """A reminder that was recorded: of which due date, ``offset`` days from it, on which bank day.

    Below zero the due date is ahead. Append-only; one row is one fact, so each is told once.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="reminders")
    due_on = models.DateField()
    offset = models.SmallIntegerField()
    on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "due_on", "offset"], name="loan_reminded_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.due_on} {self.offset:+d}"
