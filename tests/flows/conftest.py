"""A real chain of one's own with bank, core enterprise and buyer on it, their wallets open and
filled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scf.chain.deploy import deploy_contracts
from scf.chain.drive import Progress, step_chain
from scf.chain.keystore import Keystore
from scf.chain.node import Node
from scf.chain.services import register_party
from scf.chain.signer import Signer
from scf.core.actor import SYSTEM
from scf.runtime.anvil import Anvil
from scf.wallets.models import Purpose, Wallet
from scf.wallets.services import mint, open_wallet
from tests.cast import *  # noqa: F403 - the cast as fixtures
from tests.factories.parties import party

CHAIN_ID = 20260
MEMBERS = ("hengyan", "jinhe")


@dataclass
class Stack:
    """The chain, its signer, and a way to let both come to rest."""

    node: Node
    signer: Signer

    def rest(self) -> Progress:
        """Sign, send, mine, read and apply until nothing moves."""
        return step_chain(node=self.node, signer=self.signer)

    def balance(self, wallet: Wallet) -> int:
        """What the coin's contract says the wallet holds, in fen."""
        return int(self.node.call("DigitalYuan", "balanceOf", [wallet.address]))


@pytest.fixture
def stack(anvil: Anvil, tmp_path: Path, db: None) -> Iterator[Stack]:
    """Contracts deployed, parties and wallets registered, the opening balances of golden deal 1
    issued.
    """
    folder = tmp_path / "keystores"
    folder.mkdir()
    node = Node(anvil.url, chain_id=CHAIN_ID)
    signer = Signer(Keystore(folder, password="a password of the tests"), is_demo=True)
    stack = Stack(node, signer)
    deploy_contracts(node=node, signer=signer, mines=True)
    bank = party("yuanfan")
    register_party(bank.pk, by=SYSTEM)
    for key in MEMBERS:
        register_party(party(key).pk, bank_number=bank.bank_number, by=SYSTEM)
    stack.rest()
    own = open_wallet(bank.pk, bank_id=bank.pk, purpose=Purpose.OWN, by=SYSTEM)
    general = {}
    for key in MEMBERS:
        for purpose in (Purpose.GENERAL, Purpose.COLLECTION):
            wallet = open_wallet(party(key).pk, bank_id=bank.pk, purpose=purpose, by=SYSTEM)
            general[key, purpose] = wallet
    stack.rest()
    mint(own, amount_minor=2_000_000_00, key="opening:bank", standing="opening", by=SYSTEM)
    buyer = general["jinhe", Purpose.GENERAL]
    mint(buyer, amount_minor=250_000_00, key="opening:buyer", standing="opening", by=SYSTEM)
    stack.rest()
    yield stack
    node.close()
