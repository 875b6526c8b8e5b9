"""What is stuck moves again when two persons say so."""

from uuid import UUID

import pytest

from scf.chain.indexer import scan
from scf.chain.models import ChainCommand, CommandState
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
