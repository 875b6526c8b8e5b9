"""What the portals keep for themselves: named filters of lists, and what was on a screen when it
was given back.
"""

from typing import Any

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.financing.models import Application
from scf.parties.models import User


class SavedList(models.TextChoices):
    """The lists whose filters may be kept; the values are the names of their addresses."""

    APPLICATIONS = "applications", _("融资")
    LOANS = "loans", _("贷款")
    ORDERS = "orders", _("订单")


class SavedView(models.Model):
    """A list with its filters under a name, one person's own. ``query`` is the address after the
    question mark.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    page = models.CharField(max_length=20, choices=SavedList.choices)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"], name="saved_view_name_once_a_list"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReturnedVersion(models.Model):
    """What of an application the bank had before it when it gave it back, and why. Append-only."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="returned_versions"
    )
    round = models.PositiveSmallIntegerField()
    content: Any = models.JSONField(encoder=DjangoJSONEncoder)
    codes: Any = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    returned_at = models.DateTimeField()

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "round"], name="returned_version_once_a_round"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.round}"
