"""Clocks that run out, on a chain whose days are lived through."""

from datetime import date, timedelta

import pytest

from scf.chain.models import ChainCommand
from scf.financing import day_end
from scf.financing.services import open_dispute, return_application, sign_application
from scf.workflow import clocks
from tests.payments.lives import Life, approved, funded, signed, submitted, with_code
from tests.payments.test_ended_before_funding import is_free

BEGINS = date(2026, 3, 9)
pytestmark = pytest.mark.usefixtures("stays_sound")


@pytest.fixture
def begins() -> date:
    """A chain in the past, with the bank day that belongs to it."""
    return BEGINS


def live(life: Life, days: int) -> None:
    """Live so many bank days with the product's own day end."""
    stack, until = life.stack, clocks.business_date() + timedelta(days=days)
    day_end.advance_days(to=until, node=stack.node, quiet=stack.rest, tell=lambda _line: None)


def test_an_approval_nobody_signs_expires_and_its_agreement_with_it(stack):
    life = approved(stack, application={"funding_planned_on": BEGINS + timedelta(days=20)})
    sign_application(life.application.pk, by=with_code("nuo"))
    live(life, 11)

    assert life.status() == ("expired", "cancelled")
    assert is_free(life)


def test_what_is_signed_waits_for_its_planned_day_and_lapses_with_its_escrow(stack):
    planned = BEGINS + timedelta(days=8)
    life = signed(stack, application={"funding_planned_on": planned}).own_funds()
    live(life, 14)
    assert life.status() == ("signed", "own_funds_in")

    live(life, 3)

    assert life.status() == ("expired", "cancelled")
    interest = life.payment.interest_paid_minor
    assert stack.balance(life.payment.buyer_wallet) == 250_000_00 + interest
    assert is_free(life)


def test_a_pay_out_that_comes_before_fund_by_is_still_possible(stack):
    life = signed(stack, application={"funding_planned_on": BEGINS + timedelta(days=8)}).own_funds()
    live(life, 9)

    life.pay_out()

    assert life.status() == ("funded", "funded")


def test_a_disputed_line_outlives_the_expiry_and_is_reclaimed_after_its_clocks(stack):
    expiry = BEGINS + timedelta(days=4)
    life = funded(
        stack,
        dispute_days=3,
        arbiter_days=4,
        application={"expires_on": expiry, "matures_on": BEGINS + timedelta(days=60)},
    )
    life.deliver(1, "50", "50")
    open_dispute(life.application.pk, life.order_line(2).pk, reason="数量不符", by=with_code("nuo"))
    stack.rest()

    live(life, 6)
    assert (life.line(2).status, life.line(3).status) == ("disputed", "returned")
    assert life.payment.status == "partial"
    assert not ChainCommand.objects.filter(state="blocked").exists()

    live(life, 3)
    assert life.payment.status == "returned"
    assert (life.line(1).status, life.line(2).status) == ("paid", "returned")
    assert life.payment.released_minor + life.payment.returned_minor == 1_000_000_00


def test_a_returned_application_nobody_puts_right_expires(stack):
    life = submitted(stack)
    return_application(life.application.pk, codes=["x"], note="", by=with_code("zhou"))
    live(life, 11)

    life.application.refresh_from_db()
    assert life.application.status == "expired"
    assert is_free(life)
