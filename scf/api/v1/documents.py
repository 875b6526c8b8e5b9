"""The documents of a deal or of an order that the organization may read, and their bytes."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from scf.api.door import Door, Listed, Shown
from scf.api.pages import PageQuery
from scf.core.actor import Actor
from scf.documents import selectors
from scf.documents.models import Document
from scf.documents.services import open_document
from scf.parties.permissions import Permission


class DocumentOut(serializers.Serializer[Any]):
    """A file as it was given; ``sha256`` is of its bytes, which never change."""

    id = serializers.UUIDField()
    deal_id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    media_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    stored_at = serializers.DateTimeField()


class DocumentQuery(PageQuery):
    """Filters of the list."""

    deal_id = serializers.UUIDField(required=False)


class Documents(Listed):
    """What the organization may read: of one deal, papers among them, or all."""

    reads, reading = Permission.APPLICATION_VIEW, "listDocuments"
    asks, lists = DocumentQuery, DocumentOut

    def rows(self, given: dict[str, Any], *, by: Actor) -> Any:
        return selectors.list_documents(by=by, **given)


class OneDocument(Shown):
    """What a document is called, its type, size and hash."""

    reads, reading, gives = Permission.APPLICATION_VIEW, "getDocument", DocumentOut

    def find(self, *, by: Actor, **ids: UUID) -> Document:
        return selectors.get_document(ids["document_id"], by=by)


class DocumentContent(Door):
    """The bytes, as an attachment."""

    reads, reading = Permission.APPLICATION_VIEW, "getDocumentContent"
    gives: ClassVar[Any] = DocumentOut

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, document_id: UUID) -> HttpResponse:
        """The file for who may read it; 404 for everybody else."""
        by = self.reader(request)
        self.asked(request)
        document, content = open_document(document_id, by=by)
        disposition = content_disposition_header(as_attachment=True, filename=document.name)
        headers = {"Content-Disposition": str(disposition), "X-Content-Type-Options": "nosniff"}
        return HttpResponse(content, content_type=document.media_type, headers=headers)
