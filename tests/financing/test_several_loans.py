"""One collection wallet serves several loans of a buyer: the earliest due first."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scf.loans.models import Loan
from scf.loans.services import collect_due
from scf.wallets.models import Act
from scf.wallets.outcomes import mark_failed
from tests.factories.credit import ready_programme
from tests.factories.trade import GOLDEN_LINES
from tests.financing.conftest import Deal, apply_and_approve, fund, sign
from tests.financing.test_day_end import held, moved
from tests.loans.deal import FUNDED, MATURITY

pytestmark = pytest.mark.slow
SMALL = replace(GOLDEN_LINES[0], quantity=Decimal(1), unit_price=Decimal(10_000))
EARLIER = date(2026, 6, 1)


@pytest.fixture
def both(stack) -> tuple[Deal, Deal]:
    """Two loans of 8,000.00, the second due before the first."""
    programme = ready_programme()
    deals = [
        apply_and_approve(stack, programme, number="PO-1", lines=(SMALL,)),
        apply_and_approve(stack, programme, number="PO-2", lines=(SMALL,), matures_on=EARLIER),
    ]
    for each in deals:
        sign(each)
    deals[0].go_to(FUNDED)
    for each in deals:
        fund(each)
        each.accept(1, "1")
    return deals[0], deals[1]


def loan_of(deal: Deal) -> Loan:
    return Loan.objects.get(application_id=deal.application.pk)


def test_the_loan_due_first_is_paid_first_and_the_rest_waits_for_the_other(both):
    later, earlier = both
    later.go_to(date(2026, 5, 20))
    later.receive(10_000_00)
    later.go_to(date(2026, 6, 2))

    interest = 78_30  # 8,000.00 x 4.35 % x 81 / 360
    assert moved("sweep") == [(EARLIER, 8_000_00 + interest)]
    assert (loan_of(earlier).status, loan_of(later).status) == ("settled", "active")
    assert held(later, "collection") == 2_000_00 - interest
    assert moved("free_rest") == []

    later.go_to(date(2026, 6, 11))
    assert moved("sweep")[1:] == [(MATURITY, 2_000_00 - interest)]
    assert loan_of(later).status == "overdue"


def test_what_is_under_way_is_not_asked_for_again(both):
    later, earlier = both
    later.go_to(EARLIER)
    later.receive(20_000_00)
    ask = {"bank_id": earlier.application.bank_id, "on": EARLIER, "is_evening": True}

    first = collect_due(earlier.application.buyer_id, **ask)
    second = collect_due(earlier.application.buyer_id, **ask)

    assert [act.kind for act in first] == ["sweep"]
    assert second == []
    mark_failed(first[0].key, reason="the signer says no")
    (again,) = collect_due(earlier.application.buyer_id, **ask)
    # The signature of the first is still somewhere: it and this one are a single wish.
    assert again.instruction_id == first[0].instruction_id
    later.stack.rest()
    assert Act.objects.filter(kind="sweep", status="done").count() == 1
    assert held(later, "collection") == 20_000_00 - first[0].amount_minor
