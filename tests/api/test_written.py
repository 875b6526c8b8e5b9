"""Lists the database writes say what the serializer says, or are left to it."""

import json
from datetime import UTC, datetime

import pytest

from scf.api.errors import as_json
from scf.api.v1.applications import ApplicationSummaryOut
from scf.api.v1.deliveries import DeliveryOut
from scf.api.v1.documents import DocumentOut
from scf.api.v1.loans import LoanSummaryOut
from scf.api.v1.orders import OrderLineOut, OrderOut, OrderSummaryOut
from scf.api.written import row_written_by
from scf.documents.models import Document
from scf.documents.services import store_document
from scf.financing.models import Application
from scf.loans.models import Loan
from scf.trade.models import Delivery, Order, OrderLine
from tests.api.machine import machine_of
from tests.api.test_applications import asked_for
from tests.factories.credit import ready_programme
from tests.factories.trade import confirmed_order, draft_order

pytestmark = pytest.mark.django_db
HARD = 'PO-"1"\\甲/乙 </script>\u2028\x7f😀%s {0}'


def assert_same(lists, model):
    """Every row there is, and there is one, says the same names in the same order."""
    rows = model.objects.order_by("pk")
    written = rows.values_list(row_written_by(lists, model), flat=True)
    assert rows
    for text, row in zip(written, rows, strict=True):
        assert pairs(text) == pairs(as_json(lists(row).data))


def pairs(text):
    return json.loads(text, object_pairs_hook=list)


def test_orders_with_any_words_and_moments(ma):
    plain, hard = draft_order(number="PO-1"), draft_order(number="PO-2")
    Order.objects.filter(pk=hard.pk).update(
        number=HARD, total_minor=2**63 - 1, created_at=datetime(2026, 3, 2, 16, 0, 0, 0, UTC)
    )
    Order.objects.filter(pk=plain.pk).update(
        total_minor=0, created_at=datetime(2026, 12, 31, 23, 59, 59, 100, UTC)
    )
    assert_same(OrderSummaryOut, Order)
    shown = machine_of(ma).get("/orders").json()["results"]
    assert [each["number"] for each in shown] == [HARD, "PO-1"]
    assert [each["created_at"] for each in shown] == [
        "2026-03-03T00:00:00+08:00",
        "2027-01-01T07:59:59.000100+08:00",
    ]


def test_applications_and_documents(ma):
    order = confirmed_order()
    machine_of(ma).post("/applications", asked_for(order, ready_programme()))
    store_document(b"a,b\n1,2\n", name="磅单 “1”.csv", by=ma)
    assert_same(ApplicationSummaryOut, Application)
    assert_same(DocumentOut, Document)


@pytest.mark.parametrize(
    ("lists", "model"),
    [
        (OrderOut, Order),  # has lines and actions
        (OrderLineOut, OrderLine),  # has a method
        (DeliveryOut, Delivery),  # has rows of another table
        (LoanSummaryOut, Loan),  # says the status the asker's side reads
    ],
)
def test_what_is_more_than_columns_is_left_to_the_serializer(lists, model):
    assert row_written_by(lists, model) is None
