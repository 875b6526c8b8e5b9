"""The signer reads what it signs, keeps to its policy, and answers each request once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from scf.chain.calls import ZERO_WORD, Instruction, SignatureIn
from scf.chain.faults import RefusedToSign
from scf.chain.hashing import word_of
from scf.chain.keystore import Keystore
from scf.chain.models import ChainParty, SignatureRequest
from scf.chain.services import approval_of, request_signature
from scf.chain.signer import Signer, open_signer
from scf.chain.transactions import UnsignedTx, signer_of
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, Forbidden, NotFound
from scf.workflow.models import Fact

PERSON = Actor(person_id=UUID(int=5), name="马")
PAYEE = "0x" + "c3" * 20
MINT, TRANSFER, FUND = 21, 23, 27


@pytest.fixture
def buyer(fake, organization, signer) -> UUID:
    """A buyer whose key the signer holds."""
    buyer = organization("91330000000000002B")
    party = ChainParty.objects.create(
        organization_id=buyer.pk, party_id="0x" + "0b" * 32, bank_number=1
    )
    signer._load_party(party)
    party.key_address = "0x" + "00" * 20
    party.save()
    return buyer.pk


@pytest.fixture
def asked(buyer) -> Callable[..., SignatureIn]:
    """A signature to ask the buyer for: ``asked(action=…, amount=…)``."""

    def ask(*, action: int = TRANSFER, amount: int = 500, key: str = "transfer:1") -> SignatureIn:
        instruction = Instruction(
            instruction_id=word_of(key),
            agreement_id=ZERO_WORD,
            action=action,
            amount=amount,
            payee=PAYEE,
            payload_hash=ZERO_WORD,
            not_before=0,
            deadline=2_000_000_000,
            seq=0,
        )
        return SignatureIn(
            key=key,
            organization_id=buyer,
            contract="DigitalYuan",
            instruction=instruction,
            purpose="transfer",
        )

    return ask


def test_what_a_person_asks_for_is_signed_by_the_partys_key(asked, signer):
    request_signature(asked(), by=PERSON)
    assert signer.sign_waiting() == 1
    request = SignatureRequest.objects.get()
    assert (request.state, request.asked_by) == ("signed", PERSON.person_id)
    assert signer_of(request.digest, request.signature) == request.signer
    assert approval_of(request)["signers"] == [request.signer]
    fact = Fact.objects.get(name="chain.Signed")
    assert (fact.details["key"], fact.details["party"]) == (request.key, request.party_id)
    assert fact.details["digest"] == request.digest


def test_without_a_person_or_a_standing_instruction_nothing_is_asked(asked):
    with pytest.raises(Forbidden) as refusal:
        request_signature(asked(), by=SYSTEM)
    assert refusal.value.code == "person_needed"


def test_a_standing_instruction_is_named_on_the_request(asked, signer):
    request_signature(replace(asked(), standing="mandate:1"), by=SYSTEM)
    signer.sign_waiting()
    request = SignatureRequest.objects.get()
    assert (request.state, request.standing, request.asked_by) == ("signed", "mandate:1", None)


def test_asking_twice_is_asking_once_and_other_contents_are_a_conflict(asked):
    first = request_signature(asked(), by=PERSON)
    assert request_signature(asked(), by=PERSON).pk == first.pk
    with pytest.raises(Conflict):
        request_signature(asked(amount=501), by=PERSON)


def test_an_organization_that_is_no_party_cannot_be_asked(asked):
    with pytest.raises(NotFound):
        request_signature(replace(asked(), organization_id=UUID(int=99)), by=PERSON)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"action": MINT}, "action_not_allowed"),
        ({"action": FUND}, "action_not_allowed"),
        ({"amount": 10**13 + 1}, "amount_too_high"),
    ],
)
def test_a_members_key_signs_nothing_beyond_its_policy(asked, signer, change, reason):
    request_signature(asked(**change), by=PERSON)
    signer.sign_waiting()
    request = SignatureRequest.objects.get()
    assert (request.state, request.reason, request.signature) == ("refused", reason, "")
    assert Fact.objects.get(name="chain.SignatureRefused").details["reason"] == reason


def test_the_digest_is_computed_again_from_what_is_shown(asked, signer):
    request = request_signature(asked(), by=PERSON)
    shown = {**request.instruction, "amount": 1}
    SignatureRequest.objects.filter(pk=request.pk).update(instruction=shown)
    signer.sign_waiting()
    assert SignatureRequest.objects.get().reason == "digest_mismatch"


def test_what_is_no_instruction_is_refused(asked, signer):
    request = request_signature(asked(), by=PERSON)
    broken = {name: value for name, value in request.instruction.items() if name != "payee"}
    SignatureRequest.objects.filter(pk=request.pk).update(instruction=broken)
    signer.sign_waiting()
    assert SignatureRequest.objects.get().reason == "not_an_instruction"


def test_a_request_is_answered_once(asked, signer):
    request_signature(asked(), by=PERSON)
    signer.sign_waiting()
    assert signer.sign_waiting() == 0
    assert Fact.objects.filter(name="chain.Signed").count() == 1


def test_a_key_whose_policy_was_taken_away_signs_nothing(asked, signer, tmp_path, buyer):
    (tmp_path / "keystores" / f"party-{buyer}.policy.json").unlink()
    fresh = Signer(
        Keystore(tmp_path / "keystores", password="a password of the tests"), is_demo=False
    )
    request_signature(asked(), by=PERSON)
    fresh.sign_waiting()
    assert SignatureRequest.objects.get().reason == "no_policy"


def test_the_relayers_key_signs_calls_of_our_contracts_only(fake, signer):
    call = UnsignedTx(20260, 0, f"0x{1:040x}", "0x", 100_000, 0, 0)
    assert len(signer.sign_transactions([call])) == 1
    for wrong in (
        replace(call, to=PAYEE),
        replace(call, to=""),
        replace(call, chain_id=1),
        replace(call, max_fee=10**13),
    ):
        with pytest.raises(RefusedToSign):
            signer.sign_transactions([wrong])


@override_settings(CHAIN_ID=1)
def test_the_demo_signer_refuses_every_chain_but_the_demos():
    with pytest.raises(ImproperlyConfigured, match="20260"):
        open_signer()


def test_in_production_no_key_is_ever_made(db, tmp_path: Path):
    signer = Signer(Keystore(tmp_path, password="x"), is_demo=False)
    with pytest.raises(RefusedToSign):
        signer.relayer_address()
    with pytest.raises(ImproperlyConfigured):
        signer.governance_address()
    assert list(tmp_path.iterdir()) == []


def test_a_party_with_a_signer_of_its_own_signs_for_itself_alone(asked, buyer, tmp_path):
    # The bank's request is there too, but its key lies elsewhere.
    own = tmp_path / "own"
    own.mkdir()
    name = f"party-{buyer}"
    for suffix in (".json", ".policy.json"):
        (own / (name + suffix)).write_bytes((tmp_path / "keystores" / (name + suffix)).read_bytes())
    signer = Signer(Keystore(own, password="a password of the tests"), is_demo=False)
    request_signature(asked(), by=PERSON)
    elsewhere = request_signature(replace(asked(key="mint:2"), organization_id=None), by=PERSON)
    assert signer.sign_waiting() == 1
    elsewhere.refresh_from_db()
    assert elsewhere.state == "waiting"


def test_keys_lie_encrypted_and_open_to_their_owner_only(signer, tmp_path):
    files = list((tmp_path / "keystores").glob("*.json"))
    assert {each.stem for each in files} >= {"relayer", "governance"}
    assert all(each.stat().st_mode & 0o077 == 0 for each in files)
    with pytest.raises(ImproperlyConfigured):
        Keystore(tmp_path / "keystores", password="another").load("relayer")
