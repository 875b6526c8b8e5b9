"""Many real reorgs of any allowed depth: in the end each act was done once, and the rows agree."""

import random

import pytest
from django.test import override_settings

from scf.chain import invariants
from scf.chain.apply import apply_confirmed
from scf.chain.indexer import scan
from scf.chain.models import ChainCommand, ChainEvent, ChainParty, CommandState, Sender
from scf.chain.sender import send_ready
from scf.chain.services import register_party
from scf.core.actor import SYSTEM
from scf.workflow.models import Fact

CONFIRMATIONS = 3
ROUNDS = 15


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@override_settings(CHAIN_CONFIRMATIONS=CONFIRMATIONS)
def test_ledger_of_acts_and_chain_agree_after_reorgs_at_random_points(world, organization, seed):
    chance = random.Random(seed)
    world.node.mine(CONFIRMATIONS + 1)
    world.step()
    reorgs = 0
    for number in range(ROUNDS):
        uscc = f"9133{seed:04d}{number:08d}PQ"
        register_party(organization(uscc).pk, bank_number=1, by=SYSTEM)
        world.signer.sign_waiting()
        ChainCommand.objects.update(broadcast_at=None)  # as if time had passed
        send_ready(world.node, relayer=world.signer)
        world.node.mine(chance.randint(0, 2))
        _read(world.node)
        if chance.random() < 0.7:
            world.node._rpc.ask("anvil_reorg", chance.randint(1, CONFIRMATIONS), [])
            reorgs += 1
            _read(world.node)
    assert reorgs > ROUNDS // 3
    ChainCommand.objects.update(broadcast_at=None)
    world.step()

    assert ChainParty.objects.filter(registered_at=None).count() == 0
    assert set(ChainCommand.objects.values_list("state", flat=True)) == {CommandState.MINED}
    nonce = Sender.objects.get().next_nonce
    assert world.node.transaction_count(world.signer.relayer_address()) == nonce
    registered = Fact.objects.filter(name="chain.PartyRegistered").values_list(
        "details__party_id", flat=True
    )
    assert len(registered) == len(set(registered))
    assert not ChainEvent.objects.filter(applied_at=None).exists()
    assert not list(invariants.applied_event_has_one_fact())
    assert not list(invariants.command_mined_once())


def _read(node: object) -> None:
    while scan(node):
        apply_confirmed()
    apply_confirmed()
