"""A chain of one's own to rehearse on, and orders of any shape to rehearse."""

from pathlib import Path

import pytest

from scf.rehearsal.bringing import read_order
from scf.rehearsal.rehearsing import Rehearsal
from scf.rehearsal.stack import OwnStack

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
    xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>PO-77</cbc:ID>
  <cbc:IssueDate>2026-03-02</cbc:IssueDate>
  <cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
"""
LINE = """  <cac:OrderLine><cac:LineItem>
    <cbc:ID>{id}</cbc:ID>
    <cbc:Quantity unitCode="KGM">{quantity}</cbc:Quantity>
    <cac:Price><cbc:PriceAmount currencyID="{currency}">{price}</cbc:PriceAmount></cac:Price>
    <cac:Item><cbc:Name>goods {id}</cbc:Name></cac:Item>
  </cac:LineItem></cac:OrderLine>
"""


def ubl_order(*lines, currency="CNY"):
    """An order of (quantity, price) lines, as a UBL file's text."""
    body = "".join(
        LINE.format(id=number, quantity=quantity, price=price, currency=currency)
        for number, (quantity, price) in enumerate(lines, start=1)
    )
    return HEAD.format(currency=currency) + body + "</Order>"


@pytest.fixture
def own_stack(anvil, settings, tmp_path, db):
    """The contracts on a chain of its own, whose clock is today's."""
    settings.RPC_URL = anvil.url
    settings.SIGNER_KEYSTORES = str(tmp_path / "keystores")
    settings.DOCUMENTS_ROOT = str(tmp_path / "documents")
    stack = OwnStack.opened()
    yield stack
    stack.node.close()


@pytest.fixture
def same_day(own_stack, tmp_path):
    """Rehearses an order's text as ``make up`` does: everything on one day."""

    def rehearsed(text, *, name="order.xml", **papers):
        path = Path(tmp_path / name)
        path.write_text(text)
        given = read_order(path, read_as="CNY")
        return Rehearsal(own_stack, given, str, **papers).run()

    return rehearsed
