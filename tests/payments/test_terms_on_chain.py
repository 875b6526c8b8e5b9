"""What Python hashes is what the contract hashes, for any terms; and K6 never loses a fen."""

import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scf.chain.abi import hash_of
from scf.chain.calls import ZERO_WORD
from scf.chain.contracts import address_of
from scf.chain.deploy import deploy_contracts
from scf.chain.hashing import from_hex, keccak256, to_hex
from scf.chain.keystore import Keystore
from scf.chain.node import Node
from scf.chain.signer import Signer
from scf.core.money import split_loan_part
from scf.payments.terms import (
    Leaf,
    Terms,
    agreement_id_of,
    leaf_hash_of,
    lines_root_of,
    payees_of,
    proof_of,
    terms_hash_of,
)
from tests.flows.conftest import CHAIN_ID


def word() -> str:
    return "0x" + secrets.token_hex(32)


def address() -> str:
    return "0x" + secrets.token_hex(20)


def random_leaf() -> Leaf:
    return Leaf(
        word(),
        secrets.randbelow(4),
        secrets.randbelow(2**64),
        secrets.randbelow(1_000_001),
        secrets.randbelow(1_000_001),
    )


def random_terms(leaves: list[Leaf]) -> Terms:
    small = secrets.randbelow
    return Terms(
        template_id=word(),
        loan_ref=word(),
        funder=address(),
        own_payer=address(),
        own_refund_to=address(),
        own_collection=address(),
        payees=payees_of(address()),
        bank_id=small(2**16),
        total=small(2**64),
        own_funds=small(2**64),
        fund_by=small(2**48),
        expiry=small(2**48),
        long_stop=small(2**48),
        refund_days=small(2**16),
        dispute_days=small(2**16),
        arbiter_days=small(2**16),
        release_policy=small(4),
        confirm_mode=small(4),
        return_short=bool(small(2)),
        confirmers=word(),
        arbiter=word(),
        lines_root=lines_root_of(leaves),
        interest_to=address(),
        salt=small(2**256),
    )


@pytest.fixture
def node(start_anvil, tmp_path, db):
    """The contracts on a chain of their own, without parties."""
    folder = tmp_path / "keystores"
    folder.mkdir()
    node = Node(start_anvil().url, chain_id=CHAIN_ID)
    signer = Signer(Keystore(folder, password="a password of the tests"), is_demo=True)
    deploy_contracts(node=node, signer=signer, mines=True)
    yield node
    node.close()


def test_terms_agreements_and_leaves_have_the_contracts_hashes(node):
    escrow = address_of("DirectedEscrow")
    for _each in range(25):
        leaf = random_leaf()
        terms = random_terms([leaf])
        call = [terms.as_call()]
        assert node.call("DirectedEscrow", "termsHashOf", call) == terms_hash_of(terms)
        said = node.call("DirectedEscrow", "agreementIdOf", call)
        assert said == agreement_id_of(terms, chain_id=CHAIN_ID, escrow=escrow)
        assert node.call("DirectedEscrow", "leafHashOf", [leaf.as_call()]) == leaf_hash_of(leaf)


@given(st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_every_leaf_proves_itself_against_the_root(count):
    leaves = [Leaf("0x" + f"{number:064x}", 0, number, 0, 0) for number in range(1, count + 1)]
    root = lines_root_of(leaves)
    for position, leaf in enumerate(leaves):
        node = leaf_hash_of(leaf)
        for sibling in proof_of(leaves, position):
            low, high = sorted((node, sibling))
            node = to_hex(keccak256(from_hex(low) + from_hex(high)))
        assert node == root


def test_no_line_has_the_zero_root_and_one_line_needs_no_proof():
    leaf = random_leaf()
    assert lines_root_of([]) == ZERO_WORD
    assert lines_root_of([leaf]) == leaf_hash_of(leaf)
    assert proof_of([leaf], 0) == []
    assert leaf_hash_of(leaf) != hash_of(["bytes32"], [leaf.line_id])


@given(st.data(), st.integers(1, 10**12), st.integers(0, 10**12))
@settings(max_examples=200, deadline=None)
def test_k6_over_any_releases_and_returns_ends_at_the_loan_to_the_fen(data, loan, own):
    total = loan + own
    released = released_loan = returned = returned_loan = 0
    while released + returned < total:
        left = total - released - returned
        steps = st.one_of(st.just(left), st.integers(1, left), st.just(1))
        amount = data.draw(steps) if data.draw(st.integers(0, 6)) else left
        part = split_loan_part(
            released + returned + amount, loan, total, released_loan + returned_loan
        )
        assert 0 <= part <= amount
        if data.draw(st.booleans()):
            released, released_loan = released + amount, released_loan + part
        else:
            returned, returned_loan = returned + amount, returned_loan + part
        out, booked = released + returned, released_loan + returned_loan
        # Never further than half a fen from the exact share, whatever came before.
        assert abs(2 * (booked * total - out * loan)) <= total
    assert released_loan + returned_loan == loan
