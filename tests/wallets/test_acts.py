"""An act from the first word to the chain's: prepared, signed by each party, relayed once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scf.chain.calls import Call
from scf.chain.models import ChainCommand, SignatureRequest
from scf.chain.services import approve_retry, retry_command
from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.wallets.acts import ActIn, approve_act, prepare_act
from scf.wallets.attempts import attempt_key, instruction_id_of, latest_of
from scf.wallets.models import Act, Purpose, Wallet
from scf.wallets.selectors import wallet_of
from scf.wallets.services import mint, open_wallet, transfer
from scf.workflow import clocks
from tests.factories.parties import party, somebody, stepped_up
from tests.payments import strangers

KEY = "test:1"


def wallet(owner: str, purpose: Purpose = Purpose.GENERAL) -> Wallet:
    found = wallet_of(party(owner).pk, bank_id=party("yuanfan").pk, purpose=purpose)
    assert found is not None
    return found


def pay(amount_minor: int = 100_00, *, by=None, key: str = "1") -> Act:
    """The buyer moves money to the core enterprise."""
    return transfer(
        wallet("jinhe"), payee=wallet("hengyan"), amount_minor=amount_minor, key=key,
        kind="test", by=by or stepped_up(somebody("nuo")),
    )  # fmt: skip


def two_parties(**changes) -> ActIn:
    """Something that buyer and core enterprise must both sign."""
    parties = (party("jinhe").pk, party("hengyan").pk)
    given = ActIn(
        key=KEY, kind="test", subject_id=wallet("jinhe").pk, contract="DigitalYuan", action=23,
        parties=parties, call=Call("DigitalYuan", "balanceOf", [wallet("jinhe").address]),
        queue=wallet("jinhe").address, audience=parties, amount_minor=5,
    )  # fmt: skip
    return replace(given, **changes)


def give_up(command: ChainCommand) -> None:
    """Operations ask that a blocked call be ended, accounting agrees."""
    retry = retry_command(command.pk, by=somebody("luo"), gives_up=True)
    approve_retry(retry.pk, by=somebody("shen"))


def state(act: Act) -> str:
    act.refresh_from_db()
    return act.status


def test_it_is_asked_for_then_signed_then_relayed_then_done(stack):
    act = pay()
    assert state(act) == "asked"
    request = SignatureRequest.objects.get(key=f"{act.key}@{party('jinhe').pk}")
    assert (request.state, request.asked_by) == ("waiting", somebody("nuo").person_id)
    assert not ChainCommand.objects.filter(key=act.key).exists()

    stack.signer.sign_waiting()
    assert state(act) == "sent"
    assert ChainCommand.objects.get(key=act.key).state == "queued"
    assert pay().pk == act.pk
    stack.rest()

    assert state(act) == "done"
    assert act.tx_hash == ChainCommand.objects.get(key=act.key).tx_hash
    assert stack.balance(wallet("hengyan")) == 100_00
    assert pay().pk == act.pk
    stack.rest()
    assert stack.balance(wallet("hengyan")) == 100_00


def test_one_key_stands_for_one_wish_and_needs_a_person_with_a_proof(stack):
    for by, code in ((somebody("nuo"), "step_up_required"), (SYSTEM, "person_needed")):
        with pytest.raises(Forbidden) as refusal:
            pay(by=by)
        assert refusal.value.code == code
    for amount in (0, -1):
        with pytest.raises(RuleBroken):
            pay(amount)
    assert not Act.objects.filter(kind="test").exists()
    pay()
    with pytest.raises(Conflict) as other:
        pay(100_01)
    assert other.value.code == "duplicate_key"
    assert SignatureRequest.objects.filter(purpose="test").count() == 1


def test_of_two_parties_the_last_signature_sends_it(stack):
    act = prepare_act(two_parties())
    buyer, enterprise = (stepped_up(somebody(key)) for key in ("nuo", "lan"))
    for _twice in range(2):
        approve_act(KEY, party=party("jinhe").pk, by=buyer)
    stack.signer.sign_waiting()
    assert state(act) == "asked"
    signed = {party for party, approval in act.approvals.items() if approval}
    assert signed == {str(buyer.organization_id)}
    with pytest.raises(NotFound):
        approve_act(KEY, party=party("yuanfan").pk, by=stepped_up(somebody("luo")))
    approve_act(KEY, party=party("hengyan").pk, by=enterprise)
    stack.signer.sign_waiting()
    assert state(act) == "sent"


def test_what_is_not_signed_in_time_is_asked_for_under_the_next_key(stack):
    late = int((clocks.business_now() - timedelta(seconds=1)).timestamp())
    act = prepare_act(two_parties(deadline=late))
    assert attempt_key(KEY) == f"{KEY}#2"
    assert (state(act), act.failure) == ("failed", "too_late")
    again = prepare_act(two_parties(key=attempt_key(KEY)))
    assert attempt_key(KEY) == f"{KEY}#2"
    assert again.instruction_id == act.instruction_id == instruction_id_of(KEY)
    assert latest_of([KEY, "nobody:1"]) == {KEY: again}


def test_an_attempt_that_failed_is_followed_by_another_and_at_most_one_pays(stack):
    poor = pay(250_000_01)
    stack.rest()
    first = ChainCommand.objects.get(key=poor.key)
    assert (first.state, state(poor)) == ("blocked", "sent")
    give_up(first)
    assert state(poor) == "failed"
    mint(wallet("jinhe"), amount_minor=1, key="more", standing="opening", by=SYSTEM)
    stack.rest()

    again = pay(250_000_01)
    assert again.key == f"{poor.key}#2"
    stack.rest()
    assert state(again) == "done"
    assert stack.balance(wallet("hengyan")) == 250_000_01
    mint(wallet("jinhe"), amount_minor=250_000_01, key="twice", standing="opening", by=SYSTEM)
    stack.rest()
    assert not strangers.relay_again(stack, first)
    assert stack.balance(wallet("hengyan")) == 250_000_01
    assert state(poor) == "failed"


def test_a_wallet_whose_registration_failed_is_registered_once_more(stack):
    given = {"bank_id": party("yuanfan").pk, "purpose": Purpose.COLLECTION, "by": SYSTEM}
    owner = party("yuanfan").pk
    made = open_wallet(owner, **given)
    stack.signer.sign_waiting()
    command = ChainCommand.objects.get(key=f"wallet:{made.pk}")
    ChainCommand.objects.filter(pk=command.pk).update(state="blocked", error="reverted")
    give_up(command)
    assert open_wallet(owner, **given).pk == made.pk
    stack.rest()
    made.refresh_from_db()
    assert made.status == "active"
    assert open_wallet(owner, **given).pk == made.pk
    assert Act.objects.filter(subject_id=made.pk).count() == 2
