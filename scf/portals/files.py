"""Handing out stored files: always as a download, never shown in the page's own origin."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from scf.documents.services import open_document
from scf.portals.session import actor_of


@require_GET
def download(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The file for who may read it; 404 for everybody else."""
    document, content = open_document(document_id, by=actor_of(request))
    disposition = content_disposition_header(as_attachment=True, filename=document.name)
    return HttpResponse(
        content,
        content_type=document.media_type,
        headers={
            "Content-Disposition": str(disposition),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )
