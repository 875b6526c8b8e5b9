"""Papers about an order come in as files: read dry, refused in words, or done."""

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.documents.services import open_document
from scf.trade.models import ImportJob
from scf.trade.selectors import list_imports
from scf.trade.services import (
    check_import,
    check_paper,
    confirm_paper,
    refuse_paper,
    upload_import,
    upload_paper,
)
from tests.factories.parties import party
from tests.trade.papers import bill, brought, checked, codes_of, confirmed_from, order_from, sample

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.mark.parametrize(
    ("name", "kind", "who"),
    [
        ("OrderResponse_sc2.xml", "order_response", "wei"),
        ("DespatchAdvice-BIS3_UseCase1.xml", "despatch_advice", "ku"),
        ("Invoice_Vat-category-S.xml", "invoice", "bai"),
        ("Invoice_base-creditnote-correction.xml", "credit_note", "ma"),
    ],
)
def test_the_kind_is_told_by_the_content_and_the_original_is_kept(name, kind, who, request):
    by = request.getfixturevalue(who)
    job = upload_paper(sample(name), filename=name, by=by)

    assert (job.kind, job.status) == (kind, "uploaded")
    document, content = open_document(job.document_id, by=by)
    assert (content, document.name, document.purpose) == (sample(name), name, kind)


def test_the_same_file_twice_is_recognised_and_may_come_again_once_given_up(wei):
    content = sample("OrderResponse_sc2.xml")
    first = upload_paper(content, filename="a.xml", by=wei)

    with pytest.raises(Conflict) as refusal:
        upload_paper(content, filename="b.xml", by=wei)
    assert refusal.value.code == "duplicate_file"
    assert refusal.value.extra["import_id"] == str(first.pk)

    refuse_paper(first.pk, by=wei, reason="错了")
    assert upload_paper(content, filename="a.xml", by=wei).pk != first.pk


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"a,b\n1,2\n", "not_xml"),
        (b"<?xml version='1.0'?><Order xmlns='urn:nobody'/>", "not_ubl"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "xml_forbidden"),
        (b"<a>" * 100, "too_complex"),
    ],
)
def test_what_is_no_paper_is_refused_in_words_and_nothing_is_kept(ma, content, reason):
    with pytest.raises(RuleBroken) as refusal:
        upload_paper(content, filename="x.xml", by=ma)
    assert (refusal.value.code, refusal.value.extra["reason"]) == ("import_refused", reason)
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Order_sc1.xml", "wrong_document"),
        ("OrderCancellation_sc4.xml", "unsupported_document"),
    ],
)
def test_other_documents_are_named_for_what_they_are(ma, name, reason):
    with pytest.raises(RuleBroken) as refusal:
        upload_paper(sample(name), filename=name, by=ma)
    assert refusal.value.extra["reason"] == reason


def test_who_may_not_do_it_by_hand_may_not_bring_the_paper(wei, ku, bai, nuo):
    for content, by in (
        ("OrderResponse_sc2.xml", ku),
        ("OrderResponse_sc2.xml", bai),
        ("DespatchAdvice-BIS3_UseCase1.xml", wei),
        ("Invoice_Vat-category-S.xml", wei),
        ("Invoice_Vat-category-S.xml", nuo),
    ):
        with pytest.raises(Forbidden):
            upload_paper(sample(content), filename="x.xml", by=by)


def test_nobody_else_sees_the_paper(wei, ma, sly):
    order_from("Order_sc1.xml")
    job = brought(sample("OrderResponse_sc2.xml"), by=wei)

    for other in (ma, sly):
        assert job not in list_imports(by=other)
        for act in (check_paper, confirm_paper, refuse_paper):
            with pytest.raises(NotFound):
                act(job.pk, by=other)


def test_an_import_of_orders_is_no_paper_and_a_paper_no_order(ma, wei):
    paper = brought(sample("OrderResponse_sc2.xml"), by=wei)
    orders = upload_import(sample("Order_sc1.xml"), filename="o.xml", by=ma)

    with pytest.raises(NotFound):
        check_paper(orders.pk, by=ma)
    with pytest.raises(NotFound):
        check_import(paper.pk, by=wei)


def test_an_order_that_is_not_here_is_named(wei):
    order_from("UC1_Order.xml")
    job = checked(sample("OrderResponse_sc2.xml"), by=wei)

    assert codes_of(job) == ["unknown_order"]
    assert "Order-1" in job.errors[0]["zh"]
    assert (job.status, job.found, job.about) == ("checked", [], None)
    with pytest.raises(RuleBroken) as refusal:
        confirm_paper(job.pk, by=wei)
    assert (refusal.value.code, refusal.value.extra["reason"]) == (
        "import_refused",
        "unknown_order",
    )


def test_a_paper_that_names_no_order_or_two_is_refused(wei, ku):
    order_from("Order_sc1.xml")
    response = sample("OrderResponse_sc2.xml")
    silent = response.replace(b"OrderReference>", b"OriginatorDocumentReference>")
    assert codes_of(checked(silent, by=wei)) == ["no_order_reference"]

    advice = sample("DespatchAdvice-BIS3_UseCase1.xml")
    start = advice.index(b"<cac:OrderReference>")
    end = advice.index(b"</cac:OrderReference>") + len(b"</cac:OrderReference>")
    two = (advice[:start] + advice[end:]).replace(b"<cbc:ID>4321", b"<cbc:ID>4322", 1)
    assert codes_of(checked(two, by=ku)) == ["several_orders"]


def test_a_strangers_order_of_the_same_number_is_unknown(delta):
    order_from("Order_sc1.xml")
    job = checked(sample("OrderResponse_sc2.xml"), by=delta)

    assert codes_of(job) == ["unknown_order"]


def test_another_partys_credit_code_is_refused(wei):
    order_from("Order_sc1.xml")
    other = party("tongze")
    foreign = sample("OrderResponse_sc2.xml").replace(b"5541277710", other.uscc.encode())
    job = checked(foreign, by=wei)

    assert codes_of(job) == ["wrong_party"]
    assert other.uscc in job.errors[0]["value"]


def test_another_code_of_the_scheme_the_order_used_is_refused(wei):
    order_from("Order_sc1.xml")
    foreign = sample("OrderResponse_sc2.xml").replace(b"5546577791", b"5546570000")
    foreign = foreign.replace(b"7302347231110", b"7302347230000")

    assert codes_of(checked(foreign, by=wei)) == ["wrong_party"]


def test_the_partys_own_credit_code_is_taken_without_a_word(wei):
    order = order_from("Order_sc1.xml")
    own = sample("OrderResponse_sc2.xml").replace(b"5541277710", order.buyer.uscc.encode())
    own = own.replace(b"5546577791", order.seller.uscc.encode())
    job = checked(own, by=wei)

    assert job.errors == []
    assert not [one for one in job.found[0]["notices"] if "代码" in one["zh"]]


def test_of_two_orders_with_one_number_the_parties_codes_decide(bai):
    first = confirmed_from()
    order_from(buyer="hengyan", seller="tongze", by="wei")
    silent = bill()
    assert codes_of(checked(silent, by=bai)) == ["ambiguous_order"]

    named = bill(("39937423947", first.buyer.uscc))
    assert checked(named, by=bai).about == first
