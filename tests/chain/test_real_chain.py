"""The same on a real chain: reorgs, a lost pool, and keys that can do nothing alone."""

from dataclasses import replace
from uuid import UUID

import coincurve
import pytest

from scf.chain import selectors
from scf.chain.abi import hash_of
from scf.chain.apply import apply_confirmed
from scf.chain.calls import ZERO_ADDRESS, ZERO_WORD, Call, Instruction, SignatureIn
from scf.chain.contracts import artefact, domain_of
from scf.chain.drive import step_chain
from scf.chain.hashing import to_hex, word_of
from scf.chain.indexer import scan
from scf.chain.models import ChainCommand, ChainEvent, ChainParty, CommandState
from scf.chain.rpc import RpcError
from scf.chain.selectors import party_id
from scf.chain.sender import send_ready
from scf.chain.services import enqueue, register_party, request_signature, watch
from scf.chain.transactions import address_of_key, sign_digest
from scf.chain.typed_data import digest
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import NotFound
from scf.workflow.models import Fact

FOREVER = 2**48 - 1


def test_a_real_reorg_ends_with_each_act_done_once(world, organization):
    parties = [organization(f"9133000000000010{number}K") for number in range(3)]
    for each in parties:
        register_party(each.pk, bank_number=1, by=SYSTEM)
    world.signer.sign_waiting()
    send_ready(world.node, relayer=world.signer)
    world.node.mine(1)
    scan(world.node)
    assert ChainEvent.objects.filter(name="PartyRegistered", applied_at=None).count() == 3

    world.node._rpc.ask("anvil_reorg", 1, [])
    scan(world.node)
    assert ChainCommand.objects.filter(state=CommandState.SENT).count() == 3
    world.step()
    for each in parties:
        assert world.node.call("PartyRegistry", "isRegistered", [party_id(each.pk)]) is True
    assert ChainParty.objects.filter(registered_at=None).count() == 0
    registered = Fact.objects.filter(name="chain.PartyRegistered")
    assert registered.count() == len(set(registered.values_list("details__party_id", flat=True)))


def test_a_node_that_knows_no_receipts_by_the_block_gives_them_one_by_one(
    world, organization, monkeypatch
):
    register_party(organization("91330000000000100K").pk, bank_number=1, by=SYSTEM)
    world.signer.sign_waiting()
    send_ready(world.node, relayer=world.signer)
    world.node.mine(1)
    headers = world.node.headers(0, world.node.head())
    given = world.node.receipts(headers)
    ask_all, refusal = world.node._rpc.ask_all, RpcError(-32601, "the method does not exist")

    def without_blocks(questions):
        is_by_block = any(method == "eth_getBlockReceipts" for method, _params in questions)
        return [refusal] * len(questions) if is_by_block else ask_all(questions)

    monkeypatch.setattr(world.node._rpc, "ask_all", without_blocks)

    assert world.node.receipts(headers) == given
    assert ChainCommand.objects.get(state=CommandState.SENT).tx_hash in {
        receipt.tx_hash for receipts in given for receipt in receipts
    }


def test_a_transaction_the_node_dropped_is_sent_again(world, organization):
    register_party(organization("91330000000000101K").pk, bank_number=1, by=SYSTEM)
    world.signer.sign_waiting()
    send_ready(world.node, relayer=world.signer)
    command = ChainCommand.objects.get(state=CommandState.SENT)
    world.node._rpc.ask("anvil_dropTransaction", command.tx_hash)
    ChainCommand.objects.update(broadcast_at=None)
    world.step()
    command.refresh_from_db()
    assert command.state == CommandState.MINED
    assert world.node.transaction_count(world.signer.relayer_address()) == command.nonce + 1


def test_the_contracts_agree_with_our_digest(world):
    for contract in ("PartyRegistry", "WalletRegistry", "DigitalYuan", "DirectedEscrow"):
        ours = _instruction("a digest", action=21, amount=7)
        theirs = world.node.call(contract, "digestOf", [ours.as_json()])
        assert digest(domain_of(contract), ours.as_json()) == theirs


def test_a_command_that_would_revert_says_why(world):
    instruction = _instruction("no signature", action=2)
    rest = [1, word_of("nobody"), ["0x" + "09" * 20], 1]
    approval = [party_id(world.bank), [], []]
    call = Call("PartyRegistry", "registerParty", [instruction.as_call(), approval, *rest])
    command = enqueue(call, key="bad:1", queue=word_of("nobody"))
    step_chain(node=world.node, signer=world.signer)
    command.refresh_from_db()
    assert (command.state, command.error, command.nonce) == ("blocked", "payload_mismatch", None)


def _instruction(
    name: str, *, action: int, amount: int = 0, payload: str = ZERO_WORD
) -> Instruction:
    return Instruction(
        word_of(name), ZERO_WORD, action, amount, ZERO_ADDRESS, payload, 0, FOREVER, 0
    )


@pytest.mark.parametrize("party", ["bank", "governance", "buyer"])
def test_all_keys_of_the_platform_together_make_no_approval(world, party):
    # The relayer's is the one key the platform holds; others it may make as it likes.
    platform = [world.signer._relayer(), *(coincurve.PrivateKey() for _key in range(3))]
    platform.sort(key=address_of_key)
    named = {
        "bank": party_id(world.bank),
        "buyer": party_id(world.buyer),
        "governance": word_of("scf.governance"),
    }
    rest = [1, word_of("mallory"), [address_of_key(platform[0])], 1]
    payload = hash_of(["uint16", "bytes32", "address[]", "uint8"], rest)
    instruction = _instruction("mallory", action=2, payload=payload)
    signed = digest(domain_of("PartyRegistry"), instruction.as_json())
    approval = {
        "party_id": named[party],
        "signers": [address_of_key(each) for each in platform],
        "signatures": [sign_digest(signed, key=each) for each in platform],
    }
    call = Call("PartyRegistry", "registerParty", [instruction.as_call(), approval, *rest])
    command = enqueue(call, key="mallory:1", queue=word_of("mallory"))
    step_chain(node=world.node, signer=world.signer)
    command.refresh_from_db()
    assert (command.state, command.error) == ("blocked", "not_approved")


def test_no_function_of_any_contract_obeys_the_relayer_as_such(world):
    # Every function without an instruction that writes, tried as the relayer with harmless values.
    relayer = world.signer.relayer_address()
    moved = []
    for contract in ("PartyRegistry", "WalletRegistry", "DigitalYuan", "DirectedEscrow"):
        for entry in artefact(contract)["abi"]:
            if entry["type"] != "function" or entry["stateMutability"] in {"view", "pure"}:
                continue
            if any(each.get("components") for each in entry["inputs"]):
                continue
            moved.append((contract, entry["name"]))
    assert {name for _contract, name in moved} <= {"approve", "transfer", "transferFrom"}
    for name, args in (
        ("approve", [relayer, 1]),
        ("transfer", [relayer, 1]),
        ("transferFrom", [relayer, relayer, 1]),
    ):
        call = Call("DigitalYuan", name, args)
        command = enqueue(call, key=f"{name}:1", queue=f"{to_hex(name.encode())}")
        step_chain(node=world.node, signer=world.signer)
        command.refresh_from_db()
        assert command.state == "blocked"
    assert apply_confirmed() == 0


def test_a_clock_that_was_not_reached_blocks_and_the_next_blocks_time_decides(world):
    opens = world.node.next_time() + 3600
    rest = [1, word_of("later"), ["0x" + "09" * 20], 1]
    payload = hash_of(["uint16", "bytes32", "address[]", "uint8"], rest)
    instruction = replace(_instruction("later", action=2, payload=payload), not_before=opens)
    given = SignatureIn(
        key="registerParty:later", organization_id=world.bank, contract="PartyRegistry",
        instruction=instruction, purpose="register", standing="a test",
        then=Call("PartyRegistry", "registerParty", rest), then_queue=word_of("later"),
    )  # fmt: skip
    request_signature(given, by=SYSTEM)
    world.step()
    command = ChainCommand.objects.get(key="registerParty:later")
    assert (command.state, command.error) == ("blocked", "too_early")

    # No block is made at that time yet: an idle chain's last block is old, its next one is not.
    world.node.set_next_time(opens + 1)
    ChainCommand.objects.filter(pk=command.pk).update(state=CommandState.QUEUED)
    assert send_ready(world.node, relayer=world.signer) == 1


def test_a_transaction_is_told_in_words_to_who_is_concerned(world, organization):
    bank = Actor(person_id=UUID(int=1), organization_id=world.bank)
    event = ChainEvent.objects.get(name="VaultDeployed")
    watch(event.args["vault"], parties=[world.bank])
    seen = selectors.get_transaction(event.tx_hash, by=bank)
    assert [(each.words.zh, each.words.en) for each in seen.events] == [
        ("设立托管账户", "Escrow vault made")
    ]
    assert (seen.is_final, seen.is_reverted, seen.block_number) == (True, False, event.block_number)
    stranger = Actor(person_id=UUID(int=2), organization_id=organization("91330000000000009X").pk)
    with pytest.raises(NotFound):
        selectors.get_transaction(event.tx_hash, by=stranger)
