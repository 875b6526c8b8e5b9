"""XML made to harm is refused before it harms: B37, B52 and what else brackets can hold."""

import socket

import pytest

from scf.trade.importing import ImportRefused, read_ubl, read_ubl_order
from tests.trade.importing.samples import line_xml, order_xml

LAUGHS = "<!DOCTYPE Order [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
)
NOTE = "<cbc:Note>{}</cbc:Note>"


def _refused(content: bytes) -> str:
    with pytest.raises(ImportRefused) as refusal:
        read_ubl(content)
    assert refusal.value.zh
    assert refusal.value.en
    return refusal.value.code


def test_a_billion_laughs_are_not_laughed():
    content = order_xml(line_xml(), prolog=LAUGHS, body=NOTE.format("&a9;"))
    assert _refused(content) == "xml_forbidden"


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Order>",
        '<!DOCTYPE Order SYSTEM "http://127.0.0.1:9/order.dtd">',
        '<!DOCTYPE Order [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
        '<!DOCTYPE Order [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    ],
)
def test_a_document_type_or_entity_is_refused_and_nothing_is_fetched(doctype, monkeypatch):
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: asked.append(address))
    content = order_xml(
        line_xml(), prolog=doctype, body=NOTE.format("&x;" if "ENTITY x" in doctype else "")
    )
    assert _refused(content) == "xml_forbidden"
    assert asked == []


def test_an_xml_too_deep_is_refused():
    deep = "<cac:Party>" * 100_000 + "</cac:Party>" * 100_000
    assert _refused(order_xml(line_xml(), body=deep)) == "too_complex"


def test_an_xml_with_too_many_elements_is_refused():
    assert _refused(order_xml(line_xml(), body="<cbc:Note/>" * 300_001)) == "too_complex"


def test_an_element_with_too_many_attributes_is_refused():
    attributes = " ".join(f'a{n}="1"' for n in range(65))
    assert _refused(order_xml(line_xml(), body=f"<cbc:Note {attributes}/>")) == "too_complex"


def test_a_file_above_ten_mebibytes_is_refused_unread():
    assert _refused(b"<" * (10 * 1024 * 1024 + 1)) == "too_large"


def test_more_than_five_thousand_lines_are_refused():
    assert _refused(order_xml(*[line_xml()] * 5_001)) == "too_many_rows"


def test_five_thousand_lines_are_read():
    order = read_ubl_order(order_xml(*(line_xml(str(n)) for n in range(5_000))))
    assert len(order.lines) == 5_000
    assert order.total_minor == 5_000 * 113_000


def test_odd_base_quantities_and_many_discounts_do_not_make_the_sums_slow():
    lines = (line_xml(str(n), base=str(999_983 + 2 * n), code="") for n in range(2_000))
    discount = (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
        '<cbc:Amount currencyID="CNY">0.01</cbc:Amount></cac:AllowanceCharge>'
    )
    order = read_ubl_order(order_xml(*lines, body=discount * 50))
    assert len(order.lines) == 2_000


def test_too_many_discounts_on_the_document_are_refused():
    discount = (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
        '<cbc:Amount currencyID="CNY">0.01</cbc:Amount></cac:AllowanceCharge>'
    )
    assert _refused(order_xml(line_xml(), body=discount * 501)) == "too_complex"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n ", "empty_file"),
        (b"<Order>", "not_xml"),
        (b"<a></b>", "not_xml"),
        (b"order, line, quantity", "not_xml"),
        (b"<Order/>", "not_ubl"),
        (b"<a>&undefined;</a>", "not_xml"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "not_xml"),
        (b"\xff\xfe<\x00", "not_xml"),
        (b"<a>\x00</a>", "not_xml"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'><script/></html>", "not_ubl"),
    ],
)
def test_what_is_no_ubl_is_refused_in_words(content, code):
    assert _refused(content) == code
