"""Lines are valued by K7, and every difference to the document's own sums is shown."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scf.trade.importing import (
    ImportRefused,
    compare,
    price_document,
    read_ubl,
    read_ubl_order,
    require_financeable,
)
from scf.trade.importing.totals import spread
from tests.trade.importing.samples import (
    adjustment_xml,
    foreign_documents,
    line_xml,
    money,
    order_xml,
    totals_xml,
)


def _differences(content: bytes) -> list[tuple[str, str, str, str]]:
    document = read_ubl(content)
    found = compare(document, price_document(document))
    return [(one.field, one.line, str(one.stated), str(one.recomputed)) for one in found]


def test_totals_of_the_foreign_documents_equal_their_lines_but_for_one_rounding():
    shown = {}
    for path in foreign_documents():
        try:
            document = read_ubl(path.read_bytes())
        except ImportRefused:
            continue
        for one in compare(document, price_document(document)):
            shown[path.name] = (one.field, one.stated, one.recomputed)
    # 28.125 + 12.50 - 1.5625 rounded line by line; the document taxes 31.25 in one go.
    assert shown == {"OrderAgreement_Example.xml": ("rounding", Decimal("39.06"), Decimal("39.07"))}


@pytest.mark.parametrize(
    ("name", "total_minor"),
    [
        ("Order_sc1.xml", 84000),
        ("UC1_Order.xml", 14375),
        ("UC2_Order.xml", 87500),
        ("UC4_Order.xml", 5500),
        ("UC5_Order.xml", 14375),
        ("UC6_Order.xml", 50000),
    ],
)
def test_the_foreign_orders_are_worth_what_they_say(name, total_minor):
    (path,) = foreign_documents(name)
    order = read_ubl_order(path.read_bytes(), read_as="CNY")
    assert order.total_minor == total_minor
    assert order.differences == ()
    require_financeable(order)


def test_a_line_is_rounded_once_with_its_tax():
    # 3.333 x 7.77 = 25.89741 net; x 1.13 = 29.2640733 -> 29.26, not q(25.90) x 1.13 = 29.27
    order = read_ubl_order(order_xml(line_xml(quantity="3.333", price="7.77")))
    assert order.lines[0].value_minor == 2926
    assert order.lines[0].unit_price == Decimal("8.778878")


def test_half_a_fen_goes_up():
    assert (
        read_ubl_order(order_xml(line_xml(quantity="1", price="0.005", percent="0"))).total_minor
        == 1
    )


def test_a_price_for_a_thousand_is_a_price_for_a_thousand():
    order = read_ubl_order(
        order_xml(line_xml(quantity="2500", price="9.99", base="1000", net="24.98"))
    )
    assert order.lines[0].value_minor == 2823  # the stated 24.98 x 1.13 = 28.2274
    assert order.differences == ()


def test_a_line_without_its_amount_is_computed_with_its_own_discount():
    line = line_xml(quantity="10", price="100", more=adjustment_xml("50", is_charge=False))
    assert read_ubl_order(order_xml(line)).lines[0].value_minor == 107_350  # (1000 - 50) x 1.13


def test_a_line_amount_that_is_not_quantity_times_price_is_shown_with_both_figures():
    content = order_xml(line_xml("7", quantity="10", price="100", net="1001"))
    assert _differences(content) == [("line_extension", "7", "1001", "1000.00")]


def test_totals_that_differ_are_shown_with_both_figures():
    content = order_xml(
        line_xml(),
        totals=f"<cac:TaxTotal>{money('TaxAmount', '100')}</cac:TaxTotal>"
        + totals_xml(LineExtensionAmount="1000", TaxInclusiveAmount="1100", PayableAmount="1100"),
    )
    assert _differences(content) == [
        ("tax_inclusive", "", "1100", "1130.00"),
        ("payable", "", "1100", "1130.00"),
        ("tax", "", "100", "130.00"),
    ]


def test_a_discount_that_is_not_its_percentage_is_shown():
    wrong = adjustment_xml(
        "90",
        is_charge=False,
        more="<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>"
        + money("BaseAmount", "1000"),
    )
    assert _differences(order_xml(line_xml(), body=wrong)) == [
        ("allowance_charge", "", "90", "100.00")
    ]


def test_several_rates_are_taxed_each_by_its_own():
    content = order_xml(
        line_xml("1", quantity="1", price="100", percent="13"),
        line_xml("2", quantity="1", price="100", percent="9"),
        line_xml("3", quantity="1", price="100", percent=None, code="Z"),
        body=adjustment_xml("10", is_charge=True, percent="9"),
        totals=totals_xml(TaxExclusiveAmount="310", TaxInclusiveAmount="332.90"),
    )
    order = read_ubl_order(content)
    assert [line.value_minor for line in order.lines] == [11300, 10900, 10000]
    assert [line.adjustment_minor for line in order.lines] == [0, 1090, 0]
    assert order.total_minor == 33290
    assert order.differences == ()


def test_a_discount_without_tax_class_is_spread_over_all_lines_to_the_last_fen():
    content = order_xml(
        *(line_xml(str(n), quantity="1", price="33.33", percent="13") for n in (1, 2, 3)),
        body=adjustment_xml("10", is_charge=False),
    )
    order = read_ubl_order(content)
    assert [line.adjustment_minor for line in order.lines] == [-377, -376, -377]
    assert order.total_minor == 3 * 3766 - 1130


@pytest.mark.parametrize(
    ("totals", "rate_ppm", "words"),
    [
        ("", 0, "no tax is counted"),
        (f"<cac:TaxTotal>{money('TaxAmount', '130')}</cac:TaxTotal>", 130_000, "stated tax"),
        (totals_xml(TaxExclusiveAmount="1000", TaxInclusiveAmount="1090"), 90_000, "stated tax"),
    ],
)
def test_a_rate_that_is_not_stated_is_assumed_and_said(totals, rate_ppm, words):
    order = read_ubl_order(order_xml(line_xml(code=""), totals=totals))
    assert order.lines[0].tax_rate_ppm == rate_ppm
    assert words in order.notices[0].en


def _line_tax(amount: str, percent: str = "") -> str:
    """The tax of one line, its percentage beside its class where there is one."""
    rate = f"<cbc:Percent>{percent}</cbc:Percent>" if percent else ""
    return (
        f"<cac:TaxTotal>{money('TaxAmount', amount)}<cac:TaxSubtotal>{money('TaxAmount', amount)}"
        f"{rate}<cac:TaxCategory><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
        "</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
    )


@pytest.mark.parametrize(
    ("first", "second", "notices"),
    [
        (_line_tax("130", "13"), _line_tax("90", "9"), 0),
        (_line_tax("130"), _line_tax("90"), 2),
        (money("TotalTaxAmount", "130"), money("TotalTaxAmount", "90"), 2),
    ],
    ids=["percentages", "amounts", "one sum a line"],
)
def test_each_line_bears_the_tax_it_states_itself(first, second, notices):
    whole = f"<cac:TaxTotal>{money('TaxAmount', '220')}</cac:TaxTotal>"
    lines = (line_xml(number, percent=None, code="", more=more) for number, more in
             (("1", first), ("2", second)))  # fmt: skip
    order = read_ubl_order(order_xml(*lines, totals=whole))
    assert [line.tax_rate_ppm for line in order.lines] == [130_000, 90_000]
    assert [line.value_minor for line in order.lines] == [113_000, 109_000]
    assert len(order.notices) == notices
    assert order.differences == ()


def test_a_lines_own_tax_that_is_not_its_rate_is_shown_with_both_figures():
    assert _differences(order_xml(line_xml(more=money("TotalTaxAmount", "17.5")))) == [
        ("line_tax", "1", "17.5", "130.00")
    ]


@pytest.mark.parametrize("tax", ["-5", "1000.01"])
def test_a_tax_below_nothing_or_above_the_whole_amount_is_refused(tax):
    whole = f"<cac:TaxTotal>{money('TaxAmount', tax)}</cac:TaxTotal>"
    with pytest.raises(ImportRefused) as refusal:
        read_ubl_order(order_xml(line_xml(percent=None, code=""), totals=whole))
    assert refusal.value.code == "bad_tax_rate"


def test_a_class_without_tax_bears_none_whatever_percentage_stands_there():
    assert (
        read_ubl_order(order_xml(line_xml(code="AE", percent="13"))).lines[0].value_minor == 100_000
    )


def test_yen_have_no_hundredths():
    order = read_ubl_order(order_xml(line_xml(currency="JPY"), currency="JPY"))
    assert order.lines[0].value_minor == 1130
    assert (
        read_ubl_order(
            order_xml(line_xml(currency="JPY"), currency="JPY"), read_as="CNY"
        ).total_minor
        == 113_000
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (order_xml(line_xml(price=None)), "order_without_price"),
        (order_xml(line_xml(price="0")), "zero_total"),
        (order_xml(line_xml(quantity="-1"), line_xml("2")), "line_not_positive"),
        (order_xml(line_xml(quantity="0"), line_xml("2")), "line_not_positive"),
        (order_xml(line_xml(), body=adjustment_xml("1000", is_charge=False)), "zero_total"),
        (order_xml(line_xml(currency="EUR"), currency="EUR"), "foreign_currency"),
    ],
)
def test_an_order_no_bank_can_finance_is_refused_in_words(content, code):
    order = read_ubl_order(content)
    with pytest.raises(ImportRefused) as refusal:
        require_financeable(order)
    assert refusal.value.code == code
    assert refusal.value.zh
    assert refusal.value.en


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (order_xml(), "no_lines"),
        (order_xml(line_xml(base="0")), "bad_base_quantity"),
        (order_xml(line_xml(quantity="9" * 12, price="9" * 15)), "amount_too_large"),
        (
            order_xml(line_xml(currency="EUR").replace(' currencyID="EUR"', ""), currency=""),
            "currency_missing",
        ),
    ],
)
def test_an_order_that_cannot_be_valued_is_refused(content, code):
    with pytest.raises(ImportRefused) as refusal:
        read_ubl_order(content)
    assert refusal.value.code == code


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 10**12), min_size=1, max_size=30),
)
def test_what_is_spread_adds_up_and_nobody_gets_the_wrong_sign(amount, weights):
    parts = spread(amount, weights)
    assert sum(parts) == amount
    assert all(part * amount >= 0 for part in parts)
    if any(weights):
        exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
        assert all(abs(part - share) <= 1 for part, share in zip(parts, exact, strict=True))
