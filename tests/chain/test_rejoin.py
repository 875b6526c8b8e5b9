"""After final blocks were replaced: compare, send again, and go on when two persons say so."""

from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from scf.chain import invariants
from scf.chain.apply import apply_confirmed
from scf.chain.faults import ChainRewritten
from scf.chain.indexer import scan
from scf.chain.models import ChainCommand, ChainEvent, ChainParty, CommandState
from scf.chain.rejoin import compare_chain, rejoin_chain, send_replaced
from scf.chain.sender import send_ready
from scf.chain.services import register_party
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, Forbidden
from scf.workflow.models import Fact

CONFIRMATIONS = 3
MAKER = Actor(person_id=UUID(int=1), permissions=frozenset({"chain:repair"}))
CHECKER = Actor(
    person_id=UUID(int=2), permissions=frozenset({"chain:repair", "chain:repair_approve"})
)


def read_all(node) -> None:
    while scan(node):
        continue


@pytest.fixture
def rewritten(fake, signer, rotate, settings):
    """Two acts are booked, then the blocks they stood in are replaced by empty ones."""
    settings.CHAIN_CONFIRMATIONS = CONFIRMATIONS
    rotate("one")
    send_ready(fake, relayer=signer)
    fake.mine()
    read_all(fake)
    rotate("two")
    send_ready(fake, relayer=signer)
    fake.mine(1 + CONFIRMATIONS)
    read_all(fake)
    assert apply_confirmed() == 2
    fake.reorg(2 + CONFIRMATIONS)
    with pytest.raises(ChainRewritten):
        scan(fake)
    return fake


def booked() -> int:
    return Fact.objects.filter(name="chain.KeyAdded").count()


def test_looking_names_what_is_booked_and_missing_and_changes_nothing(rewritten):
    rewrite = compare_chain(rewritten)
    assert [each.event.name for each in rewrite.missing] == ["KeyAdded", "KeyAdded"]
    assert rewrite.known - rewrite.fork == 2 + CONFIRMATIONS
    assert ChainEvent.objects.filter(applied_at__isnull=False).count() == 2
    with pytest.raises(ChainRewritten):
        scan(rewritten)


def test_while_something_booked_is_missing_nobody_goes_on(rewritten):
    with pytest.raises(Conflict) as refusal:
        rejoin_chain(rewritten, by=MAKER, approved_by=CHECKER)
    assert (refusal.value.code, refusal.value.extra["count"]) == ("acts_missing", 2)


def test_what_is_sent_again_counts_only_when_it_is_final(rewritten):
    assert send_replaced(rewritten, compare_chain(rewritten)) == 2
    rewritten.mine()
    assert len(compare_chain(rewritten).missing) == 2
    rewritten.mine(CONFIRMATIONS)
    assert compare_chain(rewritten).missing == []


def test_sent_again_and_agreed_by_two_each_act_stays_booked_once(rewritten, signer):
    send_replaced(rewritten, compare_chain(rewritten))
    rewritten.mine(1 + CONFIRMATIONS)

    rejoin_chain(rewritten, by=MAKER, approved_by=CHECKER)
    read_all(rewritten)
    send_ready(rewritten, relayer=signer)

    assert (apply_confirmed(), booked(), ChainEvent.objects.count()) == (0, 2, 2)
    assert set(ChainCommand.objects.values_list("state", flat=True)) == {CommandState.MINED}
    assert compare_chain(rewritten) is None
    moved = Fact.objects.filter(name="chain.EventMoved")
    assert {(fact.person_id, fact.details["approved_by"]) for fact in moved} == {
        (MAKER.person_id, str(CHECKER.person_id))
    }
    assert not list(invariants.applied_event_has_one_fact())
    assert not list(invariants.command_mined_once())


def test_afterwards_new_acts_are_done_as_ever(rewritten, signer, rotate):
    send_replaced(rewritten, compare_chain(rewritten))
    rewritten.mine(1 + CONFIRMATIONS)
    rejoin_chain(rewritten, by=MAKER, approved_by=CHECKER)
    read_all(rewritten)
    rotate("three")
    send_ready(rewritten, relayer=signer)
    rewritten.mine(1 + CONFIRMATIONS)
    read_all(rewritten)
    assert (apply_confirmed(), booked()) == (1, 3)


@pytest.mark.parametrize(
    ("by", "approved_by", "code"),
    [
        (CHECKER, CHECKER, "four_eyes"),
        (MAKER, MAKER, "forbidden"),
        (SYSTEM, CHECKER, "person_needed"),
        (MAKER, SYSTEM, "person_needed"),
    ],
)
def test_one_person_or_the_system_alone_does_not_go_on(rewritten, by, approved_by, code):
    send_replaced(rewritten, compare_chain(rewritten))
    rewritten.mine(1 + CONFIRMATIONS)
    with pytest.raises(Forbidden) as refusal:
        rejoin_chain(rewritten, by=by, approved_by=approved_by)
    assert refusal.value.code == code


def test_where_nothing_was_replaced_there_is_nothing_to_do(fake):
    fake.mine(3)
    read_all(fake)
    assert compare_chain(fake) is None
    with pytest.raises(Conflict):
        rejoin_chain(fake, by=MAKER, approved_by=CHECKER)


@pytest.mark.slow
@override_settings(CHAIN_CONFIRMATIONS=CONFIRMATIONS)
def test_a_real_chain_rewritten_below_its_confirmations_is_rejoined(
    world, organization, anvil, capsys
):
    node = world.node
    register_party(organization("913300000000000RJ1").pk, bank_number=1, by=SYSTEM)
    world.step()
    node.mine(CONFIRMATIONS)
    world.step()
    facts = Fact.objects.filter(name="chain.PartyRegistered").count()
    # From the block of the act itself: an empty block may come out with the hash it had.
    acted = ChainEvent.objects.filter(name="PartyRegistered").latest("block_number")
    node._rpc.ask("anvil_reorg", node.head() - acted.block_number + 1, [])
    with pytest.raises(ChainRewritten):
        scan(node)

    with override_settings(RPC_URL=anvil.url), pytest.raises(CommandError, match="missing"):
        call_command("rejoin_chain", resend=True)
    assert "were replaced" in capsys.readouterr().out
    node.mine(1 + CONFIRMATIONS)
    rejoin_chain(node, by=MAKER, approved_by=CHECKER)
    world.step()

    assert Fact.objects.filter(name="chain.PartyRegistered").count() == facts
    assert not ChainParty.objects.filter(registered_at=None).exists()
    assert not ChainEvent.objects.filter(applied_at=None).exists()
    assert not list(invariants.applied_event_has_one_fact())
