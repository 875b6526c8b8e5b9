"""UBL documents and order sheets of our own, small and whole, for the import's tests."""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter

from scf.trade.importing.columns import COLUMNS
from tests.lacking import lacking

BUYER = "91990100MA0D00017M"
SELLER = "91990100MA0C000160"
TRADE_DOCUMENTS = Path(__file__).resolve().parents[4] / "shared" / "trade-documents" / "ubl"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def foreign_documents(pattern: str = "*.xml") -> list[Path]:
    """The documents written by others, or a skip that says where they should be."""
    found = sorted(TRADE_DOCUMENTS.glob(pattern))
    if not found:
        lacking("trade-documents", f"no trade documents at {TRADE_DOCUMENTS}")
    return found


def order_xml(
    *lines: str,
    body: str = "",
    totals: str = "",
    currency: str = "CNY",
    kind: str = "Order",
    prolog: str = "",
) -> bytes:
    """An order (or another kind): ``body``, then ``totals``, then these lines."""
    stated = f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>" if currency else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}'
        f'<{kind} xmlns="{_UBL}{kind}-2" xmlns:cac="{_UBL}CommonAggregateComponents-2" '
        f'xmlns:cbc="{_UBL}CommonBasicComponents-2">'
        f"<cbc:ID>PO-1</cbc:ID><cbc:IssueDate>2026-03-01</cbc:IssueDate>{stated}"
        f"<cac:BuyerCustomerParty>{_party('临洲甲公司', BUYER)}</cac:BuyerCustomerParty>"
        f"<cac:SellerSupplierParty>{_party('恒砚', SELLER)}</cac:SellerSupplierParty>"
        f"{body}{totals}{''.join(lines)}</{kind}>"
    ).encode()


def _party(name: str, uscc: str) -> str:
    return (
        f'<cac:Party><cac:PartyIdentification><cbc:ID schemeID="USCC">{uscc}</cbc:ID>'
        f"</cac:PartyIdentification><cac:PartyLegalEntity>"
        f"<cbc:RegistrationName>{name}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>"
    )


def line_xml(
    number: str = "1",
    *,
    quantity: str = "10",
    price: str | None = "100",
    base: str | None = None,
    net: str | None = None,
    percent: str | None = "13",
    code: str = "S",
    more: str = "",
    currency: str = "CNY",
) -> str:
    """An order line; ``more`` goes into its LineItem."""
    tax = f"<cbc:Percent>{percent}</cbc:Percent>" if percent is not None else ""
    classified = (
        f"<cac:ClassifiedTaxCategory><cbc:ID>{code}</cbc:ID>{tax}<cac:TaxScheme>"
        "<cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory>"
        if code
        else ""
    )
    based = f'<cbc:BaseQuantity unitCode="TNE">{base}</cbc:BaseQuantity>' if base else ""
    priced = (
        f'<cac:Price><cbc:PriceAmount currencyID="{currency}">{price}</cbc:PriceAmount>{based}'
        "</cac:Price>"
        if price is not None
        else ""
    )
    return (
        f"<cac:OrderLine><cac:LineItem><cbc:ID>{number}</cbc:ID>"
        f'<cbc:Quantity unitCode="TNE">{quantity}</cbc:Quantity>'
        f"{money('LineExtensionAmount', net, currency)}{more}{priced}"
        f"<cac:Item><cbc:Name>聚丙烯</cbc:Name>{classified}</cac:Item></cac:LineItem></cac:OrderLine>"
    )


def money(name: str, amount: str | None, currency: str = "CNY") -> str:
    """An amount element, or nothing for None."""
    if amount is None:
        return ""
    return f'<cbc:{name} currencyID="{currency}">{amount}</cbc:{name}>'


def adjustment_xml(
    amount: str, *, is_charge: bool, percent: str | None = None, more: str = ""
) -> str:
    """A discount or charge, with its own tax rate if ``percent`` is given."""
    tax = (
        f"<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>{percent}</cbc:Percent><cac:TaxScheme>"
        "<cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>"
        if percent is not None
        else ""
    )
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{str(is_charge).lower()}</cbc:ChargeIndicator>"
        f"{money('Amount', amount)}{more}{tax}</cac:AllowanceCharge>"
    )


def totals_xml(**amounts: str) -> str:
    """The document's own sums, ``LineExtensionAmount="100"`` and so on."""
    inside = "".join(money(name, amount) for name, amount in amounts.items())
    return f"<cac:AnticipatedMonetaryTotal>{inside}</cac:AnticipatedMonetaryTotal>"


def sheet_row(**changes: Any) -> list[Any]:
    """One sound row of the order sheet, with ``changes`` by column key."""
    values: dict[str, Any] = {
        "order_number": "PO-1",
        "buyer_uscc": BUYER,
        "seller_uscc": SELLER,
        "line_no": "1",
        "sku": "PP-T30S",
        "name": "聚丙烯 T30S",
        "spec": "25 kg/袋",
        "unit": "吨",
        "quantity": "32.5",
        "unit_price": "8700.1",
        "tax_rate": "13%",
        "delivery_on": "2026-03-31",
    }
    assert set(changes) <= set(values)
    return list((values | changes).values())


def csv_sheet(*rows: Iterable[Any], delimiter: str = ",") -> str:
    """An order sheet as csv text with the Chinese header."""
    all_rows = [[column.zh for column in COLUMNS], *rows]
    return "".join(delimiter.join(str(cell) for cell in row) + "\n" for row in all_rows)


def xlsx_sheet(*rows: Iterable[Any]) -> bytes:
    """An order sheet as xlsx: numbers as numbers, texts as texts."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([[column.zh for column in COLUMNS], *rows]):
            sheet.write_row(place, 0, row)
    return content.getvalue()
