"""Accounts kept at banks and the money that came into them, as the bank's adapter told it."""

from collections.abc import Mapping
from uuid import UUID

import pgtrigger
from django.db import models

from scf.core.ids import new_id


class CollectionAccount(models.Model):
    """专属收款账户: the account for what a buyer's customers pay; one a buyer and bank."""

    number = models.CharField(max_length=32, unique=True)
    bank_id = models.UUIDField()
    owner_id = models.UUIDField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["bank_id", "owner_id"], name="collection_account_once"),
        ]

    def __str__(self) -> str:
        return self.number


class BankCredit(models.Model):
    """One incoming payment on a collection account (fen). Append-only; the bank's reference makes
    it happen once.
    """

    deal_id = None  # whose deal it pays is decided above

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(CollectionAccount, on_delete=models.PROTECT, related_name="credits")
    reference = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    payer_name = models.CharField(max_length=120)
    payer_account = models.CharField(max_length=40, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    booked_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "reference"], name="bank_credit_once"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="bank_credit_positive"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.reference

    def parties(self) -> Mapping[str, UUID]:
        return {"bank": self.account.bank_id, "owner": self.account.owner_id}
