"""Programmes, invoices and documents by API: what a machine of a party reads and writes."""

import pytest

from scf.documents.services import store_document
from tests.api.machine import machine_of
from tests.api.test_applications import asked_for
from tests.documents.conftest import PDF
from tests.factories.credit import ready_programme
from tests.factories.parties import party
from tests.factories.trade import confirmed_order, line_ids_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def invoice_of(order) -> dict:
    buyer, seller = party("jinhe"), party("hengyan")
    return {
        "order_id": str(order.pk),
        "kind": "digital_special",
        "number": "25332000000012345678",
        "issued_on": "2026-03-12",
        "buyer_name": buyer.name,
        "buyer_tax_number": buyer.uscc,
        "seller_name": seller.name,
        "seller_tax_number": seller.uscc,
        "net_minor": 1_000_00,
        "tax_minor": 130_00,
        "gross_minor": 1_130_00,
        "lines": [
            {
                "name": "树脂",
                "net_minor": 1_000_00,
                "tax_ppm": 130_000,
                "tax_minor": 130_00,
                "quantity": "1",
                "order_line_id": str(line_ids_of(order)[0]),
            }
        ],
    }


def test_a_programme_is_read_with_its_terms_in_force(ma, sly):
    programme = ready_programme()
    (shown,) = machine_of(ma).get("/programmes").json()["results"]
    assert (shown["id"], shown["terms"]["rate_ppm"]) == (str(programme.pk), 43_500)
    assert machine_of(ma).get(f"/programmes/{programme.pk}").json() == shown
    assert machine_of(sly).get(f"/programmes/{programme.pk}").status_code == 404


def test_an_invoice_is_written_down_once_and_listed_by_its_order(bai, sly):
    order, seller = confirmed_order(), machine_of(bai)
    made = seller.post("/invoices", invoice_of(order), once="inv-1")
    assert made.status_code == 201, made.content
    again = seller.post("/invoices", invoice_of(order), once="inv-1")
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (made.json(), "true")
    twice = seller.post("/invoices", invoice_of(order))
    assert (twice.status_code, twice.json()["code"]) == (409, "duplicate_invoice")

    (listed,) = seller.get("/invoices", {"order_id": str(order.pk)}).json()["results"]
    assert listed == made.json() == seller.get(f"/invoices/{listed['id']}").json()
    assert (listed["gross_minor"], listed["lines"][0]["quantity"]) == (1_130_00, "1")
    assert machine_of(sly).get(f"/invoices/{listed['id']}").status_code == 404


def test_the_papers_put_in_after_a_return_are_read_by_the_bank_alone(ma, zhou, wei):
    buyer, bank = machine_of(ma), machine_of(zhou)
    order = confirmed_order()
    asked = asked_for(order, ready_programme())
    application = buyer.post("/applications", asked).json()
    path = f"/applications/{application['id']}"
    bank.post(f"{path}/return", {"codes": ["papers_missing"]})
    paper = store_document(PDF, name="合同.pdf", deal_id=application["deal_id"], by=ma)

    again = buyer.post(
        f"{path}/resubmit",
        {
            "purpose": "采购树脂，合同已补",
            "order_line_ids": [str(each) for each in line_ids_of(order)[:2]],
            "own_funds_minor": 395_200_00,
            "document_ids": [str(paper.pk)],
        },
    )

    assert (again.status_code, again.json()["loan_minor"]) == (200, 400_000_00)
    (listed,) = bank.get("/documents", {"deal_id": application["deal_id"]}).json()["results"]
    assert (listed["name"], listed["sha256"]) == ("合同.pdf", paper.sha256)
    content = bank.get(f"/documents/{paper.pk}/content")
    assert (content.content, content.headers["X-Content-Type-Options"]) == (PDF, "nosniff")
    assert bank.get(f"/documents/{paper.pk}").json() == listed
    for address in (f"/documents/{paper.pk}", f"/documents/{paper.pk}/content"):
        assert machine_of(wei).get(address).status_code == 404
