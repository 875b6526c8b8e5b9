"""Orders out of a file: upload with its dry run, look, confirm or give up."""

from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from scf.api.door import Listed, Shown, Verb
from scf.api.fields import Strict, Text
from scf.api.v1.orders import CURRENCIES
from scf.core.actor import Actor
from scf.parties.permissions import Permission
from scf.trade import selectors, services
from scf.trade.machine import ImportStatus
from scf.trade.models import ImportJob

STATUSES = tuple(ImportStatus.values)


class NewImport(Strict):
    """A UBL 2.1 order, an xlsx or a csv file, and who the parties are where it does not say."""

    file = serializers.FileField(max_length=200, allow_empty_file=True)
    buyer_id = serializers.UUIDField(required=False)
    seller_id = serializers.UUIDField(required=False)
    read_as = serializers.ChoiceField(choices=CURRENCIES, required=False)


class ImportOut(serializers.Serializer[Any]):
    """What the dry run found and what stands against it, with the orders once it is confirmed."""

    id = serializers.UUIDField()
    filename = serializers.CharField()
    file_hash = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    rows_total = serializers.IntegerField()
    rows_done = serializers.IntegerField()
    errors = serializers.ListField(child=serializers.DictField())  # type: ignore[assignment]
    found = serializers.ListField(child=serializers.DictField())
    order_ids = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_order_ids(self, job: ImportJob) -> list[UUID]:
        """The orders it made."""
        return [order.pk for order in job.orders.all()]


class Imports(Listed, Verb):
    """The organization's imports; a new one, read and checked in the same act."""

    parser_classes = (MultiPartParser,)
    reads = Permission.ORDER_IMPORT
    reading, writing = "listImports", "uploadImport"
    lists = ImportOut
    takes, gives, answers = NewImport, ImportOut, 201

    def rows(self, given: dict[str, Any], *, by: Actor) -> Any:
        return selectors.list_imports(by=by, **given)

    @transaction.atomic
    def act(self, given: dict[str, Any], *, by: Actor, **_ids: Any) -> ImportJob:
        file = given.pop("file")
        job = services.upload_import(file.read(), filename=file.name, by=by, **given)
        return services.check_import(job.pk, by=by)


class OneImport(Shown):
    """One import of the organization."""

    reads, reading, gives = Permission.ORDER_IMPORT, "getImport", ImportOut

    def find(self, *, by: Actor, **ids: UUID) -> ImportJob:
        return selectors.get_import(ids["import_id"], by=by)


class ConfirmImport(Verb):
    """Create every order of the checked file, all or none."""

    gives = ImportOut

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> ImportJob:
        return services.confirm_import(ids["import_id"], by=by, **given)


class GiveUp(Strict):
    """Why, for the record."""

    reason = Text(max_length=500, default="", allow_blank=True)


class RefuseImport(Verb):
    """Give the import up; the same file may be uploaded again."""

    takes, gives = GiveUp, ImportOut

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> ImportJob:
        return services.refuse_import(ids["import_id"], by=by, **given)
