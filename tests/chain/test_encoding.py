"""What we encode, hash and sign ourselves is byte for byte what other libraries make."""

import coincurve
import eth_abi
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import to_checksum_address
from hypothesis import given, settings
from hypothesis import strategies as st

from scf.chain import abi
from scf.chain.contracts import KINDS, SILENT, artefact, errors_by_selector, snake
from scf.chain.hashing import from_hex, to_hex
from scf.chain.refusals import read_refusal
from scf.chain.transactions import (
    UnsignedTx,
    address_of_key,
    contract_address,
    sign_digest,
    sign_transaction,
    signer_of,
)
from scf.chain.typed_data import FIELDS, Domain, digest
from scf.chain.words import ERROR_WORDS, EVENT_WORDS

keys = st.binary(min_size=32, max_size=32).filter(lambda raw: 0 < int.from_bytes(raw) < 2**255)
words = st.binary(min_size=32, max_size=32).map(to_hex)
addresses = st.binary(min_size=20, max_size=20).map(to_hex)


def values_of(kind: str) -> st.SearchStrategy[object]:
    """Any value of a type, as this room writes it."""
    if array := abi._array(kind):
        member, length = array
        least, most = (length, length) if length is not None else (0, 3)
        return st.lists(values_of(member), min_size=least, max_size=most)
    if kind.startswith("("):
        return st.tuples(*[values_of(each) for each in abi._parts(kind)]).map(list)
    if kind == "string":
        return st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    if kind == "bytes":
        return st.binary(max_size=70).map(to_hex)
    if kind == "bool":
        return st.booleans()
    if kind == "address":
        return addresses
    if kind.startswith("bytes"):
        size = int(kind.removeprefix("bytes"))
        return st.binary(min_size=size, max_size=size).map(to_hex)
    return st.integers(0, 2 ** int(kind.removeprefix("uint")) - 1)


def as_theirs(kind: str, value: object) -> object:
    """The same value as eth_abi wants it."""
    if array := abi._array(kind):
        return [as_theirs(array[0], each) for each in value]
    if kind.startswith("("):
        return tuple(as_theirs(*each) for each in zip(abi._parts(kind), value, strict=True))
    return from_hex(value) if kind.startswith("bytes") else value


FUNCTIONS = sorted(
    {
        tuple(abi.type_of(each) for each in entry["inputs"])
        for kind in KINDS
        for entry in artefact(kind)["abi"]
        if entry["type"] == "function" and entry["inputs"]
    }
)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(FUNCTIONS))
def test_every_function_of_ours_is_encoded_as_eth_abi_does(data, kinds):
    values = [data.draw(values_of(kind)) for kind in kinds]
    theirs = [as_theirs(kind, value) for kind, value in zip(kinds, values, strict=True)]
    encoded = abi.encode(kinds, values)
    assert encoded == eth_abi.encode(kinds, theirs)
    assert abi.decode(kinds, encoded) == values


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 255), max_size=200).map(bytes), st.sampled_from(FUNCTIONS))
def test_bytes_are_read_as_values_that_encode_again_or_refused(raw, kinds):
    values = decoded(kinds, raw)
    assert values is None or abi.decode(kinds, abi.encode(kinds, values)) == values


def decoded(kinds: tuple[str, ...], raw: bytes) -> list[object] | None:
    """The values, or None when the bytes are refused."""
    try:
        return abi.decode(kinds, raw)
    except ValueError:
        return None


@settings(max_examples=60, deadline=None)
@given(keys, words, words, addresses, st.integers(0, 2**64 - 1), st.integers(0, 2**48 - 1))
def test_the_digest_of_an_instruction_is_eth_accounts(raw, one, other, address, amount, moment):
    instruction = {
        "instruction_id": one, "agreement_id": other, "action": 27, "amount": amount,
        "payee": address, "payload_hash": other, "not_before": moment, "deadline": moment, "seq": 1,
    }  # fmt: skip
    domain = Domain("DirectedEscrow", 20260, address)
    theirs = encode_typed_data(
        {
            "name": "scf.DirectedEscrow", "version": "1", "chainId": 20260,
            "verifyingContract": to_checksum_address(address),
        },
        {"Instruction": [{"name": name, "type": kind} for _field, name, kind in FIELDS]},
        {name: as_theirs(kind, instruction[field]) for field, name, kind in FIELDS},
    )  # fmt: skip
    key = coincurve.PrivateKey(raw)
    signature = sign_digest(digest(domain, instruction), key=key)
    assert from_hex(signature) == Account.sign_message(theirs, raw).signature
    assert signer_of(digest(domain, instruction), signature) == address_of_key(key)


@settings(max_examples=60, deadline=None)
@given(
    keys,
    addresses | st.just(""),
    st.binary(max_size=300),
    st.integers(0, 2**40),
    st.integers(0, 10**12),
)
def test_a_transaction_has_eth_accounts_bytes(raw, to, data, nonce, fee):
    tx = UnsignedTx(20260, nonce, to, to_hex(data), 500_000, fee, fee // 2)
    signed = sign_transaction(tx, key=coincurve.PrivateKey(raw))
    theirs = Account.sign_transaction(
        {
            "type": 2, "chainId": 20260, "nonce": nonce, "gas": 500_000, "value": 0,
            "data": data, "maxFeePerGas": fee, "maxPriorityFeePerGas": fee // 2,
            "to": to_checksum_address(to) if to else b"",
        },
        raw,
    )  # fmt: skip
    assert signed.raw == bytes(theirs.raw_transaction)
    assert from_hex(signed.tx_hash) == bytes(theirs.hash)


def test_the_address_of_a_new_contract_is_known_before_it_is_there():
    # The first contract of anvil's first account.
    sender = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"
    assert contract_address(sender, nonce=0) == "0x5fbdb2315678afecb367f032d93f642f64180aa3"


def test_a_custom_error_is_read_with_its_values():
    data = abi.selector("OverRelease(bytes32,uint64,uint64)")
    data += abi.encode(["bytes32", "uint64", "uint64"], ["0x" + "01" * 32, 5, 9])
    refusal = read_refusal(to_hex(data))
    assert (refusal.code, refusal.details["available"], refusal.details["asked"]) == (
        "over_release",
        5,
        9,
    )


def test_bytes_that_are_no_error_of_ours_are_a_plain_revert():
    assert read_refusal("0x").code == "reverted"
    assert read_refusal("0xdeadbeef00").code == "reverted"
    assert (
        read_refusal(to_hex(abi.selector("OverRelease(bytes32,uint64,uint64)"))).code == "reverted"
    )


OTHERS = {  # libraries' own, which no act of ours can raise
    "InvalidShortString", "StringTooLong", "ReentrancyGuardReentrantCall",
    "SafeERC20FailedOperation", "ERC20InsufficientAllowance", "ERC20InvalidApprover",
    "ERC20InvalidReceiver", "ERC20InvalidSender", "ERC20InvalidSpender",
}  # fmt: skip


def test_every_error_of_ours_has_words_in_both_languages():
    names = {name for name, _values in errors_by_selector().values()} - OTHERS
    assert {snake(name) for name in names} <= set(ERROR_WORDS)
    assert all(words.zh and words.en.isascii() for words in ERROR_WORDS.values())


def test_every_event_of_ours_has_words():
    names = {
        each["name"] for kind in KINDS for each in artefact(kind)["abi"] if each["type"] == "event"
    }
    assert names - SILENT == set(EVENT_WORDS)
