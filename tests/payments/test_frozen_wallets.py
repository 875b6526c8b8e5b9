"""A frozen wallet holds up nobody else, and what waits for it is claimed when it is free again."""

import pytest

from scf.core.errors import RuleBroken
from scf.financing.services import agree_return, pay_own_funds
from scf.payments.selectors import claimable_of
from scf.payments.services import claim_waiting
from scf.wallets.models import Act
from scf.wallets.services import freeze_wallet, unfreeze_wallet
from tests.factories.wallets import LIFT, ORDER
from tests.payments.lives import broken, signed, with_code


def freeze(stack, wallet):
    wallet.refresh_from_db()
    freeze_wallet(wallet, order=ORDER, by=with_code("luo"))
    stack.rest()


def unfreeze(stack, wallet):
    wallet.refresh_from_db()
    unfreeze_wallet(wallet, order=LIFT, by=with_code("luo"))
    stack.rest()


def claim(life, wallet, key, party):
    act = claim_waiting(life.payment.pk, wallet=wallet, party=party, by=with_code(key))
    life.stack.rest()
    return act


def test_what_a_frozen_payee_earns_waits_in_the_escrow_until_it_is_claimed(stack, life):
    payee = life.payment.payee_wallet
    life.deliver(1, "50", "50")
    freeze(stack, payee)
    life.deliver(3, "40", "40")

    assert (life.line(3).status, life.payment.claimable_minor) == ("paid", 204_800_00)
    assert claimable_of(life.payment, payee) == 204_800_00
    assert stack.balance(payee) == 380_206_50
    assert broken() == {}
    with pytest.raises(RuleBroken) as refusal:
        claim(life, payee, "lan", life.payment.seller_id)
    assert refusal.value.code == "wallet_frozen"

    unfreeze(stack, payee)
    claim(life, payee, "lan", life.payment.seller_id)
    assert stack.balance(payee) == 380_206_50
    claim(life, payee, "luo", life.payment.bank_id)

    assert stack.balance(payee) == 585_006_50
    assert life.payment.claimable_minor == 0
    with pytest.raises(RuleBroken) as nothing:
        claim(life, payee, "lan", life.payment.seller_id)
    assert nothing.value.code == "nothing_to_claim"
    assert broken() == {}


def test_a_second_freeze_leads_to_a_second_claim(stack, life):
    payee = life.payment.payee_wallet
    for number in (1, 2):
        freeze(stack, payee)
        life.deliver(number, "50", "50")
        unfreeze(stack, payee)
        claim(life, payee, "lan", life.payment.seller_id)
        claim(life, payee, "luo", life.payment.bank_id)

    assert stack.balance(payee) == life.payment.released_minor == 795_200_00
    assert broken() == {}


def test_own_funds_that_come_back_to_a_frozen_buyer_wait_for_him(stack, life):
    buyer = life.payment.buyer_wallet
    freeze(stack, buyer)
    for key in ("nuo", "lan"):
        agree_return(life.application.pk, life.order_line(3).pk, by=with_code(key))
    stack.rest()

    assert life.line(3).status == "returned"
    assert (life.payment.claimable_minor, stack.balance(buyer)) == (40_960_00, 50_000_00)
    unfreeze(stack, buyer)
    claim(life, buyer, "nuo", life.payment.buyer_id)
    claim(life, buyer, "luo", life.payment.bank_id)
    assert stack.balance(buyer) == 90_960_00
    assert broken() == {}


def test_a_frozen_buyer_pays_no_own_funds_until_two_persons_gave_the_attempt_up(stack):
    life = signed(stack)
    buyer = life.payment.buyer_wallet
    freeze(stack, buyer)
    pay_own_funds(life.application.pk, by=with_code("nuo"))
    stack.rest()
    act = Act.objects.get(kind="own_funds")
    command = life.command_of(act.key)
    assert (act.status, command.state, command.error) == ("sent", "blocked", "wallet_frozen")
    unfreeze(stack, buyer)

    life.give_up(command)
    pay_own_funds(life.application.pk, by=with_code("nuo"))
    stack.rest()

    assert life.status() == ("signed", "own_funds_in")
    keys = Act.objects.filter(kind="own_funds").order_by("created_at").values_list("status")
    assert list(keys) == [("failed",), ("done",)]
