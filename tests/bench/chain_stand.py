"""A chain of its own for a benchmark: contracts, one bank with a wallet, calls the bank signed."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from scf.runtime.anvil import Anvil
from scf.runtime.ports import any_free

CHAIN_ID = 20260
FOREVER = 2**48 - 1
MINT, REGISTER_WALLET = 21, 11


@contextmanager
def own_chain() -> Iterator[str]:
    """A chain that mines when told; its address."""
    chain = Anvil(port=any_free(), chain_id=CHAIN_ID)
    process = chain.start()
    try:
        chain.wait_ready(process)
        yield chain.url
    finally:
        process.kill()
        process.wait(10)


class Stand:
    """The parts of the chain room, made after the settings are known."""

    def __init__(self, url: str) -> None:
        from scf.chain import calls, contracts, deploy, drive, services  # noqa: PLC0415 - settings
        from scf.chain.keystore import Keystore  # noqa: PLC0415
        from scf.chain.node import Node  # noqa: PLC0415
        from scf.chain.signer import Signer  # noqa: PLC0415
        from scf.core.actor import SYSTEM  # noqa: PLC0415
        from scf.parties.models import Organization  # noqa: PLC0415

        self.calls, self.contracts = calls, contracts
        self._folder = tempfile.TemporaryDirectory(prefix="scf-bench-keys-")
        keystore = Keystore(Path(self._folder.name), password="a password of the bench")
        self.signer = Signer(keystore, is_demo=True)
        self.url, self.node = url, Node(url, chain_id=CHAIN_ID)
        deploy.deploy_contracts(node=self.node, signer=self.signer, mines=True)
        bank = Organization.objects.create(
            kind="bank", name="bench", short_name="bench", uscc="91330000000000001A", bank_number=1
        )
        services.register_party(bank.pk, by=SYSTEM)
        drive.step_chain(node=self.node, signer=self.signer)
        self.party = services_party(bank.pk)
        self._enqueue = services.enqueue
        self.wallet = self._open_wallet()
        drive.step_chain(node=self.node, signer=self.signer)

    def _open_wallet(self) -> str:
        from scf.chain.abi import hash_of  # noqa: PLC0415 - settings
        from scf.chain.hashing import word_of  # noqa: PLC0415

        rest = [self.party, 1, 2, 1, 0, 1]
        wallet = str(self.node.call("WalletRegistry", "walletAddress", [self.party, 1, 1, 1]))
        kinds = ["bytes32", "uint16", "uint8", "uint8", "uint8", "uint32"]
        payload = hash_of(kinds, rest)
        args = self.signed("WalletRegistry", REGISTER_WALLET, payload=payload, payee=wallet)
        call = self.calls.Call("WalletRegistry", "registerWallet", [*args, *rest])
        self._enqueue(call, key="bench:wallet", queue=word_of("bench:wallet"))
        return wallet

    def signed(
        self, contract: str, action: int, *, payload: str = "", payee: str = "", amount: int = 0
    ) -> list[Any]:
        """A new instruction and the bank's approval of it."""
        from scf.chain.hashing import word_of  # noqa: PLC0415 - settings
        from scf.chain.transactions import address_of_key, sign_digest  # noqa: PLC0415
        from scf.chain.typed_data import digest  # noqa: PLC0415

        given = self.calls.Instruction(
            word_of(str(uuid4())), self.calls.ZERO_WORD, action, amount,
            payee or self.calls.ZERO_ADDRESS, payload or self.calls.ZERO_WORD, 0, FOREVER, 0,
        )  # fmt: skip
        key = self.signer._keys[self.party]
        hashed = digest(self.contracts.domain_of(contract), given.as_json())
        return [
            given.as_call(),
            [self.party, [address_of_key(key)], [sign_digest(hashed, key=key)]],
        ]

    def mint(self) -> Any:
        """A call that puts one fen into the wallet, once."""
        args = self.signed("DigitalYuan", MINT, payee=self.wallet, amount=1)
        return self.calls.Call("DigitalYuan", "mint", args)

    def enqueue(self, how_many: int) -> None:
        """That many mints in the outbox, each in a queue of its own."""
        for _each in range(how_many):
            name = f"0x{uuid4().hex * 2}"
            self._enqueue(self.mint(), key=f"bench:{name}", queue=name)


def services_party(organization_id: Any) -> str:
    """The party id of an organization."""
    return str(sys.modules["scf.chain.selectors"].party_id(organization_id))


def broken_invariants(room: str) -> str:
    """What the invariants of a room say after the run."""
    from scf.workflow.invariants import run_checks  # noqa: PLC0415 - settings

    broken = [name for name, rows in run_checks().items() if name.startswith(room) and rows]
    return f"invariants: {'broken: ' + ', '.join(broken) if broken else 'hold'}\n"
