"""A chain of one's own: contracts deployed, a bank with its vault, a buyer and a supplier on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from scf.chain.calls import ZERO_ADDRESS, ZERO_WORD, Call, Instruction
from scf.chain.contracts import KINDS
from scf.chain.deploy import deploy_contracts
from scf.chain.drive import Progress, step_chain
from scf.chain.hashing import word_of
from scf.chain.indexer import scan
from scf.chain.keystore import Keystore
from scf.chain.models import ChainCommand, Contract
from scf.chain.node import Node
from scf.chain.sender import send_ready
from scf.chain.services import enqueue, register_party
from scf.chain.signer import Signer
from scf.core.actor import SYSTEM
from scf.parties.models import Organization
from scf.runtime.anvil import Anvil
from scf.workflow import facts
from scf.workflow.models import Fact
from tests.fakes.node import FakeNode

CHAIN_ID = 20260
PARTY = "0x" + "a1" * 32
NEW_KEY = "0x" + "05" * 20


@dataclass
class World:
    """A real chain, the signer of its parties, and three organizations."""

    node: Node
    signer: Signer
    bank: UUID
    buyer: UUID
    supplier: UUID

    def step(self) -> Progress:
        return step_chain(node=self.node, signer=self.signer)


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    folder = tmp_path / "keystores"
    folder.mkdir()
    return Signer(Keystore(folder, password="a password of the tests"), is_demo=True)


@pytest.fixture
def organization(db: None) -> Callable[..., Organization]:
    def make(uscc: str, **fields: object) -> Organization:
        return Organization.objects.create(
            **{"kind": "member", "name": uscc, "short_name": uscc, "uscc": uscc} | fields
        )

    return make


@pytest.fixture
def node(anvil: Anvil) -> Iterator[Node]:
    node = Node(anvil.url, chain_id=CHAIN_ID)
    yield node
    node.close()


@pytest.fixture
def world(node: Node, signer: Signer, organization: Callable[..., Organization]) -> World:
    bank = organization("91330000000000001A", kind="bank", bank_number=1)
    buyer, supplier = organization("91330000000000002B"), organization("91330000000000003C")
    deploy_contracts(node=node, signer=signer, mines=True)
    world = World(node, signer, bank.pk, buyer.pk, supplier.pk)
    register_party(bank.pk, by=SYSTEM)
    for each in (buyer, supplier):
        register_party(each.pk, bank_number=1, by=SYSTEM)
    world.step()
    return world


@pytest.fixture
def fake(db: None) -> FakeNode:
    """An in-memory chain on which our contracts lie, where a replaced key says so."""
    fake = FakeNode()
    fake.mine()
    for number, kind in enumerate(KINDS, start=1):
        Contract.objects.create(
            name=kind, address=f"0x{number:040x}", chain_id=CHAIN_ID, block_number=1
        )
    fake.emits("rotateKey", "KeyAdded")
    return fake


@pytest.fixture
def rotate() -> Callable[..., ChainCommand]:
    """Enqueues an act on one party: ``rotate("first", queue=…)``; its name is its key."""

    def enqueue_act(
        name: str, *, queue: str = PARTY, new_key: str = NEW_KEY, deal_id: UUID | None = None
    ) -> ChainCommand:
        instruction = Instruction(
            instruction_id=word_of(name),
            agreement_id=ZERO_WORD,
            action=3,
            amount=0,
            payee=ZERO_ADDRESS,
            payload_hash=ZERO_WORD,
            not_before=0,
            deadline=2**48 - 1,
            seq=0,
        )
        args = [instruction.as_call(), [queue, [], []], queue, "0x" + "01" * 20, new_key]
        call = Call("PartyRegistry", "rotateKey", args)
        return enqueue(call, key=f"rotate:{name}", queue=queue, deal_id=deal_id)

    return enqueue_act


@pytest.fixture
def untold(
    fake: FakeNode, signer: Signer, rotate: Callable[..., ChainCommand]
) -> Iterator[list[str]]:
    """A call the contract refused, and a reaction of ours that raises when it hears of it."""
    rotate("one")
    send_ready(fake, relayer=signer)
    fake.revert(ChainCommand.objects.get().tx_hash)
    fake.mine(3)
    scan(fake)
    reasons = ["the books do not balance"]

    def refuse(_fact: Fact) -> None:
        if reasons:
            raise RuntimeError(reasons[0])

    before = list(facts._reactions["chain.CommandFailed"])
    facts.on("chain.CommandFailed")(refuse)
    yield reasons
    facts._reactions["chain.CommandFailed"][:] = before
