"""A real chain of one's own with bank, core enterprise and buyer on it, their wallets open and
filled.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from scf.chain.deploy import deploy_contracts
from scf.chain.drive import Progress, step_chain
from scf.chain.keystore import Keystore
from scf.chain.node import Node
from scf.chain.services import register_party
from scf.chain.signer import Signer
from scf.core import clock
from scf.core.actor import SYSTEM
from scf.runtime.anvil import Anvil
from scf.wallets.models import Purpose, Wallet
from scf.wallets.services import mint, open_wallet
from scf.workflow import clocks
from tests.cast import *  # noqa: F403 - the cast as fixtures
from tests.factories.parties import party
from tests.kept import Worlds

CHAIN_ID = 20260
MEMBERS = ("hengyan", "jinhe")


@dataclass
class Stack:
    """The chain, its signer, and a way to let both come to rest."""

    chain: Anvil
    node: Node
    signer: Signer

    def rest(self) -> Progress:
        """Sign, send, mine, read and apply until nothing moves."""
        return step_chain(node=self.node, signer=self.signer)

    def balance(self, wallet: Wallet) -> int:
        """What the coin's contract says the wallet holds, in fen."""
        return int(self.node.call("DigitalYuan", "balanceOf", [wallet.address]))


@dataclass(frozen=True)
class Further:
    """What else has happened in a world when its tests begin, and a name for it."""

    name: str = "open wallets"
    live: Callable[[Stack], object] = id


@pytest.fixture
def begins() -> date | None:
    """The day on which the chain and the bank begin; None is today."""
    return None


@pytest.fixture
def further() -> Further:
    """Nothing more than open and filled wallets."""
    return Further()


@pytest.fixture
def stack(
    worlds: Worlds, begins: date | None, further: Further, tmp_path: Path, db: None
) -> Iterator[Stack]:
    """Contracts deployed, parties and wallets registered, the opening balances of golden deal 1
    issued; and what ``further`` adds.
    """

    def live(chain: Anvil) -> None:
        if begins:
            clocks.open_day(begins)
        with opened(chain, tmp_path) as stack:
            open_for_business(stack)
            further.live(stack)

    first_block = int(clock.shanghai_midnight(begins).timestamp()) + 60 if begins else None
    name = f"{begins}: {further.name}"
    chain = worlds.begin(name, live, folder=tmp_path, timestamp=first_block)
    with opened(chain, tmp_path) as stack:
        yield stack


@pytest.fixture
def anvil(stack: Stack) -> Anvil:
    """The chain of the stack."""
    return stack.chain


@contextmanager
def opened(chain: Anvil, folder: Path) -> Iterator[Stack]:
    """A chain with the demo signer of the keys below a folder."""
    keystores = folder / "keystores"
    keystores.mkdir(exist_ok=True)
    node = Node(chain.url, chain_id=CHAIN_ID)
    signer = Signer(Keystore(keystores, password="a password of the tests"), is_demo=True)
    yield Stack(chain, node, signer)
    node.close()


def open_for_business(stack: Stack) -> None:
    """Bank, core enterprise and buyer on the chain, with wallets and money."""
    deploy_contracts(node=stack.node, signer=stack.signer, mines=True)
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
