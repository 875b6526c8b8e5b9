"""A file is kept as it was given, told by its contents, and shown only to its audience."""

import io
import zipfile

import pytest
from django.db import DatabaseError, transaction

from scf.core.errors import Forbidden, NotFound, RuleBroken
from scf.core.ids import new_id
from scf.documents import storage
from scf.documents.models import Document
from scf.documents.selectors import list_documents
from scf.documents.services import open_document, share_document, store_document
from scf.documents.services.files import shown_name
from scf.workflow.models import Fact
from tests.documents.conftest import JPEG, PDF, XML, png


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "合同.pdf", "application/pdf"),
        (png(), "磅单.PNG", "image/png"),
        (JPEG, "磅单.jpeg", "image/jpeg"),
        (XML, "order.xml", "application/xml"),
        ("订单,数量\nPO-1,5\n".encode(), "orders.csv", "text/csv"),
        ("订单,数量\nPO-1,5\n".encode("gb18030"), "orders.csv", "text/csv"),
        (
            zipped("[Content_Types].xml", "xl/workbook.xml"),
            "orders.xlsx",
            "application/vnd.openxml",
        ),
    ],
    ids=["pdf", "png", "jpeg", "xml", "csv utf-8", "csv gb18030", "xlsx"],
)
def test_each_accepted_kind_comes_back_byte_for_byte(ma, content, name, kind):
    stored = store_document(content, name=name, by=ma)

    document, again = open_document(stored.id, by=ma)
    assert again == content
    assert document.media_type.startswith(kind)
    assert document.name == name


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (PDF, "scan.png", "file_name_mismatch"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.xml", "file_type_refused"),
        (b"<html><script>alert(1)</script></html>", "a.xml", "file_type_refused"),
        (b"GIF89a<html><script>alert(1)</script>", "a.png", "file_type_refused"),
        (png(rest=b"<html>"), "a.png", "file_damaged"),
        (png()[:-20], "a.png", "file_damaged"),
        (png(40_000, 40_000), "a.png", "image_too_large"),
        (PDF[:-8], "a.pdf", "file_damaged"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "a.xml", "file_type_refused"),
        (b"<order>", "a.xml", "file_damaged"),
        (b"MZ\x90\x00\x03" * 9, "a.csv", "file_type_refused"),
        (zipped("xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsx", "file_type_refused"),
        (zipped("word/document.xml"), "a.xlsx", "file_type_refused"),
        (b"PK\x03\x04broken", "a.xlsx", "file_damaged"),
        (b"", "a.pdf", "file_empty"),
        (b"a,b\n" * 3_000_000, "a.csv", "file_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_what_it_says_is_refused_and_nothing_is_kept(
    ma, documents_root, content, name, code
):
    with pytest.raises(RuleBroken) as refusal:
        store_document(content, name=name, by=ma)
    assert refusal.value.code == code
    assert not Document.objects.exists()
    assert not list(documents_root.rglob("*"))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../x.pdf", "x.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("a\x00.pdf", "a.pdf"),
        ("发票\u202egnp.pdf", "发票gnp.pdf"),
        ("长" * 300 + ".pdf", "长" * 111 + ".pdf"),
        ("<b>x</b>.pdf", "b>.pdf"),
    ],
)
def test_the_name_is_only_shown_and_made_harmless(given, shown):
    assert shown_name(given) == shown


def test_the_file_lies_under_a_random_name(ma, documents_root):
    stored = store_document(PDF, name="../../x.pdf", by=ma)
    (file,) = (path for path in documents_root.rglob("*") if path.is_file())
    assert file.name == stored.stored_name
    assert "x" not in file.name


def test_a_stranger_finds_nothing_until_the_document_is_shared(ma, sly):
    stored = store_document(PDF, name="a.pdf", by=ma, deal_id=new_id())
    with pytest.raises(NotFound):
        open_document(stored.id, by=sly)
    assert not list_documents(deal_id=stored.deal_id, by=sly)

    share_document(stored.id, audience=[sly.organization_id], by=ma)

    assert open_document(stored.id, by=sly)[1] == PDF
    assert [fact.name for fact in Fact.objects.filter(subject_id=stored.pk)] == [
        "document.stored",
        "document.shared",
    ]


def test_sharing_twice_leaves_one_fact(ma, sly):
    stored = store_document(PDF, name="a.pdf", by=ma)
    share_document(stored.id, audience=[sly.organization_id], by=ma)
    share_document(stored.id, audience=[sly.organization_id], by=ma)
    assert Fact.objects.filter(name="document.shared").count() == 1


def test_a_stranger_cannot_share_it_to_itself(ma, sly):
    stored = store_document(PDF, name="a.pdf", by=ma)
    with pytest.raises(NotFound):
        share_document(stored.id, audience=[sly.organization_id], by=sly)


def test_nobody_uploads_in_the_name_of_another_organization(ma, stranger_bank):
    with pytest.raises(Forbidden):
        store_document(PDF, name="a.pdf", by=ma, owner_id=stranger_bank.id)


def test_bytes_changed_on_the_disk_are_noticed(ma):
    stored = store_document(PDF, name="a.pdf", by=ma)
    storage.path_of(stored.stored_name).write_bytes(PDF + b" ")
    with pytest.raises(AssertionError, match="does not have the bytes"):
        open_document(stored.id, by=ma)


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"stored_name": "x"}, {"name": "y"}])
def test_the_database_refuses_to_change_what_was_stored(ma, change):
    stored = store_document(PDF, name="a.pdf", by=ma)
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=stored.pk).update(**change)


def test_the_database_refuses_to_delete_a_document(ma):
    stored = store_document(PDF, name="a.pdf", by=ma)
    with pytest.raises(DatabaseError), transaction.atomic():
        stored.delete()
