"""An invoice on an order is written down; nobody has verified it yet."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.parties.permissions import Permission
from scf.trade.inputs import InvoiceIn, InvoiceLineIn
from scf.trade.models import Invoice
from scf.trade.selectors import get_invoice, get_order, list_invoices
from scf.trade.services import close_lines, record_invoice
from tests.factories.parties import also
from tests.factories.trade import accepted_line, confirmed_order, lines_of

pytestmark = pytest.mark.django_db


def invoice_for(line, *, quantity="49", net=329_736_61, tax=42_865_76, **changes):
    """The blue invoice of golden line 1: 372,602.37 with 13 % tax in it."""
    billed = InvoiceLineIn(
        name=line.name,
        net_minor=net,
        tax_ppm=130_000,
        tax_minor=tax,
        quantity=Decimal(quantity),
        unit_price=Decimal("6729.3185840708"),
        unit="吨",
        order_line_id=line.pk,
    )
    order = line.order
    given = InvoiceIn(
        order_id=order.pk,
        kind="digital_special",
        number="26990000000012345678",
        issued_on=date(2026, 3, 24),
        buyer_name=order.buyer.name,
        buyer_tax_number=order.buyer.uscc,
        seller_name=order.seller.name,
        seller_tax_number=order.seller.uscc,
        net_minor=net,
        tax_minor=tax,
        gross_minor=net + tax,
        lines=[billed],
    )
    return replace(given, **changes)


@pytest.fixture
def line(ma):
    return accepted_line(lines_of(confirmed_order())[0], "49")


def test_the_invoice_of_what_was_accepted_ends_the_line(line, bai, ma):
    invoice = record_invoice(invoice_for(line), by=bai)

    line.refresh_from_db()
    assert (line.status, line.invoiced_quantity) == ("invoiced", 49)
    seen = get_invoice(invoice.pk, by=ma)
    assert seen.gross_minor == 372_602_37
    assert seen.lines.get().order_line_id == line.pk


def test_an_invoice_before_the_goods_waits_for_them(bai, ma):
    line = lines_of(confirmed_order())[2]
    record_invoice(invoice_for(line, quantity="40"), by=bai)
    line.refresh_from_db()
    assert line.status == "confirmed"

    line = accepted_line(line, "40")

    assert line.status == "invoiced"


def test_a_line_still_awaiting_goods_is_not_ended_by_an_invoice(bai, ma):
    line = lines_of(confirmed_order())[0]
    line = accepted_line(line, "30", rejected=Decimal(10), short=Decimal(10), reason="色差")
    record_invoice(invoice_for(line, quantity="20"), by=bai)

    line.refresh_from_db()
    assert line.status == "part"


def test_the_same_invoice_twice_is_a_conflict(line, bai):
    record_invoice(invoice_for(line, quantity="20"), by=bai)

    with pytest.raises(Conflict) as refusal:
        record_invoice(invoice_for(line, quantity="20"), by=bai)
    assert refusal.value.code == "duplicate_invoice"
    assert Invoice.objects.count() == 1


def test_no_more_is_invoiced_than_was_ordered(line, bai):
    record_invoice(invoice_for(line, quantity="20"), by=bai)

    with pytest.raises(RuleBroken) as refusal:
        record_invoice(invoice_for(line, quantity="31", number="26990000000012345679"), by=bai)
    assert refusal.value.code == "over_invoiced"
    assert Invoice.objects.count() == 1


def test_a_red_letter_takes_its_quantity_back(line, bai):
    blue = record_invoice(invoice_for(line, quantity="20", net=100_00, tax=13_00), by=bai)

    record_invoice(
        invoice_for(
            line,
            quantity="-20",
            net=-100_00,
            tax=-13_00,
            number="26990000000012345680",
            blue_invoice_id=blue.pk,
        ),
        by=bai,
    )

    line.refresh_from_db()
    assert line.invoiced_quantity == 0
    assert blue.red_letters.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "receipt"},
        {"number": "123"},
        {"code": "011002000111"},
        {"lines": []},
        {"net_minor": 1, "gross_minor": 42_865_77},
        {"tax_minor": 1, "gross_minor": 329_736_62},
        {"gross_minor": 1},
        {"buyer_tax_number": "91990100MA0D00025G"},
        {"seller_tax_number": "91990100MA0D00025G"},
    ],
)
def test_an_invoice_that_contradicts_itself_or_the_order_is_refused(line, bai, wrong):
    with pytest.raises(RuleBroken) as refusal:
        record_invoice(invoice_for(line, **wrong), by=bai)
    assert refusal.value.code in ("invoice_invalid", "invoice_parties")


def test_a_negative_invoice_needs_its_blue_one(line, bai):
    with pytest.raises(RuleBroken):
        record_invoice(invoice_for(line, net=-100, tax=-13), by=bai)


def test_a_stranger_finds_no_order_to_invoice_and_no_invoice(line, bai, sly):
    invoice = record_invoice(invoice_for(line), by=bai)

    with pytest.raises(NotFound):
        record_invoice(invoice_for(line), by=also(sly, Permission.INVOICE_RECORD))
    with pytest.raises(NotFound):
        get_invoice(invoice.pk, by=sly)
    assert not list_invoices(by=sly)


def test_who_may_not_invoice_is_refused(line, ku):
    with pytest.raises(Forbidden):
        record_invoice(invoice_for(line), by=ku)


def test_the_system_closes_lines_and_with_the_last_the_order(bai, ma):
    order = confirmed_order()
    lines = [
        accepted_line(line, line.quantity, number=f"FH-{line.line_number}")
        for line in lines_of(order)
    ]

    close_lines([line.pk for line in lines[:2]], by=SYSTEM)
    assert get_order(order.pk, by=ma).status == "confirmed"
    for _time in range(2):
        close_lines([lines[2].pk], by=SYSTEM)

    assert get_order(order.pk, by=ma).status == "closed"
    assert {line.status for line in lines_of(order)} == {"closed"}


def test_no_person_closes_lines(line, lan):
    with pytest.raises(Forbidden):
        close_lines([line.pk], by=lan)


def test_a_line_on_its_way_cannot_be_closed(ma):
    line = lines_of(confirmed_order())[0]

    with pytest.raises(Conflict):
        close_lines([line.pk], by=SYSTEM)
