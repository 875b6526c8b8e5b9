"""A chain of one's own: contracts deployed, a bank with its vault, a buyer and a supplier on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from scf.chain.deploy import deploy_contracts
from scf.chain.drive import Progress, step_chain
from scf.chain.keystore import Keystore
from scf.chain.node import Node
from scf.chain.services import register_party
from scf.chain.signer import Signer
from scf.core.actor import SYSTEM
from scf.parties.models import Organization
from scf.runtime.anvil import Anvil

CHAIN_ID = 20260


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
