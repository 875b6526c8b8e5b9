"""Which documents and papers an actor may read, and what the public may verify."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.documents.models import Document, Paper, PaperKind


@dataclass(frozen=True)
class Verification:
    """What anybody with the number of a paper may know: that it exists, and the few figures on
    it.
    """

    number: str
    kind: str
    issued_on: date
    amount_minor: int | None
    data_sha256: str
    file_sha256: str
    tx_hash: str
    template_version: int


def get_document(document_id: UUID, *, by: Actor, lock: bool = False) -> Document:
    """One document the actor may read; NotFound otherwise."""
    rows = Document.objects.visible_to(by)
    if lock:
        rows = rows.select_for_update()
    found: Document | None = rows.filter(pk=document_id).first()
    if found is None:
        raise NotFound(_("没有这份文件"))
    return found


def list_documents(*, by: Actor, deal_id: UUID | None = None) -> Any:
    """The documents the actor may read, of one deal or all, oldest first."""
    rows = Document.objects.visible_to(by)
    return rows.filter(deal_id=deal_id) if deal_id else rows


def list_papers(*, deal_id: UUID, by: Actor) -> Any:
    """The papers of a deal the actor may read, oldest first, each with its file."""
    return Paper.objects.visible_to(by).filter(deal_id=deal_id).select_related("document")


def get_paper(number: str, *, by: Actor) -> Paper:
    """One paper by its number; NotFound for who may not read it."""
    found: Paper | None = (
        Paper.objects.visible_to(by).select_related("document").filter(number=number).first()
    )
    if found is None:
        raise NotFound(_("没有这份单据"))
    return found


def verify_paper(number: str) -> Verification:
    """What the public page shows of a paper. The number holds 50 random bits: it cannot be
    guessed.
    """
    paper = Paper.objects.select_related("document").filter(number=number.strip().upper()).first()
    if paper is None:
        raise NotFound(_("没有编号为 %(number)s 的单据"), number=number)
    return Verification(
        number=paper.number,
        kind=str(PaperKind(paper.kind).label),
        issued_on=paper.issued_on,
        amount_minor=paper.data.get("amount_minor"),
        data_sha256=paper.data_sha256,
        file_sha256=paper.document.sha256,
        tx_hash=paper.tx_hash,
        template_version=paper.template_version,
    )


def is_same_file(verification: Verification, *, content: bytes) -> bool:
    """True when the given bytes are the very file that was issued under this number."""
    return hashlib.sha256(content).hexdigest() == verification.file_sha256
