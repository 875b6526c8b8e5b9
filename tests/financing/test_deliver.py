"""Shipped, proved, accepted, confirmed: each by its own side, once, in its time, with its proof."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scf.core.errors import DomainError, NotFound
from scf.financing.selectors import list_unsigned_acceptances, list_waiting_acceptances
from scf.financing.services import (
    accept_delivery,
    agree_return,
    confirm_acceptance,
    confirm_evidence,
    make_evidence_link,
    open_dispute,
    ship_delivery,
    sign_acceptance,
)
from scf.trade.inputs import ShipmentLineIn
from scf.trade.models import Delivery, ReceiptLine
from scf.wallets.models import Act
from scf.workflow.models import Fact
from tests.factories.parties import also, somebody
from tests.factories.trade import lines_of, reserved_order, shipped_line
from tests.payments.lives import Life, funded, signed, with_code

FIFTY = Decimal(50)


@pytest.fixture
def begins() -> None:
    """A chain of today, unlike that of the golden deal in this room."""


def refused(verb, *given, **named) -> str:
    """The code of the refusal; whoever may not see the deal finds nothing."""
    with pytest.raises(DomainError) as refusal:
        verb(*given, **named)
    return "unseen" if isinstance(refusal.value, NotFound) else refusal.value.code


def ship(life: Life, by, number: str = "FH-9", **given):
    lines = [ShipmentLineIn(life.order_line(1).pk, FIFTY)]
    return ship_delivery(life.application.pk, number=number, lines=lines, by=by, **given)


def test_goods_leave_by_the_sellers_hand_once_and_after_the_money_is_there(stack):
    life = signed(stack)
    assert refused(ship, life, somebody("ku")) == "not_funded"
    life.own_funds().pay_out()

    assert refused(ship, life, with_code("sly")) == "unseen"
    assert refused(ship, life, also(with_code("ma"), "delivery:ship")) == "not_your_side"
    assert refused(ship, life, somebody("wei")) == "forbidden"
    assert not Delivery.objects.exists()
    ship(life, somebody("ku"))
    assert refused(ship, life, somebody("ku")) in ("duplicate_delivery", "over_delivery")
    assert Delivery.objects.count() == 1


def test_what_arrived_is_proved_accepted_and_confirmed_by_the_right_hands_alone(stack):
    life = funded(stack)
    pk, row = life.application.pk, life.ship(1, "50")

    assert refused(make_evidence_link, pk, row.pk, by=with_code("sly")) == "unseen"
    assert refused(make_evidence_link, pk, row.pk, by=somebody("ma")) == "not_your_side"
    issued = make_evidence_link(pk, row.pk, by=somebody("ku"))
    proof = {"quantity": FIFTY, "vehicle": "临A1", "slip_number": "BD-1", "name": "郝"}
    wrong = f"{(int(issued.code) + 1) % 1_000_000:06d}"
    assert refused(confirm_evidence, issued.token, code=wrong, **proof) == "wrong_code"
    confirm_evidence(issued.token, code=issued.code, **proof)
    told = Fact.objects.filter(name__startswith="application.evidence_")
    assert [fact.details["line_number"] for fact in told] == [1, 1]
    assert refused(confirm_evidence, issued.token, code=issued.code, **proof) == "unseen"

    accepted = {"accepted": FIFTY}
    assert refused(accept_delivery, pk, row.pk, by=with_code("sly"), **accepted) == "unseen"
    seller = also(with_code("ku"), "delivery:accept")
    assert refused(accept_delivery, pk, row.pk, by=seller, **accepted) == "not_your_side"
    assert refused(accept_delivery, pk, row.pk, by=with_code("nuo"), **accepted) == "forbidden"
    assert refused(accept_delivery, pk, row.pk, by=somebody("ma"), **accepted) == "step_up_required"
    assert not ReceiptLine.objects.exists()
    acceptance = life.accept(row, "50")
    again = refused(accept_delivery, pk, row.pk, by=with_code("ma"), **accepted)
    assert again == "already_received"
    assert refused(sign_acceptance, pk, acceptance.pk, by=with_code("ma")) == "wrong_state"

    for by, code in (
        (with_code("sly"), "unseen"),
        (also(with_code("ma"), "delivery:confirm"), "not_your_side"),
        (with_code("yi"), "forbidden"),
        (somebody("luo"), "step_up_required"),
        # Who accepted for the buyer and works for the bank as well.
        (replace(with_code("luo"), person_id=somebody("ma").person_id), "four_eyes"),
    ):
        assert refused(confirm_acceptance, pk, acceptance.pk, by=by) == code
    for _twice in range(2):
        confirm_acceptance(pk, acceptance.pk, by=with_code("luo"))
    stack.rest()
    assert life.line(1).status == "paid"
    assert Act.objects.filter(kind="confirm").count() == 1


def test_what_a_machine_recorded_pays_nobody_until_a_person_signs(stack):
    life = funded(stack)
    pk, row = life.application.pk, life.ship(1, "50")
    life.prove(row)
    accept_delivery(pk, row.pk, accepted=FIFTY, is_signing=False, by=somebody("ma"))
    stack.rest()

    (acceptance,) = list_unsigned_acceptances(by=somebody("he"))
    assert list_waiting_acceptances(by=somebody("luo")) == []
    assert life.line(1).status == "waiting"
    assert refused(sign_acceptance, pk, acceptance.pk, by=with_code("sly")) == "unseen"
    seller = also(with_code("ku"), "delivery:accept")
    assert refused(sign_acceptance, pk, acceptance.pk, by=seller) == "not_your_side"
    assert refused(sign_acceptance, pk, acceptance.pk, by=somebody("ma")) == "step_up_required"
    sign_acceptance(pk, acceptance.pk, by=with_code("he"))
    assert list_unsigned_acceptances(by=somebody("he")) == []
    assert [each.pk for each in list_waiting_acceptances(by=somebody("luo"))] == [acceptance.pk]
    life.confirm(acceptance)
    stack.rest()
    assert life.line(1).status == "paid"


def test_paid_on_shipment_it_is_the_seller_who_proves_who_he_is(stack):
    life = funded(stack, release_policy="PAY_ON_SHIPMENT")
    assert refused(ship, life, somebody("ku")) == "step_up_required"
    assert not Delivery.objects.exists()
    ship(life, somebody("ku"), is_signing=False)
    (acceptance,) = list_unsigned_acceptances(by=somebody("ku"))
    sign_acceptance(life.application.pk, acceptance.pk, by=with_code("ku"))
    life.prove(acceptance.delivery_line)
    life.confirm(acceptance)
    stack.rest()
    assert life.line(1).status == "paid"


def test_a_dispute_and_a_return_are_signed_with_a_proof_too(stack):
    life = funded(stack)
    pk, line = life.application.pk, life.order_line(2).pk
    for key in ("nuo", "lan"):
        by = somebody(key)
        assert refused(open_dispute, pk, line, reason="短重", by=by) == "step_up_required"
        assert refused(agree_return, pk, line, by=by) == "step_up_required"
    assert refused(agree_return, pk, line, by=with_code("sly")) == "unseen"
    assert not Act.objects.filter(kind__in=["dispute_line", "return_line"]).exists()


def test_what_another_financing_pays_for_is_not_accepted_under_this_one(stack):
    """Said under one whose deliveries only record, it would never move the other one's money."""
    life = funded(stack, release_policy="PAY_ON_DRAWDOWN")
    order, _application, _deal = reserved_order(number="PO-2026-0399")
    row = shipped_line(lines_of(order)[0], FIFTY, number="FH-77")

    given = {"accepted": FIFTY, "by": with_code("ma")}
    assert refused(accept_delivery, life.application.pk, row.pk, **given) == "unseen"
    assert not ReceiptLine.objects.exists()
