"""Papers set by typst from versioned templates; the data reaches the template as JSON, never as
code.
"""

import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.utils import translation
from noto_cjk_sans_otc import FONT_PATH

from scf.core import clock
from scf.core.money import format_yuan
from scf.documents.capitals import capital_yuan
from scf.documents.models import Paper, PaperKind

VERSION = 1
_DEMAND = (
    "bank enterprise borrower contract_number clause reason amount_minor demanded_on pay_by as_of "
    "costs_minor penalty_minor compound_minor interest_minor principal_minor total_minor "
    "undelivered_minor content_sha256"
)
TEMPLATES = Path(__file__).parent / "paper_templates"
# What each paper says; every field is needed, a list field holds rows of its own (see the
# template).
FIELDS = {
    PaperKind.DRAWDOWN_NOTE: (
        "borrower lender contract_number part amount_minor rate start_on due_on interest_minor "
        "repayment payee purpose"
    ),
    PaperKind.PAY_OUT_NOTICE: (
        "bank borrower payee contract_number amount_minor own_funds_minor total_minor "
        "funded_on expiry"
    ),
    PaperKind.DELIVERY_RECEIPT: (
        "buyer seller order_number delivery_number received_on amount_minor lines"
    ),
    PaperKind.PAYMENT_RECEIPT: (
        "payer payer_account payee payee_account amount_minor paid_at reason"
    ),
    PaperKind.SETTLEMENT_CERTIFICATE: (
        "bank borrower contract_number amount_minor interest_minor penalty_minor settled_on"
    ),
    PaperKind.INTEREST_NOTICE: (
        "bank borrower contract_number due_on period rate stretches run_minor paid_minor "
        "earlier_minor amount_minor principal_minor penalty_minor total_minor account"
    ),
    PaperKind.MATURITY_NOTICE: (
        "bank borrower contract_number opened_on due_on amount_minor principal_minor "
        "interest_minor penalty_minor penalty_rate account"
    ),
    PaperKind.REPAYMENT_NOTE: (
        "bank borrower contract_number paid_on reason amount_minor costs_minor penalty_minor "
        "compound_minor interest_minor principal_minor overpaid_minor principal_left_minor"
    ),
    PaperKind.DUNNING_LETTER: (
        "bank borrower contract_number due_on as_of days amount_minor costs_minor "
        "principal_minor interest_minor penalty_minor compound_minor penalty_rate account"
    ),
    PaperKind.SHORTFALL_NOTICE: _DEMAND,
    PaperKind.BUY_BACK_NOTICE: _DEMAND,
    PaperKind.LOAN_CONTRACT: (
        "contract_number parties lenders order_number purpose lines total_minor own_funds_minor "
        "deposit_minor amount_minor terms schedule interest_minor fees_total_minor fees clauses "
        "chain signers opened_on"
    ),
}


def pdf_of(paper: Paper) -> bytes:
    """The PDF of a paper. Raises ValueError naming the fields of ``FIELDS`` that its data lacks."""
    kind = PaperKind(paper.kind)
    missing = set(FIELDS[kind].split()) - set(paper.data)
    if missing:
        raise ValueError(f"{kind.value} lacks {', '.join(sorted(missing))}")
    address = f"{settings.PUBLIC_URL}/verify/{paper.number}"
    said = {
        **_with_words(paper.data),
        "title": title_of(kind),
        "kind": kind.value,
        "number": paper.number,
        "sha256": paper.data_sha256,
        "issued_on": paper.issued_on.isoformat(),
        "tx_hash": paper.tx_hash,
        "verify": address,
        "qr": _qr(address),
        "is_demo": settings.CHAIN_ID == settings.DEMO_CHAIN_ID,
    }
    made = typst.compile(
        str(TEMPLATES / f"v{paper.template_version}.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        sys_inputs={"paper": json.dumps(said, ensure_ascii=False, default=str)},
        timestamp=int(clock.shanghai_midnight(paper.issued_on).timestamp()),
    )
    if not isinstance(made, bytes):
        raise AssertionError(f"typst gave {type(made).__name__} for {paper.number}")
    return made


def title_of(kind: PaperKind) -> str:
    """The paper's title; papers are in Chinese whatever the language of who had them issued."""
    with translation.override("zh-hans"):
        return str(PaperKind(kind).label)


@cache
def _fonts() -> typst.Fonts:
    # One Chinese face from a wheel: the paper looks the same on every machine.
    return typst.Fonts(include_system_fonts=False, font_paths=[str(Path(str(FONT_PATH)).parent)])


def _with_words(data: Mapping[str, object]) -> dict[str, object]:
    """The data with every amount written out: ``x_minor`` gives ``x`` in figures and in
    capitals.
    """
    words: dict[str, object] = dict(data)
    for field, value in data.items():
        if field.endswith("_minor") and isinstance(value, int):
            words[field.removesuffix("_minor")] = format_yuan(value)
            words[field.replace("_minor", "_capital")] = capital_yuan(value)
        if isinstance(value, list):
            words[field] = [_with_words(row) if isinstance(row, Mapping) else row for row in value]
    return words


def _qr(address: str) -> str:
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=1)
    return picture.getvalue().decode()
