"""Issuing a numbered paper from a versioned template: PDF, hash of what it says, QR to the
public page.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import rfc8785
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict
from scf.documents import typesetting
from scf.documents.models import Paper, PaperKind
from scf.documents.services.files import store_document
from scf.workflow import clocks, facts

PREFIXES = {
    PaperKind.DRAWDOWN_NOTE: "JJ",
    PaperKind.PAY_OUT_NOTICE: "FK",
    PaperKind.DELIVERY_RECEIPT: "SH",
    PaperKind.PAYMENT_RECEIPT: "HD",
    PaperKind.SETTLEMENT_CERTIFICATE: "JQ",
    PaperKind.INTEREST_NOTICE: "LX",
    PaperKind.MATURITY_NOTICE: "DQ",
    PaperKind.REPAYMENT_NOTE: "KK",
    PaperKind.DUNNING_LETTER: "CS",
    PaperKind.SHORTFALL_NOTICE: "CE",
    PaperKind.BUY_BACK_NOTICE: "HG",
    PaperKind.LOAN_CONTRACT: "HT",
}
# Without 0, 1, I, L, O and U: read aloud and typed by hand, nothing is mistaken. 10 of 30 are 49
# bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@transaction.atomic
def issue_paper(
    kind: str,
    *,
    data: Mapping[str, Any],
    key: str,
    deal_id: UUID | None,
    by: Actor,
    owner_id: UUID,
    audience: Iterable[UUID] = (),
    tx_hash: str = "",
) -> Paper:
    """Make the paper of this kind from ``data`` once: the same key answers with the same paper.

    ``data`` is plain JSON (texts, whole numbers, lists); ``typesetting.FIELDS`` names what each
    kind needs, amounts as ``*_minor`` in fen. Raises Conflict(duplicate_key) for the same key with
    other contents, ValueError when a field is missing.
    """
    kind = PaperKind(kind)
    sha256 = hashlib.sha256(rfc8785.dumps({"kind": kind.value, "data": data})).hexdigest()
    if known := _issued_before(key, sha256):
        return known
    paper = Paper(
        number=_new_number(kind),
        key=key,
        kind=kind,
        template_version=typesetting.VERSION,
        data=dict(data),
        data_sha256=sha256,
        deal_id=deal_id,
        tx_hash=tx_hash,
        issued_on=clocks.business_date(),
    )
    paper.document = store_document(
        typesetting.pdf_of(paper),
        name=f"{typesetting.title_of(kind)}-{paper.number}.pdf",
        by=by,
        owner_id=owner_id,
        audience=audience,
        purpose=f"paper:{kind.value}",
        deal_id=deal_id,
    )
    paper.save(force_insert=True)
    facts.record("paper.issued", paper, by=by, kind=kind.value, number=paper.number, sha256=sha256)
    return paper


def _issued_before(key: str, sha256: str) -> Paper | None:
    known: Paper | None = Paper.objects.select_related("document").filter(key=key).first()
    if known and known.data_sha256 != sha256:
        raise Conflict(_("同一单据已用其他内容出具"), code="duplicate_key", key=key)
    return known


def _new_number(kind: PaperKind) -> str:
    tail = "".join(secrets.choice(ALPHABET) for _place in range(10))
    return f"{PREFIXES[kind]}{clocks.business_date():%Y%m%d}-{tail}"
