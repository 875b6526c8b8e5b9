"""What is stuck moves again when two persons say so."""

from uuid import UUID

import pytest

from scf.chain.apply import apply_confirmed
from scf.chain.indexer import scan
from scf.chain.models import ChainCommand, CommandState
from scf.chain.rest import what_moves
from scf.chain.selectors import list_open_retries, list_stuck_commands
from scf.chain.sender import send_ready
from scf.chain.services import approve_retry, refuse_retry, retry_command, watch
from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden, NotFound
from scf.parties.models import Organization
from scf.workflow.models import Fact

PARTY = "0x" + "a1" * 32
BOTH = frozenset({"chain:repair", "chain:repair_approve"})


def person(number: int, organization: Organization, permissions: frozenset[str] = BOTH) -> Actor:
    return Actor(
        person_id=UUID(int=number), organization_id=organization.pk, permissions=permissions
    )


@pytest.fixture
def bank(organization):
    return organization("91330000000000001A", kind="bank", bank_number=1)


@pytest.fixture
def blocked(fake, signer, rotate, bank):
    watch(PARTY, parties=[bank.pk])
    fake.refuses("rotateKey", "NotApproved", "0x" + "07" * 32)
    command = rotate("one")
    send_ready(fake, relayer=signer)
    fake.allows("rotateKey")
    return command


def test_it_is_tried_again_after_a_second_person_agreed(blocked, fake, signer, bank):
    retry = retry_command(blocked.pk, by=person(1, bank), note="key is registered now")
    assert send_ready(fake, relayer=signer) == 0
    approve_retry(retry.pk, by=person(2, bank))
    assert send_ready(fake, relayer=signer) == 1
    fake.mine()
    scan(fake)
    assert ChainCommand.objects.get().state == CommandState.MINED


def test_who_asked_cannot_approve(blocked, bank):
    retry = retry_command(blocked.pk, by=person(1, bank))
    with pytest.raises(Forbidden) as refusal:
        approve_retry(retry.pk, by=person(1, bank))
    assert refusal.value.code == "four_eyes"


def test_giving_up_fails_the_command_with_a_fact(blocked, bank):
    retry = retry_command(blocked.pk, by=person(1, bank), gives_up=True)
    approve_retry(retry.pk, by=person(2, bank))
    assert ChainCommand.objects.get().state == CommandState.FAILED
    assert Fact.objects.get(name="chain.CommandFailed").details["error"] == "not_approved"


def test_a_refused_retry_may_be_asked_for_again(blocked, bank):
    retry = retry_command(blocked.pk, by=person(1, bank))
    with pytest.raises(Conflict):
        retry_command(blocked.pk, by=person(3, bank))
    refuse_retry(retry.pk, by=person(2, bank))
    assert retry_command(blocked.pk, by=person(1, bank)).status == "requested"


def test_without_the_permission_nothing_moves(blocked, bank):
    with pytest.raises(Forbidden):
        retry_command(blocked.pk, by=person(1, bank, frozenset()))
    retry = retry_command(blocked.pk, by=person(1, bank))
    with pytest.raises(Forbidden):
        approve_retry(retry.pk, by=person(2, bank, frozenset({"chain:repair"})))


def test_a_stranger_sees_and_moves_nothing(blocked, organization, bank):
    stranger = person(9, organization("91330000000000009X", kind="bank", bank_number=2))
    assert list_stuck_commands(by=stranger) == []
    with pytest.raises(NotFound):
        retry_command(blocked.pk, by=stranger)
    retry = retry_command(blocked.pk, by=person(1, bank))
    with pytest.raises(NotFound):
        approve_retry(retry.pk, by=stranger)


def test_the_page_of_stuck_things_names_reason_and_open_retry(blocked, bank):
    retry = retry_command(blocked.pk, by=person(1, bank))
    stuck = list_stuck_commands(by=person(2, bank))
    assert [(each.words.zh, each.retry) for each in stuck] == [("缺少有效签名", retry)]
    assert list_open_retries(by=person(2, bank)) == [retry]


def test_what_is_not_blocked_needs_no_retry(fake, rotate, bank):
    watch(PARTY, parties=[bank.pk])
    with pytest.raises(Conflict):
        retry_command(rotate("one").pk, by=person(1, bank))


@pytest.fixture
def untold(untold, bank):
    """The same in a queue the bank listens to."""
    watch(PARTY, parties=[bank.pk])
    return untold


def test_a_refusal_our_books_did_not_take_is_shown_and_not_tried_at_once(untold, bank):
    for _each in range(3):
        apply_confirmed()
    (stuck,) = list_stuck_commands(by=person(1, bank))
    assert (stuck.is_untold, stuck.is_blocked, stuck.act.zh) == (True, False, "更换签名密钥")
    assert stuck.command.untold_error == "RuntimeError: the books do not balance"
    assert stuck.command.untold_attempts == 1
    assert not what_moves()


def test_it_is_told_again_when_two_persons_say_so_and_never_given_up(untold, bank):
    apply_confirmed()
    command = ChainCommand.objects.get()
    with pytest.raises(Conflict):
        retry_command(command.pk, by=person(1, bank), gives_up=True)
    retry = retry_command(command.pk, by=person(1, bank))
    untold.clear()
    assert apply_confirmed() == 0
    approve_retry(retry.pk, by=person(2, bank))
    assert apply_confirmed() == 1
    assert ChainCommand.objects.get().state == CommandState.FAILED
    assert list_stuck_commands(by=person(1, bank)) == []


def test_what_the_contract_refused_just_now_needs_nobody(untold, fake, bank):
    command = ChainCommand.objects.get()
    (stuck,) = list_stuck_commands(by=person(1, bank))
    assert (stuck.is_untold, stuck.is_blocked) == (False, False)
    with pytest.raises(Conflict):
        retry_command(command.pk, by=person(1, bank))
