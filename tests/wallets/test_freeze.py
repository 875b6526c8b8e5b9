"""A wallet frozen on an order and freed again: by its own bank, with a proof, in its time."""

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound
from scf.wallets.models import Act
from scf.wallets.services import freeze_wallet, unfreeze_wallet
from tests.factories.parties import somebody, stepped_up
from tests.factories.wallets import LIFT, ORDER
from tests.wallets.test_acts import pay, state, wallet


def test_a_frozen_wallet_pays_nothing_until_it_is_free_again(stack, luo):
    for _twice in range(2):
        freeze_wallet(wallet("jinhe"), order=ORDER, by=luo)
    stack.rest()
    frozen = wallet("jinhe")
    assert frozen.status == "frozen"
    assert frozen.frozen_by_order == Act.objects.get(kind="freeze").call["args"][-1]
    with pytest.raises(Conflict) as refusal:
        freeze_wallet(frozen, order=ORDER, by=luo)
    assert refusal.value.code == "wrong_state"
    act = pay()
    stack.rest()
    assert (state(act), stack.balance(frozen)) == ("sent", 250_000_00)

    unfreeze_wallet(frozen, order=LIFT, by=luo)
    stack.rest()
    # What the freeze blocked in the wallet's own queue does not hold up its lifting.
    assert (wallet("jinhe").status, wallet("jinhe").frozen_by_order) == ("active", "")
    with pytest.raises(Conflict):
        unfreeze_wallet(wallet("jinhe"), order=LIFT, by=luo)


def test_another_order_waits_until_the_first_is_in_force(stack, luo):
    freeze_wallet(wallet("jinhe"), order=ORDER, level="debit_frozen", by=luo)
    with pytest.raises(Conflict) as refusal:
        freeze_wallet(wallet("jinhe"), order=LIFT, by=luo)
    assert "请等它生效后再办" in refusal.value.text()
    stack.rest()
    freeze_wallet(wallet("jinhe"), order=LIFT, by=luo)
    stack.rest()
    assert wallet("jinhe").status == "frozen"


def test_nobody_but_its_bank_with_a_proof_freezes_a_wallet(stack, sly):
    mine = wallet("jinhe")
    for stranger in (sly, stepped_up(somebody("nuo"))):
        with pytest.raises(NotFound):
            freeze_wallet(mine, order=ORDER, by=stranger)
    with pytest.raises(Forbidden) as refusal:
        freeze_wallet(mine, order=ORDER, by=somebody("luo"))
    assert refusal.value.code == "step_up_required"
    assert not Act.objects.filter(kind="freeze").exists()
