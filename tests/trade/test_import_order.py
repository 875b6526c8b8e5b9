"""An order comes in from a file: upload, dry run, confirm; or it is refused in words."""

from decimal import Decimal

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.documents.services import open_document
from scf.parties.permissions import Permission
from scf.trade.models import ImportJob, Order
from scf.trade.selectors import get_import, list_imports
from scf.trade.services import (
    cancel_order,
    check_import,
    confirm_import,
    import_order,
    refuse_import,
    upload_import,
)
from tests.factories.parties import also
from tests.factories.trade import draft_order

pytestmark = pytest.mark.django_db

HEADER = "订单号,买方统一社会信用代码,卖方统一社会信用代码,行号,货品名称,单位,数量,含税单价,税率"
JINHE, QINGYE, HENGYAN = "91990100MA0D00017M", "91990100MA0D00025G", "91990100MA0C000160"


def row(number="PO-1", buyer=JINHE, seller=HENGYAN, line="1", quantity="50", price="7604.13"):
    return f"{number},{buyer},{seller},{line},PP 拉丝 T30S,吨,{quantity},{price},13%"


def sheet(*rows):
    return "\n".join((HEADER, *rows)).encode("utf-8-sig")


UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>PO-UBL-7</cbc:ID><cbc:IssueDate>2026-03-05</cbc:IssueDate>
 <cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
 <cac:OrderLine><cac:LineItem><cbc:ID>10</cbc:ID>
  <cbc:Quantity unitCode="TNE">3</cbc:Quantity>
  <cbc:LineExtensionAmount currencyID="{currency}">100.00</cbc:LineExtensionAmount>
  <cac:Price><cbc:PriceAmount currencyID="{currency}">33.333333</cbc:PriceAmount></cac:Price>
  <cac:Item><cbc:Name>色母</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>
   <cbc:Percent>13</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
  </cac:ClassifiedTaxCategory></cac:Item>
 </cac:LineItem></cac:OrderLine>
</Order>"""


def ubl(currency="CNY"):
    return UBL.format(currency=currency).encode()


def test_a_sheet_with_two_orders_is_checked_then_confirmed(ma, hengyan):
    content = sheet(row(), row(line="2", quantity="25"), row(number="PO-2"))
    job = upload_import(content, filename="三月订单.csv", by=ma)
    assert (job.status, Order.objects.count()) == ("uploaded", 0)

    job = check_import(job.pk, by=ma)
    assert (job.status, job.errors, job.rows_total) == ("checked", [], 3)
    assert [one["total_minor"] for one in job.found] == [570_309_75, 380_206_50]
    assert Order.objects.count() == 0

    job = confirm_import(job.pk, by=ma)
    assert (job.status, job.rows_done) == ("confirmed", 3)
    first, second = job.orders.order_by("number")
    assert (first.total_minor, first.seller_id) == (570_309_75, hengyan.pk)
    assert [line.quantity for line in first.lines.all()] == [50, 25]
    assert second.import_job_id == job.pk
    assert first.document_id is None


def test_the_original_file_is_kept(ma, hengyan):
    job = upload_import(sheet(row()), filename="订单.csv", by=ma)

    document, content = open_document(job.document_id, by=ma)
    assert (content, document.name) == (sheet(row()), "订单.csv")


def test_errors_name_row_and_column_and_nothing_is_created(ma, hengyan):
    content = sheet(row(), row(line="2", quantity="很多"), row(number="PO-2"))
    job = check_import(upload_import(content, filename="x.csv", by=ma).pk, by=ma)

    (error,) = job.errors
    assert (error["row"], error["column"]) == (3, "G")
    assert error["zh"]
    assert error["en"]
    with pytest.raises(RuleBroken) as refusal:
        confirm_import(job.pk, by=ma)
    assert refusal.value.code == "import_has_errors"
    assert Order.objects.count() == 0
    assert get_import(job.pk, by=ma).status == "checked"


def test_a_party_that_is_not_here_is_named(ma):
    job = check_import(upload_import(sheet(row()), filename="x.csv", by=ma).pk, by=ma)

    (error,) = job.errors
    assert (error["code"], error["row"]) == ("unknown_party", 2)
    assert HENGYAN in error["zh"]


def test_an_order_between_others_is_not_ours_to_import(delta, jinhe, hengyan):
    job = check_import(upload_import(sheet(row()), filename="x.csv", by=delta).pk, by=delta)

    assert [error["code"] for error in job.errors] == ["not_your_order"]


def test_the_same_file_twice_is_recognised(ma, hengyan):
    first = upload_import(sheet(row()), filename="x.csv", by=ma)

    with pytest.raises(Conflict) as refusal:
        upload_import(sheet(row()), filename="another name.csv", by=ma)
    assert refusal.value.code == "duplicate_file"
    assert refusal.value.extra["import_id"] == str(first.pk)
    assert ImportJob.objects.count() == 1


def test_a_refused_file_may_come_again(ma, hengyan):
    first = upload_import(sheet(row()), filename="x.csv", by=ma)
    refuse_import(first.pk, by=ma, reason="写错了")

    assert upload_import(sheet(row()), filename="x.csv", by=ma).status == "uploaded"
    with pytest.raises(Conflict):
        check_import(first.pk, by=ma)


def test_the_dry_run_names_an_order_we_have_already_and_one_with_a_single_party(ma, hengyan):
    draft_order(number="PO-2")
    content = sheet(row(), row(number="PO-2"), row(number="PO-3", seller=JINHE))
    job = check_import(upload_import(content, filename="x.csv", by=ma).pk, by=ma)

    assert [(one["row"], one["code"]) for one in job.errors] == [
        (4, "same_party"),
        (3, "duplicate_order"),
    ]
    with pytest.raises(RuleBroken):
        confirm_import(job.pk, by=ma)


def test_an_order_we_have_already_stops_the_whole_file(ma, hengyan):
    content = sheet(row(), row(number="PO-2"))
    job = check_import(upload_import(content, filename="x.csv", by=ma).pk, by=ma)
    assert job.errors == []
    draft_order(number="PO-2")

    with pytest.raises(Conflict) as refusal:
        confirm_import(job.pk, by=ma)
    assert refusal.value.code == "duplicate_order"
    assert Order.objects.count() == 1


def test_confirming_needs_a_check_and_happens_once(ma, hengyan):
    job = upload_import(sheet(row()), filename="x.csv", by=ma)
    with pytest.raises(Conflict):
        confirm_import(job.pk, by=ma)

    check_import(job.pk, by=ma)
    confirm_import(job.pk, by=ma)
    with pytest.raises(Conflict):
        confirm_import(job.pk, by=ma)
    assert Order.objects.count() == 1


def test_nobody_else_sees_the_import(ma, wei, sly, hengyan):
    job = upload_import(sheet(row()), filename="x.csv", by=ma)

    for other in (wei, also(sly, Permission.ORDER_IMPORT)):
        assert not list_imports(by=other)
        for act in (check_import, confirm_import, refuse_import):
            with pytest.raises(NotFound):
                act(job.pk, by=other)


def test_who_may_not_import_cannot_upload(nuo):
    with pytest.raises(Forbidden):
        upload_import(sheet(row()), filename="x.csv", by=nuo)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7 ...", "wrong_type"),
        (b"MZ\x90\x00", "wrong_type"),
        (b"\x00\x01\x02", "not_text"),
    ],
)
def test_what_is_no_order_file_is_refused_in_words(ma, content, reason):
    with pytest.raises(RuleBroken) as refusal:
        upload_import(content, filename="x.csv", by=ma)
    assert (refusal.value.code, refusal.value.extra["reason"]) == ("import_refused", reason)
    assert not ImportJob.objects.exists()


def test_a_ubl_order_of_named_parties_comes_in_whole(ma, wei, jinhe, hengyan):
    order = import_order(
        ubl(), filename="order.xml", by=ma, buyer_id=jinhe.pk, seller_id=hengyan.pk
    )

    line = order.lines.get()
    assert (order.number, order.total_minor, order.status) == ("PO-UBL-7", 113_00, "draft")
    assert (line.reference, line.quantity, line.tax_ppm) == ("10", Decimal(3), 130_000)
    assert line.is_pro_rata
    assert order.document_id == order.import_job.document_id
    assert open_document(order.document_id, by=wei)[1] == ubl()


def test_foreign_money_is_refused_unless_read_as_ours(ma, jinhe, hengyan):
    parties = {"buyer_id": jinhe.pk, "seller_id": hengyan.pk}
    with pytest.raises(RuleBroken) as refusal:
        import_order(ubl("EUR"), filename="order.xml", by=ma, **parties)
    assert refusal.value.extra["reason"] == "foreign_currency"
    assert not ImportJob.objects.exists()

    order = import_order(ubl("EUR"), filename="order.xml", by=ma, read_as="CNY", **parties)
    assert (order.currency, order.total_minor) == ("CNY", 113_00)


def test_a_third_party_cannot_import_for_two_others(delta, jinhe, hengyan):
    with pytest.raises(NotFound):
        import_order(ubl(), filename="order.xml", by=delta, buyer_id=jinhe.pk, seller_id=hengyan.pk)


def test_a_cancelled_import_frees_the_number_but_not_the_file(ma, jinhe, hengyan):
    parties = {"buyer_id": jinhe.pk, "seller_id": hengyan.pk}
    order = import_order(ubl(), filename="order.xml", by=ma, **parties)
    cancel_order(order.pk, by=ma, reason="重来")

    with pytest.raises(Conflict):
        import_order(ubl(), filename="order.xml", by=ma, **parties)


def test_broken_xml_becomes_an_error_of_the_dry_run(ma, jinhe, hengyan):
    content = b"<?xml version='1.0'?><Order xmlns='urn:nobody'></Order>"
    parties = {"buyer_id": jinhe.pk, "seller_id": hengyan.pk}
    job = upload_import(content, filename="x.xml", by=ma, **parties)

    job = check_import(job.pk, by=ma)

    assert len(job.errors) == 1
    assert job.found == []
