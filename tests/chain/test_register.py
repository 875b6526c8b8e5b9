"""A bank and its customers become parties on a real chain."""

from scf.chain import selectors
from scf.chain.models import ChainCommand, ChainEvent, ChainParty
from scf.workflow.models import Fact


def test_a_bank_gets_its_vault_and_its_customers_their_registration(world):
    assert ChainParty.objects.filter(registered_at__isnull=False).count() == 3
    vault = selectors.vault_address(world.bank)
    wallet = world.node.call("WalletRegistry", "walletOf", [vault])
    assert (wallet["owner"], wallet["bank_id"], wallet["kind"]) == (
        selectors.party_id(world.bank),
        1,
        4,
    )
    assert set(ChainCommand.objects.values_list("state", flat=True)) == {"mined"}


def test_registering_twice_sends_nothing_twice(world):
    before = ChainCommand.objects.count()
    assert world.step().sent == 0
    assert ChainCommand.objects.count() == before


def test_every_applied_event_left_one_fact_with_its_block(world):
    event = ChainEvent.objects.get(name="VaultDeployed")
    fact = Fact.objects.get(subject_id=event.pk)
    assert fact.name == "chain.VaultDeployed"
    assert fact.details["bank_id"] == 1
    assert fact.details["tx_hash"] == event.tx_hash
    assert fact.details["block_number"] == event.block_number
