"""The off-chain side of an escrow: its terms, its lines, and what the chain said happened to the
money.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from scf.core.actor import Actor
from scf.payments import machine
from scf.payments.deposit_rows import Deposit
from scf.wallets.models import Wallet
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject

__all__ = ["Deposit", "Direction", "Payment", "PaymentLine", "PaymentMovement"]


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, actor: Actor) -> "PaymentQuerySet":
        """The escrows in which the actor's organization is bank, buyer or seller, or a bank that
        lends beside (联合贷).
        """
        if actor.is_system:
            return self
        mine = actor.organization_id
        return self.filter(
            models.Q(bank_id=mine)
            | models.Q(buyer_id=mine)
            | models.Q(seller_id=mine)
            | models.Q(partner_ids__contains=[mine])
        )


class Payment(Subject):
    """One agreement of the escrow contract. All amounts are fen and follow the chain's events.

    ``terms`` are the very values whose hash is ``agreement_id``; the counters only grow.
    """

    machine: ClassVar[Any] = machine.MACHINE

    application_id = models.UUIDField(unique=True)
    bank_id = models.UUIDField()
    buyer_id = models.UUIDField()
    seller_id = models.UUIDField()
    # They follow the money; they are no party to the agreement on the chain.
    partner_ids = ArrayField(
        models.UUIDField(),
        default=list,
        db_default=models.Value([], ArrayField(models.UUIDField())),
    )
    bank_wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="+")
    buyer_wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="+")
    collection_wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="+")
    payee_wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="+")
    agreement_id = models.CharField(max_length=66, unique=True)
    terms = models.JSONField()
    release_policy = models.CharField(max_length=24)
    total_minor = models.BigIntegerField()
    own_funds_minor = models.BigIntegerField()
    loan_minor = models.BigIntegerField()
    fund_by = models.DateTimeField()
    expires_at = models.DateTimeField()
    own_funds_in_minor = models.BigIntegerField(default=0)
    funded_minor = models.BigIntegerField(default=0)
    released_minor = models.BigIntegerField(default=0)
    released_loan_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    returned_loan_minor = models.BigIntegerField(default=0)
    claimable_minor = models.BigIntegerField(default=0)
    interest_ppm = models.PositiveIntegerField(default=0)
    interest_paid_minor = models.BigIntegerField(default=0)
    interest_paid_to = models.DateField(null=True)

    objects: ClassVar[Any] = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    total_minor=models.F("own_funds_minor") + models.F("loan_minor")
                ),
                name="payment_total_is_own_funds_and_loan",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    total_minor__gte=models.F("released_minor") + models.F("returned_minor"),
                    released_minor__gte=models.F("released_loan_minor"),
                    returned_minor__gte=models.F("returned_loan_minor"),
                ),
                name="payment_no_more_out_than_in",
            ),
        ]
        # One for each way an organization is a party.
        indexes = [
            models.Index(fields=["bank_id"], name="payment_of_bank"),
            models.Index(fields=["buyer_id"], name="payment_of_buyer"),
            models.Index(fields=["seller_id"], name="payment_of_seller"),
            GinIndex(fields=["partner_ids"], name="payment_of_partner"),
        ]
        triggers = [
            legal_status(machine.MACHINE),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.agreement_id

    def parties(self) -> Mapping[str, UUID]:
        lending = {f"partner_{nr}": bank for nr, bank in enumerate(self.partner_ids, 1)}
        return {
            "bank": self.bank_id,
            "buyer": self.buyer_id,
            "seller": self.seller_id,
            **lending,
        }

    @property
    def in_escrow_minor(self) -> int:
        """What the agreement still holds for the payees and the funder, in fen."""
        return (
            self.own_funds_in_minor + self.funded_minor - self.released_minor - self.returned_minor
        )

    @property
    def out_minor(self) -> int:
        """All that left the escrow so far: the ``out`` of K6."""
        return self.released_minor + self.returned_minor

    @property
    def out_loan_minor(self) -> int:
        """The loan part of all that left: what K6 calls booked."""
        return self.released_loan_minor + self.returned_loan_minor


class Direction(models.TextChoices):
    """Which way money went, seen from the escrow."""

    IN = "in", "入"
    OUT = "out", "出"


class PaymentMovement(models.Model):
    """Money into or out of an escrow, as one confirmed event of the chain told it. Append-only;
    amounts are fen.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="movements")
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=24)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    line = models.ForeignKey(
        "PaymentLine", on_delete=models.PROTECT, null=True, related_name="movements"
    )
    amount_minor = models.BigIntegerField()
    loan_minor = models.BigIntegerField()
    value_date = models.DateField()
    tx_hash = models.CharField(max_length=66)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(loan_minor__gte=0, amount_minor__gte=models.F("loan_minor")),
                name="movement_loan_part_within_amount",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.key


class PaymentLine(Subject):
    """One order line in the escrow: what may be paid at most, what was confirmed, paid and returned
    (fen).
    """

    machine: ClassVar[Any] = machine.LINE

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="lines")
    order_line_id = models.UUIDField()
    line_id = models.CharField(max_length=66)
    position = models.PositiveSmallIntegerField()
    cap_minor = models.BigIntegerField()
    tolerance_under_ppm = models.PositiveIntegerField()
    tolerance_over_ppm = models.PositiveIntegerField()
    confirmed_minor = models.BigIntegerField(default=0)
    released_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["payment_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "order_line_id"], name="payment_line_once"),
            models.CheckConstraint(
                condition=models.Q(
                    cap_minor__gte=models.F("released_minor") + models.F("returned_minor")
                ),
                name="payment_line_within_cap",
            ),
        ]
        triggers = [
            legal_status(machine.LINE),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.line_id

    def parties(self) -> Mapping[str, UUID]:
        return self.payment.parties()
