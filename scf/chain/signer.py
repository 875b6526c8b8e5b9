"""The signer (演示签名器 in a demo): the only place with keys. It reads what it signs and has
rules of its own.

It never trusts the asker: the digest is computed again from the instruction's fields, and the
party's policy decides. The relayer's key pays for transactions and has no authority over money.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import coincurve
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from scf.chain.contracts import domain_of, kind_of
from scf.chain.faults import RefusedToSign
from scf.chain.keystore import GOVERNANCE_NAME, RELAYER, Keystore, Policy, open_keystore
from scf.chain.models import ChainParty, Contract, SignatureRequest, SignatureState
from scf.chain.node import FEE_CAP
from scf.chain.parties import GOVERNANCE
from scf.chain.registration import provide_key
from scf.chain.signatures import accept_signature, refuse_signature
from scf.chain.transactions import (
    SignedTx,
    UnsignedTx,
    address_of_key,
    sign_digest,
    sign_transaction,
)
from scf.chain.typed_data import digest
from scf.core.errors import Conflict

BANNER = (
    "演示签名器：密钥仅供演示，只为演示链签名 / DEMO SIGNER: keys for show, for the demo chain only"
)
LARGEST_MINOR = 10**13  # fen; what a demo key signs at most in one act
GOVERNANCE_POLICY = Policy(
    (1, 2, 3, 12, 41), ("PartyRegistry", "WalletRegistry", "DirectedEscrow"), 0
)
BANK_POLICY = Policy(
    (2, 3, 11, 13, 14, 21, 22, 23, 24, 25, 27, 42, 43, 44, 47, 48),
    ("PartyRegistry", "WalletRegistry", "DigitalYuan", "DirectedEscrow"),
    LARGEST_MINOR,
)
MEMBER_POLICY = Policy(
    (3, 23, 24, 26, 42, 44, 45, 46, 47, 48),
    ("PartyRegistry", "DigitalYuan", "DirectedEscrow"),
    LARGEST_MINOR,
)
log = logging.getLogger(__name__)


class Signer:
    """All keys of one keystore, opened once."""

    def __init__(self, keystore: Keystore, *, is_demo: bool) -> None:
        self._keystore = keystore
        self._is_demo = is_demo
        self._keys: dict[str, coincurve.PrivateKey] = {}
        self._policies: dict[str, Policy | None] = {}
        # In production the relayer's key lies with the platform and a party's with that party.
        self._payer: coincurve.PrivateKey | None = None
        if is_demo or RELAYER in keystore.names():
            self._payer = keystore.create(RELAYER) if is_demo else keystore.load(RELAYER)
        if is_demo or GOVERNANCE_NAME in keystore.names():
            self._take(GOVERNANCE, GOVERNANCE_NAME, GOVERNANCE_POLICY)

    def relayer_address(self) -> str:
        """The address that pays for transactions. RefusedToSign without the relayer's key."""
        return address_of_key(self._relayer())

    def governance_address(self) -> str:
        """The governance party's key, for the constructor of PartyRegistry. Raises
        ImproperlyConfigured.
        """
        if GOVERNANCE not in self._keys:
            raise ImproperlyConfigured("this keystore holds no governance key")
        return address_of_key(self._keys[GOVERNANCE])

    def sign_transactions(
        self, unsigned: Sequence[UnsignedTx], *, may_deploy: bool = False
    ) -> list[SignedTx]:
        """Sign for the relayer's key: calls of our own contracts only. Raises RefusedToSign."""
        allowed = set(
            Contract.objects.filter(chain_id=settings.CHAIN_ID).values_list("address", flat=True)
        )
        for tx in unsigned:
            _check_transaction(tx, allowed, may_deploy=may_deploy)
        key = self._relayer()
        return [sign_transaction(tx, key=key) for tx in unsigned]

    def sign_waiting(self, *, limit: int = 200) -> int:
        """Answer what waits for a key of this keystore; returns how much was done. Safe to
        repeat.
        """
        self._provide_keys()
        waiting = SignatureRequest.objects.filter(
            state=SignatureState.WAITING, party_id__in=self._known()
        )
        answered = 0
        for request in waiting.order_by("id")[:limit]:
            answered += self._answer(request)
        return answered

    def _relayer(self) -> coincurve.PrivateKey:
        if self._payer is None:
            raise RefusedToSign("this keystore holds no relayer key")
        return self._payer

    def _answer(self, request: SignatureRequest) -> bool:
        reason = self._objection(request)
        try:
            if reason:
                log.warning("signature_refused", extra={"request": request.key, "reason": reason})
                refuse_signature(request, reason=reason)
            else:
                key = self._keys[request.party_id]
                signature = sign_digest(request.digest, key=key)
                accept_signature(request, signer=address_of_key(key), signature=signature)
        except Conflict:
            return False  # somebody answered it in the meantime
        return True

    def _objection(self, request: SignatureRequest) -> str:
        """Why this is not signed: a stable code, empty when nothing speaks against it."""
        policy = self._policies[request.party_id]
        if policy is None:
            return "no_policy"
        try:
            computed = digest(domain_of(request.contract), request.instruction)
        except (ValueError, TypeError, AttributeError):
            return "not_an_instruction"
        if computed != request.digest:
            return "digest_mismatch"
        if request.instruction["action"] not in policy.actions:
            return "action_not_allowed"
        if kind_of(request.contract) not in policy.contracts:
            return "contract_not_allowed"
        return "amount_too_high" if request.instruction["amount"] > policy.max_amount_minor else ""

    def _provide_keys(self) -> None:
        # A party gets its key when its bank is on the chain; a bank gets it at once.
        banks = ChainParty.objects.filter(is_bank=True, registered_at__isnull=False)
        numbers = set(banks.values_list("bank_number", flat=True))
        for party in ChainParty.objects.filter(key_address=""):
            if not (party.is_bank or party.bank_number in numbers):
                continue
            if self._is_demo or f"party-{party.organization_id}" in self._keystore.names():
                self._load_party(party)
                provide_key(party, address=address_of_key(self._keys[party.party_id]))

    def _known(self) -> list[str]:
        # Also the keys that were provided before this process began.
        for party in ChainParty.objects.exclude(key_address=""):
            if (
                party.party_id not in self._keys
                and f"party-{party.organization_id}" in self._keystore.names()
            ):
                self._load_party(party)
        return list(self._keys)

    def _load_party(self, party: ChainParty) -> None:
        policy = BANK_POLICY if party.is_bank else MEMBER_POLICY
        self._take(party.party_id, f"party-{party.organization_id}", policy)

    def _take(self, party_id: str, name: str, policy: Policy) -> None:
        opened = (
            self._keystore.create(name, policy=policy)
            if self._is_demo
            else self._keystore.load(name)
        )
        self._keys[party_id] = opened
        self._policies[party_id] = self._keystore.policy(name)


def open_signer() -> Signer:
    """The signer of this installation. A demo signer refuses every chain but the demo's
    (ImproperlyConfigured).
    """
    is_demo = not settings.IS_PRODUCTION
    if is_demo and settings.CHAIN_ID != settings.DEMO_CHAIN_ID:
        raise ImproperlyConfigured(
            f"the demo signer signs for {settings.DEMO_CHAIN_ID}, not chain {settings.CHAIN_ID}"
        )
    if is_demo:
        log.warning("demo_signer", extra={"banner": BANNER})
    return Signer(open_keystore(Path(settings.SIGNER_KEYSTORES), is_demo=is_demo), is_demo=is_demo)


def _check_transaction(tx: UnsignedTx, allowed: set[str], *, may_deploy: bool) -> None:
    if tx.chain_id != settings.CHAIN_ID:
        raise RefusedToSign(f"chain {tx.chain_id} is not ours")
    if tx.to not in allowed and not (may_deploy and tx.to == ""):
        raise RefusedToSign(f"{tx.to or 'a deployment'} is not one of our contracts")
    if tx.max_fee > 2 * FEE_CAP:
        raise RefusedToSign(f"a fee of {tx.max_fee} wei is too high")
