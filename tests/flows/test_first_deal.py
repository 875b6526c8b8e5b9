"""The whole product as one story: an order of three lines financed, delivered, released and
reclaimed on a real chain.
"""

from datetime import timedelta

import pytest

from scf.chain.models import ChainCommand, ChainEvent
from scf.financing.access import content_hash
from scf.financing.models import Application
from scf.financing.services import (
    ApplicationIn,
    accept_delivery,
    approve_application,
    confirm_acceptance,
    confirm_evidence,
    make_evidence_link,
    pay_out,
    pay_own_funds,
    recommend_application,
    ship_delivery,
    sign_application,
    submit_application,
)
from scf.payments.models import Payment
from scf.trade.inputs import ShipmentLineIn
from scf.workflow import clocks
from scf.workflow.invariants import run_checks
from scf.workflow.models import Fact
from tests.factories.credit import ready_programme
from tests.factories.parties import stepped_up
from tests.factories.trade import confirmed_order
from tests.flows.conftest import Stack


@pytest.fixture
def funded(stack: Stack, ma, zhou, yi, nuo, lan, luo) -> Application:
    """Submitted by Ma, recommended by Zhou, approved by Yi, signed by three, paid out by Luo."""
    order = confirmed_order()
    programme = ready_programme()
    today = clocks.business_date()
    application = submit_application(
        ApplicationIn(
            programme_id=programme.pk,
            order_line_ids=tuple(line.pk for line in order.lines.all()),
            matures_on=today + timedelta(days=90),
            purpose="采购树脂",
        ),
        by=ma,
    )
    recommend_application(
        application.pk, seen=content_hash(application), opinion="贸易背景真实", by=zhou
    )
    application.refresh_from_db()
    approve_application(application.pk, seen=content_hash(application), by=yi)
    for signer in (nuo, lan, luo):
        sign_application(application.pk, by=signer)
    stack.rest()
    pay_own_funds(application.pk, by=nuo)
    stack.rest()
    pay_out(application.pk, by=luo)
    stack.rest()
    application.refresh_from_db()
    return application


def test_an_order_is_financed_and_delivered_line_by_line(funded, stack, ku, ma, luo):
    payment = Payment.objects.get(application_id=funded.pk)
    assert (funded.status, payment.status) == ("funded", "funded")
    assert payment.in_escrow_minor == 1_000_000_00

    for line in funded.order.lines.order_by("line_number"):
        delivery = ship_delivery(
            funded.pk,
            number=f"FH-{line.line_number}",
            lines=[ShipmentLineIn(line.pk, line.quantity)],
            by=ku,
        )
        row = delivery.lines.get()
        issued = make_evidence_link(funded.pk, row.pk, by=ku)
        confirm_evidence(
            issued.token,
            code=issued.code,
            quantity=line.quantity,
            vehicle="临A12345",
            slip_number=f"BD-{line.line_number}",
            name="郝",
        )
        accept_delivery(funded.pk, row.pk, accepted=line.quantity, by=stepped_up(ma))
        confirm_acceptance(funded.pk, funded.acceptances.latest("id").pk, by=luo)
        stack.rest()

    payment.refresh_from_db()
    assert payment.status == "settled"
    assert stack.balance(payment.payee_wallet) == payment.released_minor == 1_000_000_00
    assert not ChainCommand.objects.exclude(state="mined").exists()
    assert not ChainEvent.objects.filter(applied_at=None).exists()
    names = list(Fact.objects.filter(deal_id=funded.deal_id).values_list("name", flat=True))
    assert names.count("payment.released") == 3


def test_chain_and_book_agree_after_the_deal(funded, stack, settings, anvil):
    settings.RPC_URL = anvil.url

    found = run_checks()

    assert {name: rows for name, rows in found.items() if rows} == {}
    assert "chain.each_wallet_holds_what_the_book_says" in found


def test_a_wallet_that_differs_is_reported(funded, stack, settings, anvil):
    settings.RPC_URL = anvil.url
    payment = Payment.objects.get(application_id=funded.pk)
    Payment.objects.filter(pk=payment.pk).update(claimable_minor=1)

    found = run_checks()

    assert found["payments.escrow_is_what_is_owed"]
    assert found["chain.each_vault_holds_what_its_agreements_owe"]
