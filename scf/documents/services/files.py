"""Storing a file as it was given, sharing it, and handing its bytes to who may read it."""

import hashlib
import unicodedata
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.actor import Actor
from scf.core.errors import Forbidden
from scf.documents import storage
from scf.documents.content import type_of
from scf.documents.models import Document
from scf.documents.selectors import get_document
from scf.workflow import facts

SHOWN_LENGTH = 120


@transaction.atomic
def store_document(
    content: bytes,
    *,
    name: str,
    by: Actor,
    owner_id: UUID | None = None,
    audience: Iterable[UUID] = (),
    purpose: str = "",
    deal_id: UUID | None = None,
) -> Document:
    """Keep the bytes under a random name; the owner (the actor's organization) and ``audience`` may
    read.

    The type is told by the contents (``content.type_of``), the given name is only shown. Raises
    RuleBroken for a file that is refused, Forbidden for another organization's name as owner.
    """
    owner_id = owner_id or by.organization_id
    if owner_id is None or not (by.is_system or owner_id == by.organization_id):
        raise Forbidden(_("只能以本机构的名义上传文件"))
    shown = shown_name(name)
    media_type = type_of(content, name=shown)
    document = Document.objects.create(
        owner_id=owner_id,
        audience=sorted({owner_id, *audience}, key=str),
        purpose=purpose,
        deal_id=deal_id,
        name=shown,
        stored_name=storage.write(content),
        media_type=media_type,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_at=clock.now(),
        stored_by=by.person_id,
    )
    facts.record("document.stored", document, by=by, file_name=shown, sha256=document.sha256)
    return document


@transaction.atomic
def share_document(document_id: UUID, *, audience: Iterable[UUID], by: Actor) -> Document:
    """Let more organizations read it; sharing twice changes nothing. Raises NotFound."""
    document = get_document(document_id, by=by, lock=True)
    grown = sorted({*document.audience, *audience}, key=str)
    if grown != document.audience:
        document.audience = grown
        document.save(update_fields=["audience"])
        facts.record("document.shared", document, by=by)
    return document


def open_document(document_id: UUID, *, by: Actor) -> tuple[Document, bytes]:
    """The document and its bytes; raises NotFound for who may not read it.

    Bytes whose hash is not the row's mean a broken disk or a forged file: AssertionError.
    """
    document = get_document(document_id, by=by)
    content = storage.read(document.stored_name)
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise AssertionError(f"document {document.pk} does not have the bytes it was stored with")
    return document, content


def shown_name(name: str) -> str:
    """The name as pages may show it: no folders, no control or direction signs, its extension kept.

    >>> shown_name("../../etc/发票\\u202egnp.pdf")
    '发票gnp.pdf'
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(
        sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C"
    ).strip()
    stem, dot, extension = visible.rpartition(".")
    if len(visible) > SHOWN_LENGTH and dot:
        return f"{stem[: SHOWN_LENGTH - 9]}.{extension[:8]}"
    return visible[:SHOWN_LENGTH] or "file"
