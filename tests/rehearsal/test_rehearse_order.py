"""Orders of any shape are driven from import to repaid loan, and the money adds up to the fen."""

import pytest
from django.utils.translation import gettext_lazy as _

from scf.core.errors import Conflict
from scf.rehearsal.bringing import read_order
from scf.rehearsal.papers import read_bill, read_paper, require_despatch_of
from scf.rehearsal.refusals import Refused, refused
from scf.rehearsal.rehearsing import adds_up
from scf.trade.importing import DocumentKind
from scf.trade.models import Order
from tests.rehearsal.conftest import ubl_order
from tests.trade.importing.samples import line_xml, order_xml

SHAPES = {
    "one_fen": [("1", "0.01")],
    "three_fen": [("3", "0.01")],
    "a_crumb_of_quantity": [("0.000001", "35000")],
    "fine_quantity": [("12.345678", "7604.13"), ("0.333333", "12.345678")],
    "huge": [("999999.999999", "49999.99")],
    "a_free_line": [("10", "0"), ("10", "12.50")],
    "many_lines": [(str(number), "3.07") for number in range(1, 26)],
}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_an_order_of_this_shape_ends_settled(same_day, shape):
    found = same_day(ubl_order(*SHAPES[shape]))

    assert (found["loan"], found["ok"]) == ("settled", True)
    assert found["escrow"] in ("settled", "returned")
    assert adds_up(found["money"])
    assert found["money"]["interest"] == 0
    assert found["invariants"] == {"ok": True, "broken": {}}


def test_one_line_comes_short_and_its_rest_goes_back(same_day):
    found = same_day(ubl_order(("1000", "10"), ("500", "20")))

    money = found["money"]
    assert money["returned"] == 30_00
    assert money["released"] == 20_000_00 - 30_00
    assert money["own_funds"] == 4_000_00
    assert (found["differences"], found["notices"][0]["line"]) == ([], "1")
    names = [step["step"] for step in found["steps"]]
    assert (names.count("ship"), names.count("return_line")) == (2, 2)
    assert all(step["tx_hash"] for step in found["steps"] if step["step"] == "pay_out")


def test_the_same_file_may_be_rehearsed_again(same_day):
    first, again = (same_day(ubl_order(("10", "12.50"))) for _time in range(2))

    assert (first["order"], again["order"]) == ("PO-77", "PO-77-R2")
    assert first["ok"]
    assert again["ok"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ubl_order(("1", "0")), "zero_total"),
        (ubl_order(("999999999.999999", "999999999")), "amount_too_high"),
        ("not an order at all", "unknown_file"),
    ],
)
def test_what_cannot_be_financed_is_refused_and_leaves_nothing(same_day, text, code):
    with pytest.raises(Refused) as refusal:
        same_day(text)

    assert refusal.value.zh
    assert refusal.value.en
    assert not Order.objects.exists()


DESPATCH = """<?xml version="1.0" encoding="UTF-8"?>
<DespatchAdvice xmlns="urn:oasis:names:specification:ubl:schema:xsd:DespatchAdvice-2"
    xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>DA-1</cbc:ID>
  <cbc:IssueDate>2026-03-05</cbc:IssueDate>
  <cac:DespatchLine>
    <cbc:ID>1</cbc:ID>
    <cbc:DeliveredQuantity unitCode="KGM">6</cbc:DeliveredQuantity>
    <cac:OrderLineReference><cbc:LineID>{line}</cbc:LineID></cac:OrderLineReference>
    <cac:Item><cbc:Name>goods</cbc:Name></cac:Item>
  </cac:DespatchLine>
</DespatchAdvice>
"""


def test_a_despatch_advice_says_what_comes_first(same_day, tmp_path):
    path = tmp_path / "despatch.xml"
    path.write_text(DESPATCH.format(line=2))
    despatch = read_paper(path, DocumentKind.DESPATCH_ADVICE)

    found = same_day(ubl_order(("10", "12.50"), ("10", "20")), despatch=despatch)

    assert found["ok"]
    assert found["money"]["released"] == 325_00
    assert found["escrow"] == "settled"


def test_a_despatch_advice_of_another_order_is_refused(tmp_path):
    path = tmp_path / "despatch.xml"
    path.write_text(DESPATCH.format(line=9))
    despatch = read_paper(path, DocumentKind.DESPATCH_ADVICE)

    with pytest.raises(Refused) as refusal:
        require_despatch_of(_given(tmp_path, ubl_order(("10", "12.50"))), despatch)
    assert refusal.value.code == "despatch_not_of_order"


def test_an_invoice_priced_by_nothing_is_refused(tmp_path):
    path = tmp_path / "invoice.xml"
    text = order_xml(line_xml(base="0"), kind="Invoice").decode()
    text = text.replace("<cac:OrderLine><cac:LineItem>", "<cac:InvoiceLine>")
    path.write_text(text.replace("</cac:LineItem></cac:OrderLine>", "</cac:InvoiceLine>"))
    with pytest.raises(Refused) as refusal:
        read_bill(path, read_as="CNY")
    assert refusal.value.code == "bad_base_quantity"


def test_what_a_service_refuses_is_told_in_both_languages():
    said = refused(Conflict(_("订单 %(number)s 已存在"), code="duplicate_order", number="PO-1"))
    assert (said.zh, said.en) == ("订单 PO-1 已存在", "The order PO-1 is there already")


def _given(folder, text):
    path = folder / "order.xml"
    path.write_text(text)
    return read_order(path, read_as="CNY")
