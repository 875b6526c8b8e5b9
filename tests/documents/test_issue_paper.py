"""A paper is issued once from its template, with a number, a hash and a public page that
verifies it.
"""

import re
from copy import deepcopy

import pytest
from django.db import DatabaseError, transaction

from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, NotFound
from scf.core.ids import new_id
from scf.documents.capitals import capital_yuan
from scf.documents.models import Paper, PaperKind
from scf.documents.selectors import get_paper, is_same_file, list_papers, verify_paper
from scf.documents.services import issue_paper, open_document
from scf.documents.typesetting import FIELDS

TX = "0x" + "ab" * 32
ROW = {
    "line": 1, "goods": "PP 拉丝 T30S", "shipped": "50.000 t", "accepted": "49.000 t",
    "missing": "1.000 t", "amount_minor": 37_260_237,
}  # fmt: skip


def data_of(kind: str) -> dict[str, object]:
    """Every field the paper needs, amounts in fen."""
    fields: dict[str, object] = {name: f"{name} 甲" for name in FIELDS[PaperKind(kind)].split()}
    for name in fields:
        if name.endswith("_minor"):
            fields[name] = 37_260_237
    if "lines" in fields:
        fields["lines"] = [dict(ROW)]
    if kind == "loan_contract":
        fields |= contract_rows(times=1)
    if "stretches" in fields:
        text = "800,000.00 × 4.3500% × 60/360 = 5,800.0000"
        fields["stretches"] = [{"from": "2026-03-12", "to": "2026-05-11", "text": text}]
    return fields


def contract_rows(*, times: int) -> dict[str, object]:
    """The lists of a loan contract, each of so many rows with long names."""
    sums = ("amount", "principal", "interest", "fees", "sum", "each")
    row = {
        **{f"{name}_minor": 37_260_237 for name in sums},
        "zh": "借款人", "en": "Borrower", "name": "云岫金禾塑编（集团）供应链管理有限公司" * 3,
        "when": "每个还款日", "when_en": "on every due date", "first_on": "2026-04-12", "times": 3,
        "taker": "银行", "taker_en": "Bank", "how": "随贷款收取", "how_en": "with the loan",
        "uscc": "91990100MA0D00017M", "share": "60.00 %",
        "due_on": "2026-04-12", "line": 1, "price": "7604.13",
        "goods": "高密度聚乙烯管材专用料（黑色，燃气管道用）" * 2, "person": "罗",
        "quantity": "50 吨", "value": "0x" + "ab" * 32, "value_en": "the same",
        "parts": [{"zh": "借款人按期还本付息。", "en": "Repaid."}], "at": "2026-03-09 10:00:00",
    }  # fmt: skip
    lists = ("parties", "lenders", "lines", "terms", "schedule", "fees", "clauses", "chain")
    return {name: [dict(row)] * times for name in (*lists, "signers")}


def issue(kind: str, buyer, *, key: str = "paper:1", data=None, **extra):
    return issue_paper(
        kind,
        data=data or data_of(kind),
        key=key,
        deal_id=None,
        by=SYSTEM,
        owner_id=buyer.id,
        **extra,
    )


@pytest.mark.parametrize("kind", PaperKind.values)
def test_every_kind_becomes_a_pdf_its_owner_can_open(buyer, ma, kind):
    paper = issue(kind, buyer, tx_hash=TX)

    _document, content = open_document(paper.document_id, by=ma)
    assert content.startswith(b"%PDF-")
    assert len(content) > 8_000
    assert re.fullmatch(r"[A-Z]{2}\d{8}-[2-9A-HJKMNP-Z]{10}", paper.number)


def test_a_long_contract_runs_over_pages_that_say_how_many_there_are(buyer, ma):
    pages = []
    for times in (1, 40):
        data = data_of("loan_contract") | contract_rows(times=times)
        paper = issue("loan_contract", buyer, key=f"contract:{times}", data=data)
        _document, content = open_document(paper.document_id, by=ma)
        (count,) = re.findall(rb"/Count (\d+)", content)
        pages.append(int(count))
    # Nine tables of forty rows each do not fit on fewer; one that could not break would vanish.
    assert pages[0] <= 3
    assert pages[1] >= 15


def test_the_same_key_answers_with_the_same_paper(buyer):
    first = issue("payment_receipt", buyer)
    again = issue("payment_receipt", buyer)
    assert again == first
    assert Paper.objects.count() == 1


def test_the_same_key_with_other_contents_is_a_conflict(buyer):
    issue("payment_receipt", buyer)
    other = deepcopy(data_of("payment_receipt")) | {"amount_minor": 1}
    with pytest.raises(Conflict) as refusal:
        issue("payment_receipt", buyer, data=other)
    assert refusal.value.code == "duplicate_key"


def test_a_paper_without_a_field_it_needs_is_not_made(buyer):
    data = data_of("drawdown_note")
    del data["payee"]
    with pytest.raises(ValueError, match="lacks payee"):
        issue("drawdown_note", buyer, data=data)
    assert not Paper.objects.exists()


def test_anybody_with_the_number_may_verify_and_compare_the_file(buyer, ma):
    paper = issue("payment_receipt", buyer, tx_hash=TX)
    _document, content = open_document(paper.document_id, by=ma)

    found = verify_paper(paper.number.lower())
    assert (found.amount_minor, found.tx_hash, found.kind) == (37_260_237, TX, "电子回单")
    assert is_same_file(found, content=content)
    assert not is_same_file(found, content=content + b" ")


def test_an_unknown_number_is_not_found(db):
    with pytest.raises(NotFound):
        verify_paper("HD20260312-2222222222")


def test_a_stranger_does_not_see_the_paper_itself(buyer, ma, sly):
    deal_id = new_id()
    paper = issue_paper(
        "payment_receipt", data=data_of("payment_receipt"), key="p", deal_id=deal_id, by=SYSTEM,
        owner_id=buyer.id,
    )  # fmt: skip
    assert get_paper(paper.number, by=ma) == paper
    assert list(list_papers(deal_id=deal_id, by=ma)) == [paper]
    assert not list_papers(deal_id=deal_id, by=sly)
    with pytest.raises(NotFound):
        get_paper(paper.number, by=sly)


def test_text_in_the_data_is_never_code(buyer, ma):
    data = data_of("payment_receipt") | {"reason": '#panic("x") #read("/etc/passwd") $1/0$'}
    paper = issue("payment_receipt", buyer, data=data)
    assert open_document(paper.document_id, by=ma)[1].startswith(b"%PDF-")


def test_the_database_refuses_to_change_a_paper(buyer):
    paper = issue("payment_receipt", buyer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(number="HD20260312-2222222222")


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (37_260_237, "叁拾柒万贰仟陆佰零贰元叁角柒分"),
        (870_000, "捌仟柒佰元整"),
        (5, "伍分"),
        (0, "零元整"),
        (8_000_000_000, "捌仟万元整"),
    ],
)
def test_amounts_in_capital_numerals(minor, words):
    assert capital_yuan(minor) == words
