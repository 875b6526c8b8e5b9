"""Documents that are odd but legal: nothing of them is lost, and what is refused is told in
words.
"""

import re
from decimal import Decimal

import pytest

from scf.trade.importing import ImportRefused, read_ubl_order, require_financeable
from scf.trade.importing.sniff import FileKind, kind_of_file
from tests.trade.importing.samples import adjustment_xml, line_xml, order_xml, totals_xml

PLAIN = order_xml(line_xml("1"), line_xml("2", quantity="2.5", price="40.004")).decode()
EXTENSION = (
    '<e:UBLExtensions xmlns:e="urn:oasis:names:specification:ubl:schema:xsd:'
    'CommonExtensionComponents-2"><e:UBLExtension><e:ExtensionContent>'
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignatureValue>c2ln'
    "</ds:SignatureValue></ds:Signature></e:ExtensionContent></e:UBLExtension></e:UBLExtensions>"
)


def encoded(name: str, codec: str) -> bytes:
    return PLAIN.replace('encoding="UTF-8"', f'encoding="{name}"').encode(codec)


def prefixed(text: str) -> str:
    """The same with prefixes of its own, on the root as well."""
    text = re.sub(r"(</?|xmlns:)cbc\b", r"\1ns2", text)
    text = re.sub(r"(</?|xmlns:)cac\b", r"\1q.x-1", text)
    return text.replace("<Order xmlns=", "<o:Order xmlns:o=").replace("</Order>", "</o:Order>")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(encoded("UTF-16", "utf-16"), id="UTF-16 with its mark"),
        pytest.param(b"\xfe\xff" + encoded("UTF-16", "utf-16-be"), id="UTF-16, the big end first"),
        pytest.param(encoded("GBK", "gbk"), id="GBK"),
        pytest.param(encoded("gb2312", "gb2312"), id="GB 2312"),
        pytest.param(encoded("GB18030", "gb18030"), id="GB 18030"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN.encode(), id="UTF-8 with a mark"),
        pytest.param(b"\r\n " + PLAIN.encode(), id="blanks before the declaration"),
        pytest.param(prefixed(PLAIN).encode(), id="other prefixes"),
        pytest.param(PLAIN.replace("><", ">\r\n  <").encode(), id="Windows line ends"),
        pytest.param(
            PLAIN.replace("<cac:", "<!-- <cbc:ID>9</cbc:ID> --><?pi x?><cac:").encode(),
            id="comments and processing instructions",
        ),
        pytest.param(PLAIN.replace(">10<", "> \t10\n <").encode(), id="blanks around a number"),
        pytest.param(PLAIN.replace(">10<", "><!--ten-->1<?p?>0<").encode(), id="a number in parts"),
        pytest.param(PLAIN.replace(">聚丙烯<", "><![CDATA[聚丙烯]]><").encode(), id="CDATA"),
        pytest.param(PLAIN.replace(">10<", ">+10.000000000<").encode(), id="needless zeros"),
    ],
)
def test_the_same_order_however_it_is_written(content):
    wanted, order = read_ubl_order(PLAIN.encode()), read_ubl_order(content)
    assert (order.number, order.lines) == (wanted.number, wanted.lines)
    assert order.total_minor == 124_301
    assert order.unread == ()
    assert kind_of_file(content) is FileKind.UBL


def test_what_says_gbk_and_is_not_is_refused_in_words():
    with pytest.raises(ImportRefused) as refusal:
        read_ubl_order(PLAIN.replace("UTF-8", "GBK").encode() + b"\xff\xff")
    assert refusal.value.code == "not_xml"


def test_an_extension_with_a_signature_is_no_part_of_the_order_and_is_named():
    order = read_ubl_order(PLAIN.replace("<cbc:ID>", EXTENSION + "<cbc:ID>", 1).encode())
    assert order.total_minor == 124_301
    assert any("SignatureValue" in path for path in order.unread)


def test_rates_discounts_and_charges_of_one_order_each_count_by_their_own():
    order = read_ubl_order(
        order_xml(
            line_xml("1", quantity="3", price="33.333333", percent="13"),
            line_xml("2", quantity="0.5", price="100", percent="6"),
            line_xml("3", more=adjustment_xml("10", is_charge=False), percent="9"),
            line_xml("4", quantity="1", price="7", percent="0", code="Z"),
            body=adjustment_xml("5", is_charge=True, percent="13"),
            totals=totals_xml(PayableAmount="1260.55"),
        )
    )
    # 99.999999 × 1.13, 50 × 1.06, (1000 − 10) × 1.09, 7; and 5 × 1.13 on the whole.
    assert [line.value_minor for line in order.lines] == [11_300, 5_300, 107_910, 700]
    assert order.total_minor == 11_300 + 5_300 + 107_910 + 700 + 565
    assert [(one.field, one.stated, one.recomputed) for one in order.differences] == [
        ("payable", Decimal("1260.55"), Decimal("1257.75"))
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (line_xml("1", quantity="0"), "line_not_positive"),
        (line_xml("1", quantity="-2"), "line_not_positive"),
        (line_xml("1", price="-2"), "line_not_positive"),
        (line_xml("1", price=None), "order_without_price"),
        (line_xml("1", price="0"), "zero_total"),
        (line_xml("9" * 61), "text_too_long"),
        (line_xml("1").replace('"TNE"', f'"{"T" * 25}"'), "text_too_long"),
        (line_xml("1", currency="USD"), "mixed_currency"),
    ],
    ids=lambda value: value if value.islower() else "",
)
def test_a_line_no_bank_can_finance_is_refused_with_its_place(line, code):
    with pytest.raises(ImportRefused) as refusal:
        require_financeable(read_ubl_order(order_xml(line)))
    assert refusal.value.code == code
    assert refusal.value.zh
    assert refusal.value.en


def test_a_number_too_long_to_be_kept_is_refused_and_not_cut():
    content = PLAIN.replace(">PO-1<", f">{'P' * 121}<").encode()
    with pytest.raises(ImportRefused) as refusal:
        require_financeable(read_ubl_order(content))
    assert (refusal.value.code, refusal.value.where) == ("text_too_long", "P" * 40)


def test_an_order_that_states_next_to_nothing_is_read():
    bare = re.sub(r"<cac:(Buyer|Seller).*?Party></cac:\w+>", "", PLAIN)
    bare = re.sub(r"<cac:Item>.*?</cac:Item>", "", bare)
    order = read_ubl_order(bare.encode())
    assert [line.value_minor for line in order.lines] == [100_000, 10_001]
    assert {line.name for line in order.lines} == {""}


def test_a_line_that_the_orders_discount_turns_negative_is_refused_before_it_is_confirmed():
    discount = adjustment_xml("150", is_charge=False, percent="13")
    lines = line_xml("1", quantity="1"), line_xml("2", percent="0", quantity="9", code="Z")
    with pytest.raises(ImportRefused) as refusal:
        require_financeable(read_ubl_order(order_xml(*lines, body=discount)))
    assert (refusal.value.code, refusal.value.where) == ("line_not_positive", "1")


def test_a_price_too_large_to_be_kept_is_refused_before_it_is_confirmed():
    with pytest.raises(ImportRefused) as refusal:
        require_financeable(read_ubl_order(order_xml(line_xml(quantity="0.000001", net="9000000"))))
    assert refusal.value.code == "amount_too_large"


def test_two_lines_of_one_id_are_kept_and_told_and_so_is_a_price_by_another_unit():
    other = line_xml("7", quantity="2", price="5", base="1").replace(
        '<cbc:BaseQuantity unitCode="TNE"', '<cbc:BaseQuantity unitCode="KGM"'
    )
    order = read_ubl_order(order_xml(line_xml("7"), other))
    assert [line.position for line in order.lines] == [1, 2]
    assert [(one.code, one.line) for one in order.notices] == [
        ("price_in_other_unit", "7"),
        ("line_id_twice", "7"),
    ]


def test_a_number_on_two_lines_becomes_one_line():
    assert read_ubl_order(PLAIN.replace(">PO-1<", ">PO-&#10; 1<").encode()).number == "PO- 1"
