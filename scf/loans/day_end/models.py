"""What each close found, from where a loan is quiet, and how far a close has come."""

from typing import ClassVar

import pgtrigger
from django.db import models

EXACT_DIGITS = 200  # of a numerator: months of many lengths have a long common denominator


class LoanDay(models.Model):
    """A loan at the close of a bank day: what was known then. Append-only, one a loan a day.

    ``accrued_num`` is the exact interest of the day and ``cumulative_num`` all that ran since the
    first day, in fen over ``denominator``; meters that stood still count as recognised. The ledger
    may show up to ``recognised_minor`` (K5). What an act dated back changed shows as a jump in the
    next row. ``tier`` is the best grade the days past due allow, 1 (正常) to 5 (损失).
    """

    # The day stands first, so that a close appends at one end of the index.
    pk = models.CompositePrimaryKey("on", "loan_id")
    on = models.DateField()
    # A loan is never deleted: a look at it for each of a million rows would prove nothing.
    loan = models.ForeignKey(
        "loans.Loan",
        on_delete=models.PROTECT,
        related_name="days",
        db_constraint=False,
        db_index=False,
    )
    principal_minor = models.BigIntegerField()
    rate_ppm = models.IntegerField()
    accrued_num = models.DecimalField(max_digits=EXACT_DIGITS, decimal_places=0)
    cumulative_num = models.DecimalField(max_digits=EXACT_DIGITS, decimal_places=0)
    denominator = models.DecimalField(max_digits=EXACT_DIGITS, decimal_places=0)
    recognised_minor = models.BigIntegerField()
    days_past_due = models.IntegerField()
    tier = models.SmallIntegerField()

    class Meta:
        ordering = ["on", "loan_id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(denominator__gt=0, tier__range=(1, 5), days_past_due__gte=0),
                name="loan_day_in_range",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.on}"


class LoanSnapshot(models.Model):
    """A loan as the fold left it on the morning of ``on``, and until when nothing will happen.

    At the close of a day from ``on`` and before ``next_event_on`` the exact cumulative is
    ``cumulative_num`` plus a ``daily_num`` for each day from ``on`` on, that day with it, over
    ``denominator``. A loan that must be folded at its next close has both dates the same.
    ``unpaid_since`` is the oldest due date that is not wholly paid.
    """

    loan = models.OneToOneField(
        "loans.Loan", on_delete=models.PROTECT, primary_key=True, related_name="snapshot"
    )
    on = models.DateField()
    next_event_on = models.DateField()
    principal_minor = models.BigIntegerField()
    rate_ppm = models.IntegerField()
    daily_num = models.BigIntegerField()
    cumulative_num = models.BigIntegerField()
    denominator = models.BigIntegerField()
    unpaid_since = models.DateField(null=True)

    class Meta:
        ordering = ["loan_id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    next_event_on__gte=models.F("on"),
                    denominator__gt=0,
                    daily_num__gte=0,
                    cumulative_num__gte=0,
                ),
                name="loan_snapshot_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.on} → {self.next_event_on}"


class LoanDayMark(models.Model):
    """How far the close of a day has come among the quiet loans, in the order of their ids."""

    objects: ClassVar[models.Manager["LoanDayMark"]] = models.Manager()

    on = models.DateField(primary_key=True)
    reached_id = models.UUIDField(null=True)
    loans = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on} {self.loans}"
