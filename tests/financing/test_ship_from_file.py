"""A despatch advice ships financed lines by the rules of their financing."""

import pytest

from scf.core.errors import RuleBroken
from scf.financing.services import ship_from_file
from scf.trade.models import Delivery, ImportJob
from tests.factories.parties import somebody
from tests.financing.conftest import Deal, fund, with_code
from tests.trade.papers import checked, sample


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.fixture
def programme_changes():
    return {"release_policy": "PAY_ON_SHIPMENT"}


def brought(quantity: str) -> ImportJob:
    """An advice of the first two lines of the deal's order, so much of each."""
    content = sample(
        "DespatchAdvice-BIS3_UseCase1.xml",
        ("4321", "PO-2026-0305"),
        ('"EA">10<', f'"TNE">{quantity}<'),
        ("010120401", "PP-T30S"),
        ("010140403", "L-7042"),
    )
    job = checked(content, by=somebody("ku"))
    assert job.errors == []
    return job


def test_nothing_is_shipped_before_the_money_is_in_the_escrow(signed: Deal):
    job = brought("50")
    with pytest.raises(RuleBroken) as refusal:
        ship_from_file(job.pk, by=with_code("ku"))

    assert refusal.value.code == "not_funded"
    job.refresh_from_db()
    assert (job.status, Delivery.objects.count()) == ("checked", 0)


def test_the_deals_tolerance_decides_and_what_was_shipped_is_asked_to_be_paid(signed: Deal):
    deal = fund(signed)
    over = brought("60")
    with pytest.raises(RuleBroken) as refusal:
        ship_from_file(over.pk, by=with_code("ku"))
    assert refusal.value.code == "over_delivery"

    delivery = ship_from_file(brought("20").pk, by=with_code("ku"))
    assert [line.shipped_quantity for line in delivery.lines.all()] == [20, 20]
    asked = deal.application.acceptances.order_by("order_line__line_number")
    assert [each.amount_minor for each in asked] == [152_082_60, 165_997_40]
