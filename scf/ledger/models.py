"""Books, accounts and transfers: only counters that grow, and rows that are never edited.

A transfer is one row with a debit and a credit account, balanced by construction; its two entries
are a view. Amounts are integer fen.
"""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from scf.core.actor import Actor

CURRENCY = "CNY"


class BalanceLimit(models.TextChoices):
    """Which side of an account may not exceed the other; what is pending counts as spent."""

    NONE = "none", "不限"
    DEBITS_WITHIN_CREDITS = "debits_within_credits", "借方不超过贷方"
    CREDITS_WITHIN_DEBITS = "credits_within_debits", "贷方不超过借方"


class TransferState(models.TextChoices):
    """What a transfer does; the last two settle an earlier pending one, which is never edited."""

    POSTED = "posted", "已入账"
    PENDING = "pending", "待入账"
    POST_PENDING = "post_pending", "待入账转入账"
    VOID_PENDING = "void_pending", "待入账撤销"


def _bank_of(actor: Actor) -> list[UUID]:
    return [actor.organization_id] if actor.organization_id else []


class Book(models.Model):
    """The ledger of one bank (K25)."""

    organization_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, actor: Actor) -> "AccountQuerySet":
        """The accounts of the actor's own bank; all of them for the system."""
        if actor.is_system:
            return self
        return self.filter(book__organization_id__in=_bank_of(actor))


class Account(models.Model):
    """A place money can be: a wallet, a loan's principal, fees, suspense. All in fen."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="accounts")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, default=CURRENCY)
    limit = models.CharField(max_length=24, choices=BalanceLimit.choices)
    is_frozen = models.BooleanField(default=False)
    debits_posted_minor = models.BigIntegerField(default=0)
    credits_posted_minor = models.BigIntegerField(default=0)
    debits_pending_minor = models.BigIntegerField(default=0)
    credits_pending_minor = models.BigIntegerField(default=0)

    objects: ClassVar[Any] = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="account_code_in_book"),
            models.CheckConstraint(
                condition=models.Q(currency=CURRENCY), name="account_currency_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(limit__in=BalanceLimit.values), name="account_limit_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    debits_posted_minor__gte=0,
                    credits_posted_minor__gte=0,
                    debits_pending_minor__gte=0,
                    credits_pending_minor__gte=0,
                ),
                name="account_counters_not_negative",
            ),
            models.CheckConstraint(
                condition=~models.Q(limit=BalanceLimit.DEBITS_WITHIN_CREDITS)
                | models.Q(
                    credits_posted_minor__gte=models.F("debits_posted_minor")
                    + models.F("debits_pending_minor")
                ),
                name="account_debits_within_credits",
            ),
            models.CheckConstraint(
                condition=~models.Q(limit=BalanceLimit.CREDITS_WITHIN_DEBITS)
                | models.Q(
                    debits_posted_minor__gte=models.F("credits_posted_minor")
                    + models.F("credits_pending_minor")
                ),
                name="account_credits_within_debits",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="identity_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("book", "code", "currency", "limit"),
            ),
            pgtrigger.Protect(
                name="counters_only_grow",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    new__debits_posted_minor__lt=pgtrigger.F("old__debits_posted_minor")
                )
                | pgtrigger.Q(
                    new__credits_posted_minor__lt=pgtrigger.F("old__credits_posted_minor")
                ),
            ),
            pgtrigger.Protect(
                name="opened_empty",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(
                    new__debits_posted_minor=0,
                    new__credits_posted_minor=0,
                    new__debits_pending_minor=0,
                    new__credits_pending_minor=0,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def balance_minor(self) -> int:
        """Posted debits minus posted credits, in fen; an account of liabilities is below zero."""
        return self.debits_posted_minor - self.credits_posted_minor


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, actor: Actor) -> "TransferQuerySet":
        """The transfers in the book of the actor's own bank; all of them for the system."""
        if actor.is_system:
            return self
        return self.filter(debit_account__book__organization_id__in=_bank_of(actor))


class Transfer(models.Model):
    """Money moved, once: ``key`` is seen once, ``link`` ties the legs that stand or fall together.

    The running balances are posted debits minus posted credits of either account after this row.
    The accounts are checked by one trigger a statement instead of two foreign key checks a row:
    accounts are never deleted, so the two are the same promise.
    """

    debit_account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    credit_account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=TransferState.choices)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    link = models.UUIDField(null=True)
    link_legs = models.PositiveSmallIntegerField(null=True)
    pending = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    booking_date = models.DateField()
    value_date = models.DateField()
    deal_id = models.UUIDField(null=True)
    debit_balance_minor = models.BigIntegerField()
    credit_balance_minor = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["debit_account", "id"], name="transfer_of_debit_account"),
            models.Index(fields=["credit_account", "id"], name="transfer_of_credit_account"),
            models.Index(
                fields=["deal_id", "id"],
                condition=models.Q(deal_id__isnull=False),
                name="transfer_of_deal",
            ),
            models.Index(
                fields=["link"], condition=models.Q(link__isnull=False), name="transfer_of_link"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="transfer_key"),
            models.UniqueConstraint(
                fields=["pending"],
                condition=models.Q(pending__isnull=False),
                name="transfer_settles_pending_once",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="transfer_amount_positive"
            ),
            models.CheckConstraint(
                condition=~models.Q(debit_account=models.F("credit_account")),
                name="transfer_between_two_accounts",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[TransferState.POSTED, TransferState.PENDING], pending__isnull=True
                )
                | models.Q(
                    state__in=[TransferState.POST_PENDING, TransferState.VOID_PENDING],
                    pending__isnull=False,
                ),
                name="transfer_state_fits_pending",
            ),
            models.CheckConstraint(
                condition=models.Q(link__isnull=True, link_legs__isnull=True)
                | models.Q(link__isnull=False, link_legs__gte=1),
                name="transfer_link_counts_its_legs",
            ),
            models.CheckConstraint(
                # A block just past midnight may be booked before the new day is opened.
                condition=models.Q(value_date__lte=models.F("booking_date") + timedelta(days=1)),
                name="transfer_value_date_not_ahead",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="within_one_book",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),  # type: ignore[no-untyped-call]
                func="""
                    IF EXISTS (
                        SELECT 1 FROM new_rows
                          LEFT JOIN ledger_account debit ON debit.id = new_rows.debit_account_id
                          LEFT JOIN ledger_account credit ON credit.id = new_rows.credit_account_id
                         WHERE debit.book_id IS DISTINCT FROM credit.book_id
                            OR debit.book_id IS NULL
                    ) THEN
                        RAISE EXCEPTION 'a transfer needs two accounts of one book';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.key


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, actor: Actor) -> "EntryQuerySet":
        """The entries in the book of the actor's own bank; all of them for the system."""
        if actor.is_system:
            return self
        return self.filter(account__book__organization_id__in=_bank_of(actor))


class Entry(models.Model):
    """One side of a posted transfer: a view, so that it can never disagree with the transfers."""

    id = models.BigIntegerField(primary_key=True)
    transfer = models.ForeignKey(Transfer, models.DO_NOTHING, related_name="entries")
    account = models.ForeignKey(Account, models.DO_NOTHING, related_name="entries")
    counter_account = models.ForeignKey(Account, models.DO_NOTHING, related_name="+")
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    balance_minor = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    deal_id = models.UUIDField(null=True)
    booking_date = models.DateField()
    value_date = models.DateField()

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "ledger_entry"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.key} {self.account_id}"
