"""Asking a party's signer for a signature, and writing down its answer."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import doorbell
from scf.chain.calls import Call, Instruction, SignatureIn
from scf.chain.commands import enqueue
from scf.chain.contracts import check_call, domain_of
from scf.chain.models import SignatureRequest, SignatureState
from scf.chain.parties import party_id_of
from scf.chain.typed_data import digest
from scf.core import clock
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, Forbidden
from scf.workflow import facts
from scf.workflow.deals import lock_deal


@transaction.atomic
def request_signature(given: SignatureIn, *, by: Actor) -> SignatureRequest:
    """Ask the party's signer to sign; the answer comes as fact ``chain.Signed`` or
    ``chain.SignatureRefused``.

    Safe to call twice with the same key. Raises Forbidden(person_needed) when neither a person
    asks nor a standing instruction is named (K24), Conflict(duplicate_key) when the key was used
    for something else, NotFound when the organization is no party on the chain. Step-up and
    permission are the caller's to check.
    """
    if by.person_id is None and not given.standing:
        raise Forbidden(_("签名须由本人发起，或依据已签署的授权"), code="person_needed")
    instruction = given.instruction.as_json()
    wanted = {
        "organization_id": given.organization_id,
        "party_id": party_id_of(given.organization_id),
        "contract": given.contract,
        "instruction": instruction,
        "digest": digest(domain_of(given.contract), instruction),
        "purpose": given.purpose,
        "standing": given.standing,
        "deal_id": given.deal_id,
        "then": _then(given),
    }
    request, created = SignatureRequest.objects.get_or_create(
        key=given.key, defaults={**wanted, "asked_by": by.person_id}
    )
    if created:
        doorbell.ring(doorbell.SIGNATURES)
    elif any(getattr(request, name) != value for name, value in wanted.items()):
        raise Conflict(_("同一编号 %(key)s 已用于另一项签名"), code="duplicate_key", key=given.key)
    return request


def approval_of(request: SignatureRequest) -> dict[str, Any]:
    """The contract's ``Approval`` struct from one signed request, as an argument of a ``Call``."""
    if request.state != SignatureState.SIGNED:
        raise AssertionError(f"{request.key} is not signed")
    return {
        "party_id": request.party_id,
        "signers": [request.signer],
        "signatures": [request.signature],
    }


def approval_of_key(key: str) -> dict[str, Any]:
    """As ``approval_of``, by the request's key."""
    return approval_of(SignatureRequest.objects.get(key=key))


def instruction_of(request: SignatureRequest) -> Instruction:
    """The instruction as it was asked for and signed."""
    return Instruction(**request.instruction)


@transaction.atomic
def accept_signature(request: SignatureRequest, *, signer: str, signature: str) -> SignatureRequest:
    """Keep the signer's answer, record ``chain.Signed`` and send what this one signature is
    enough for.
    """
    _answer(request, state=SignatureState.SIGNED, signer=signer, signature=signature)
    if request.then:
        _send(request)
    facts.record("chain.Signed", request, by=SYSTEM, **_told(request))
    return request


@transaction.atomic
def refuse_signature(request: SignatureRequest, *, reason: str) -> SignatureRequest:
    """Keep the signer's refusal (a stable code) and record ``chain.SignatureRefused``."""
    _answer(request, state=SignatureState.REFUSED, reason=reason)
    facts.record("chain.SignatureRefused", request, by=SYSTEM, **_told(request), reason=reason)
    return request


def _answer(request: SignatureRequest, **answer: str) -> None:
    if request.deal_id:
        lock_deal(request.deal_id)
    answered = {**answer, "answered_at": clock.now()}
    waiting = SignatureRequest.objects.filter(pk=request.pk, state=SignatureState.WAITING)
    if not waiting.update(**answered):
        raise Conflict(_("签名请求 %(key)s 已有结果"), code="wrong_state", key=request.key)
    for name, value in answered.items():
        setattr(request, name, value)


def _told(request: SignatureRequest) -> dict[str, object]:
    return {
        "key": request.key,
        "purpose": request.purpose,
        "party": request.party_id,
        "party_organization_id": request.organization_id,
        "digest": request.digest,
        "agreement_id": request.instruction["agreement_id"],
        "standing": request.standing,
    }


def _then(given: SignatureIn) -> dict[str, Any] | None:
    if given.then is None:
        return None
    approval = [party_id_of(given.organization_id), [], []]
    check_call(
        Call(
            given.then.contract,
            given.then.function,
            [given.instruction.as_call(), approval, *given.then.args],
        )
    )
    return {
        "contract": given.then.contract,
        "function": given.then.function,
        "args": given.then.args,
        "queue": given.then_queue,
    }


def _send(request: SignatureRequest) -> None:
    then: dict[str, Any] = request.then or {}
    args = [instruction_of(request).as_call(), approval_of(request), *then["args"]]
    enqueue(
        Call(then["contract"], then["function"], args),
        key=request.key,
        queue=then["queue"],
        deal_id=request.deal_id,
    )
