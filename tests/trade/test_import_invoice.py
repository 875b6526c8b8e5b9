"""Invoices and credit notes come in as files: matched to the order's lines, compared, recorded."""

from decimal import Decimal

import pytest

from scf.core.errors import RuleBroken
from scf.trade.models import Invoice
from scf.trade.services import confirm_paper
from tests.factories.parties import also
from tests.factories.trade import lines_of
from tests.trade.papers import bill, checked, codes_of, confirmed_from, credit, gaps_of

pytestmark = pytest.mark.django_db

GROSS = 8_550_00


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def recorded(content: bytes, by) -> Invoice:
    job = checked(content, by=by)
    assert job.errors == []
    confirm_paper(job.pk, by=by)
    return Invoice.objects.get(document_id=job.document_id)


def test_an_invoice_is_recorded_with_its_lines_on_the_orders(bai):
    order = confirmed_from()
    job = checked(bill(), by=bai)
    assert (job.errors, job.found[0]["total_minor"], job.about) == ([], GROSS, order)
    assert not Invoice.objects.exists()

    confirm_paper(job.pk, by=bai)
    invoice = Invoice.objects.get()
    assert (invoice.order, invoice.number, invoice.kind) == (order, "Snippet1", "paper_ordinary")
    assert (invoice.net_minor, invoice.tax_minor, invoice.gross_minor) == (
        7_000_00,
        1_550_00,
        GROSS,
    )
    assert (invoice.seller_tax_number, invoice.document_id) == (order.seller.uscc, job.document_id)
    assert [line.invoiced_quantity for line in lines_of(order)] == [10, 20]
    rows = list(invoice.lines.values_list("name", "quantity", "net_minor", "tax_ppm", "tax_minor"))
    assert rows == [
        ("item name", Decimal(10), 4_000_00, 250_000, 1_000_00),
        ("item name", Decimal(10), 2_000_00, 150_000, 300_00),
        ("item name", Decimal(10), 900_00, 250_000, 225_00),
        ("Cleaning", None, 200_00, 250_000, 50_00),
        ("Discount", None, -100_00, 250_000, -25_00),
    ]


def test_prices_that_are_not_the_orders_are_shown(bai):
    confirmed_from()
    job = checked(bill(), by=bai)
    values = [gap for gap in gaps_of(job) if gap[0] == "value"]

    assert len(values) == 3
    assert values[0][2] == "480.00"  # ten at 40.00 and the order's 20 per cent of tax


def test_totals_that_do_not_add_up_are_shown_and_the_lines_are_recorded(bai):
    confirmed_from()
    job = checked(bill((">8550<", ">8560<")), by=bai)

    assert ("tax_inclusive", "8560", "8550.00") in gaps_of(job)
    assert ("payable", "8560", "8550.00") in gaps_of(job)
    confirm_paper(job.pk, by=bai)
    assert Invoice.objects.get().gross_minor == GROSS


def test_the_same_invoice_in_another_file_is_refused(bai):
    confirmed_from()
    recorded(bill(), bai)
    job = checked(bill(("Testing note", "Another note")), by=bai)

    assert "duplicate_invoice" in codes_of(job)


def test_more_than_was_ordered_is_an_error_of_its_line(bai):
    confirmed_from()
    job = checked(bill(('"C62">10<', '"C62">10.5<')), by=bai)

    (error,) = job.errors
    assert (error["code"], error["row"], error["column"]) == (
        "over_invoiced",
        1,
        "InvoicedQuantity",
    )


def test_another_currency_than_the_orders_is_refused(bai):
    confirmed_from()
    assert codes_of(checked(bill(), by=bai, read_as="")) == ["wrong_currency"]


def test_a_line_the_order_does_not_have_is_refused(bai):
    confirmed_from()
    job = checked(bill(("LineID>1<", "LineID>3<")), by=bai)

    assert [(error["code"], error["row"]) for error in job.errors] == [("line_not_in_order", 1)]
    with pytest.raises(RuleBroken):
        confirm_paper(job.pk, by=bai)
    assert not Invoice.objects.exists()


def test_a_line_without_price_is_refused(bai):
    confirmed_from()
    bare = bill(("LineExtensionAmount", "FreeOfChargeAmount"), ("PriceAmount", "OldAmount"))
    assert set(codes_of(checked(bare, by=bai))) == {"line_without_price"}


def test_twenty_digits_make_a_digital_invoice(bai):
    confirmed_from()
    number = "24332000000012345678"
    invoice = recorded(bill(("Snippet1", number)), bai)

    assert (invoice.kind, invoice.number) == ("digital_ordinary", number)


def test_a_number_too_long_for_an_invoice_is_refused(bai):
    confirmed_from()
    assert codes_of(checked(bill(("Snippet1", "9" * 41)), by=bai)) == ["invoice_number"]


def test_a_credit_note_is_the_red_letter_of_its_invoice(bai):
    order = confirmed_from()
    blue = recorded(bill(), bai)
    red = recorded(credit(), bai)

    assert (red.blue_invoice, red.gross_minor) == (blue, -1_656_25)
    assert (red.net_minor, red.tax_minor) == (-1_325_00, -331_25)
    assert [line.invoiced_quantity for line in lines_of(order)] == [6, 20]


def test_a_credit_note_without_its_invoice_is_refused(bai):
    confirmed_from()
    job = checked(credit(), by=bai)

    assert "blue_invoice_unknown" in codes_of(job)
    with pytest.raises(RuleBroken):
        confirm_paper(job.pk, by=bai)


def test_no_more_is_taken_back_than_was_invoiced(bai):
    confirmed_from()
    recorded(bill(), bai)
    for number in range(5):
        recorded(credit(("Snippet1-R", f"R-{number}"), (">7<", ">3.5<")), bai)
    job = checked(credit(("Snippet1-R", "R-9"), (">7<", ">3.5<")), by=bai)

    assert codes_of(job) == ["over_credited"]


def test_the_buyer_may_bring_the_invoice_as_well(ma):
    confirmed_from()
    assert recorded(bill(), ma).gross_minor == GROSS


def test_a_stranger_with_every_right_finds_no_order(sly, bai):
    confirmed_from()
    stranger = also(sly, *bai.permissions)
    assert codes_of(checked(bill(), by=stranger)) == ["unknown_order"]
