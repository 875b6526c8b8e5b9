"""Putting the contracts on a chain, once, and the banks on them."""

import time

from django.conf import settings
from django.db import transaction

from scf.chain import abi
from scf.chain.answers import Receipt
from scf.chain.contracts import KINDS, artefact
from scf.chain.faults import WrongChain
from scf.chain.hashing import to_hex
from scf.chain.indexer import check_genesis
from scf.chain.models import Contract
from scf.chain.node import Node
from scf.chain.parties import register_party
from scf.chain.sender import take_nonces
from scf.chain.signer import Signer
from scf.chain.transactions import SignedTx, UnsignedTx
from scf.core.actor import Actor
from scf.core.errors import Unavailable
from scf.parties.models import Organization

GAS = 12_000_000
WAIT_SECONDS = 60


def deploy_contracts(*, node: Node, signer: Signer, mines: bool = False) -> list[Contract]:
    """Deploy what is not deployed yet, in order, and keep the addresses. Safe to call twice.

    ``mines`` tells a chain without a block producer to make the blocks. Raises WrongChain when a
    known contract is not on the node's chain, Unavailable when a transaction is not mined within
    a minute.
    """
    check_genesis(node)
    return [_deployed(kind, node, signer, mines=mines) for kind in KINDS]


def register_banks(*, by: Actor) -> int:
    """Make every bank with a number a party on the chain, with its vault; returns how many there
    are.
    """
    banks = Organization.objects.filter(bank_number__isnull=False).order_by("bank_number")
    for bank in banks:
        register_party(bank.pk, by=by)
    return len(banks)


def _deployed(kind: str, node: Node, signer: Signer, *, mines: bool) -> Contract:
    row = Contract.objects.filter(chain_id=settings.CHAIN_ID, name=kind).first()
    if row is None:
        return _deploy(kind, node, signer, mines=mines)
    if node.code(row.address) == "0x":
        raise WrongChain(
            f"{kind} was deployed at {row.address}, but the node's chain has no code there"
        )
    return row


def _deploy(kind: str, node: Node, signer: Signer, *, mines: bool) -> Contract:
    signed = _sign(_creation(kind, signer), node, signer)
    node.broadcast([signed.raw])
    receipt = _wait(signed.tx_hash, node, mines=mines)
    if not receipt.is_success:
        raise AssertionError(f"the constructor of {kind} refused")
    return Contract.objects.create(
        name=kind,
        address=receipt.contract_address,
        chain_id=settings.CHAIN_ID,
        block_number=receipt.block_number,
        tx_hash=signed.tx_hash,
    )


def _creation(kind: str, signer: Signer) -> str:
    known = dict(Contract.objects.filter(chain_id=settings.CHAIN_ID).values_list("name", "address"))
    parties, wallets, token = (known.get(name, "") for name in KINDS[:3])
    arguments = {
        "PartyRegistry": [signer.governance_address()],
        "WalletRegistry": [parties],
        "DigitalYuan": [parties, wallets],
        "DirectedEscrow": [parties, wallets, token],
    }[kind]
    return (
        str(artefact(kind)["bytecode"])
        + to_hex(abi.encode(["address"] * len(arguments), arguments))[2:]
    )


@transaction.atomic
def _sign(data: str, node: Node, signer: Signer) -> SignedTx:
    # The same nonce lock as the sender's: both use the relayer's key.
    fees, address = node.fees(), signer.relayer_address()
    sender = take_nonces(address, node.transaction_count(address))
    gas = min(GAS, node.gas_limit())
    tx = UnsignedTx(
        settings.CHAIN_ID, sender.next_nonce, "", data, gas, fees.max_fee, fees.priority_fee
    )
    signed = signer.sign_transactions([tx], may_deploy=True)[0]
    sender.next_nonce += 1
    sender.save(update_fields=["next_nonce"])
    return signed


def _wait(tx_hash: str, node: Node, *, mines: bool) -> Receipt:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if mines:
            node.mine(1)
        if receipt := node.receipt(tx_hash):
            return receipt
        time.sleep(0.1)
    raise Unavailable("部署交易未能及时上链", code="not_mined")
