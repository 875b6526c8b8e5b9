"""Applications for financing on order lines, what was checked, and evidence of deliveries."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from scf.core.actor import Actor
from scf.financing import machine
from scf.financing.lender_rows import LenderApproval
from scf.trade.models import DeliveryLine, Order, OrderLine
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject

__all__ = [
    "Acceptance",
    "Application",
    "ApplicationLine",
    "ApplicationQuerySet",
    "CheckResult",
    "EvidenceLink",
    "LenderApproval",
    "PaperDue",
]

NOTHING = models.Value([], models.JSONField())
NOBODY = models.Value([], ArrayField(models.UUIDField()))


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, actor: Actor) -> "ApplicationQuerySet":
        """The applications in which the actor's organization is buyer, seller or bank, or a bank
        that lends beside (联合贷).

        A seller and a bank see an application once it was submitted: a draft is the buyer's own.
        """
        if actor.is_system:
            return self
        mine = actor.organization_id
        others = models.Q(bank_id=mine) | models.Q(seller_id=mine) | models.Q(enterprise_id=mine)
        others |= models.Q(partner_ids__contains=[mine])
        return self.filter(models.Q(buyer_id=mine) | others & ~models.Q(status=machine.S.DRAFT))


class Application(Subject):
    """A buyer asks a bank to pay a seller for order lines. Amounts are fen, rates ppm a year.

    ``terms`` are the programme's as they stood at submit; ``quote`` is what the buyer was shown.
    """

    machine: ClassVar[Any] = machine.MACHINE

    deal_id = models.UUIDField(db_index=True)
    number = models.CharField(max_length=40, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="applications")
    bank_id = models.UUIDField()
    # The banks that lend beside, in the order of the terms; empty where one bank lends.
    partner_ids = ArrayField(models.UUIDField(), default=list, db_default=NOBODY)
    enterprise_id = models.UUIDField()
    buyer_id = models.UUIDField()
    seller_id = models.UUIDField()
    programme_id = models.UUIDField()
    programme_version = models.CharField(max_length=64)
    terms = models.JSONField(encoder=DjangoJSONEncoder)
    total_minor = models.BigIntegerField()
    own_funds_minor = models.BigIntegerField()
    loan_minor = models.BigIntegerField()
    # The buyer's cash pledged beside the loan (K17): no part of the price, nor of what is lent.
    deposit_minor = models.BigIntegerField(default=0, db_default=0)
    purpose = models.CharField(max_length=300, blank=True)
    funding_planned_on = models.DateField()
    matures_on = models.DateField()
    expires_on = models.DateField()
    quote = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    papers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # What the buyer handed in for the bank to see: id, name and SHA-256 of each document.
    attachments = models.JSONField(default=list, db_default=NOTHING)
    opinion = models.TextField(blank=True)
    reason_codes = models.JSONField(default=list)
    rounds = models.PositiveSmallIntegerField(default=0)
    pay_out_attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    total_minor=models.F("own_funds_minor") + models.F("loan_minor")
                ),
                name="application_total_is_own_funds_and_loan",
            ),
            models.CheckConstraint(
                condition=models.Q(loan_minor__gt=0), name="application_lends_something"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    expires_on__gt=models.F("funding_planned_on"),
                    matures_on__gt=models.F("funding_planned_on"),
                ),
                name="application_dates_rise",
            ),
        ]
        # One for each way an organization is a party: together they find the few rows of a small
        # one among many of others.
        indexes = [
            models.Index(fields=["bank_id"], name="application_of_bank"),
            models.Index(fields=["buyer_id"], name="application_of_buyer"),
            models.Index(fields=["seller_id"], name="application_of_seller"),
            models.Index(fields=["enterprise_id"], name="application_of_enterprise"),
            GinIndex(fields=["partner_ids"], name="application_of_partner"),
        ]
        triggers = [
            legal_status(machine.MACHINE),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number

    def parties(self) -> Mapping[str, UUID]:
        return {
            "bank": self.bank_id,
            "buyer": self.buyer_id,
            "seller": self.seller_id,
            "enterprise": self.enterprise_id,
            **{f"partner_{nr}": bank for nr, bank in enumerate(self.partner_ids, 1)},
        }


class ApplicationLine(models.Model):
    """An order line of an application with the most that may be paid for it, in fen."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    cap_minor = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "order_line"], name="application_line_once"
            ),
            models.CheckConstraint(
                condition=models.Q(cap_minor__gt=0), name="application_line_worth_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.order_line_id}"


class CheckResult(models.Model):
    """One check of an application at submit or at pay-out, with what it saw. Append-only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="checks")
    stage = models.CharField(max_length=8, choices=[("submit", "提交"), ("pay_out", "放款")])
    round = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    is_passed = models.BooleanField()
    seen = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.is_passed}"


class EvidenceLink(models.Model):
    """A one-time link by which a carrier or warehouse confirms a delivery without an account (K20).

    Only hashes of the token and of the code are kept. ``record_hash`` is the hash of what was
    confirmed.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="evidence_links"
    )
    delivery_line = models.ForeignKey(
        DeliveryLine, on_delete=models.PROTECT, related_name="evidence_links"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    attempts_left = models.PositiveSmallIntegerField(default=5)
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    record = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    record_hash = models.CharField(max_length=66, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.delivery_line_id}"


class Acceptance(models.Model):
    """What one acceptance of a financed line is worth and how it closes the line; its key is the
    escrow's.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="acceptances"
    )
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    delivery_line = models.ForeignKey(DeliveryLine, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, unique=True)
    amount_minor = models.BigIntegerField()
    closing = models.CharField(max_length=12, blank=True)
    evidence_hash = models.CharField(max_length=66)
    signed_by = models.UUIDField(null=True)  # the person who gave the first side's signature
    confirmed_by_bank = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery_line"], name="acceptance_once_a_delivery_line"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class PaperDue(models.Model):
    """A paper that a fact calls for: written with the fact, set and stored afterwards.

    ``data`` is what the paper says, as it was when the fact happened; the number of the paper is
    there once it was made.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=32)
    deal_id = models.UUIDField(db_index=True)
    owner_id = models.UUIDField()
    audience = ArrayField(models.UUIDField())
    data = models.JSONField(encoder=DjangoJSONEncoder)
    tx_hash = models.CharField(max_length=66, blank=True)
    due_at = models.DateTimeField(auto_now_add=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(made_at__isnull=True), name="paper_due_not_made"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="as_the_fact_said", exclude=["made_at"]),
        ]

    def __str__(self) -> str:
        return self.key
