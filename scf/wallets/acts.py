"""Acts that parties must approve: asked for, signed one by one, relayed when the last signature is
there.

An act's key is its only name everywhere: its signature requests are ``key@organization``, its
command on
the chain has the key itself, its instruction id is the hash of its first attempt's key. So asking
twice is asking once.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import services as chain
from scf.chain.calls import ZERO_ADDRESS, ZERO_WORD, Call, Instruction, SignatureIn
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, NotFound
from scf.parties.checks import require_step_up
from scf.wallets import machine
from scf.wallets.attempts import instruction_id_of
from scf.wallets.models import Act
from scf.wallets.outcomes import is_done
from scf.workflow import clocks
from scf.workflow.deals import lock_deal

VALID_FOR = timedelta(days=15)
APPROVAL = "approval_of"
APPROVALS = "approvals"


@dataclass(frozen=True)
class ActIn:
    """What is to be approved and relayed.

    ``contract`` is whose EIP-712 domain the instruction is signed in; ``parties`` are the
    organizations
    whose approval it needs; in ``call`` the argument ``{"approval_of": id}`` stands for one party's
    approval and ``"approvals"`` for the list of all, filled in when they are there. Amounts are
    fen. ``deadline`` is the chain second after which the signatures are worth nothing; 0 stands for
    fifteen days from now. ``after`` names instructions that must have taken effect before this one
    is relayed, in whatever order the signatures come (``send_if_ready``).
    """

    key: str
    kind: str
    subject_id: UUID
    contract: str
    action: int
    parties: tuple[UUID, ...]
    call: Call
    queue: str
    audience: tuple[UUID, ...]
    payload_hash: str = ZERO_WORD
    agreement_id: str = ZERO_WORD
    payee: str = ZERO_ADDRESS
    amount_minor: int = 0
    deal_id: UUID | None = None
    deadline: int = 0
    after: tuple[str, ...] = ()


INSTRUCTION = "instruction"


def prepare_act(wanted: ActIn) -> Act:
    """The act, made when its key is new. Raises Conflict when the key stands for another wish."""
    if known := Act.objects.filter(key=wanted.key).first():
        return _known(known, wanted)
    try:
        with transaction.atomic():
            return _made(wanted)
    except IntegrityError:
        # Somebody wished for the same in the same second, and was first.
        return _known(Act.objects.get(key=wanted.key), wanted)


def _known(act: Act, wanted: ActIn) -> Act:
    if not _is_same(act, wanted):
        raise Conflict(
            _("这个指令编号已用于另一笔业务：请换一个编号"), code="duplicate_key", key=wanted.key
        )
    return act


def _made(wanted: ActIn) -> Act:
    instruction = _instruction(wanted)
    made: Act = Act.objects.create(
        key=wanted.key,
        kind=wanted.kind,
        status=machine.A.ASKED,
        subject_id=wanted.subject_id,
        deal_id=wanted.deal_id,
        amount_minor=wanted.amount_minor,
        instruction={"contract": wanted.contract, **instruction.as_json()},
        instruction_id=instruction.instruction_id,
        call={
            "contract": wanted.call.contract,
            "function": wanted.call.function,
            "args": wanted.call.args,
        },
        queue=wanted.queue,
        approvals={str(party): None for party in wanted.parties},
        audience=[str(party) for party in wanted.audience],
        after=list(wanted.after),
    )
    return made


def approve_act(key: str, *, party: UUID, by: Actor, standing: str = "") -> Act:
    """Ask the signer for one party's signature, by the word of a person or of a standing
    instruction.

    The one place where signatures are asked for: a person has just proved again who it is (K24), or
    ``standing`` names what a person signed before. Raises NotFound when the party's approval is not
    asked for, Forbidden(step_up_required). Approving twice changes nothing.
    """
    if not standing:
        require_step_up(by)
    act = Act.objects.filter(key=key).first()
    if act is None or str(party) not in act.approvals:
        raise NotFound(_("没有需要贵方签署的事项"), code="not_found")
    fields = dict(act.instruction)
    contract = fields.pop("contract")
    chain.request_signature(
        SignatureIn(
            key=f"{key}@{party}",
            organization_id=party,
            contract=contract,
            instruction=Instruction(**fields),
            purpose=act.kind,
            standing=standing,
            deal_id=act.deal_id,
        ),
        by=by,
    )
    return act


def ask_act(wanted: ActIn, *, by: Actor, standing: str = "") -> Act:
    """Prepare the act and ask for every party's signature at once."""
    act = prepare_act(wanted)
    for party in wanted.parties:
        approve_act(wanted.key, party=party, by=by, standing=standing)
    return act


def send_act(wanted: ActIn) -> Act:
    """An act that needs nobody's approval (release, reclaim): straight to the outbox, once."""
    act = prepare_act(wanted)
    if act.status == machine.A.ASKED:
        _send(act)
    return act


def collect_signature(request_key: str, approval: dict[str, Any]) -> None:
    """Keep one party's approval; the last one sends the act. Harmless twice and for keys of other
    rooms.
    """
    key, _at, party = request_key.rpartition("@")
    act = Act.objects.filter(key=key).first()
    if act is None or party not in act.approvals:
        return
    lock_deal(act.deal_id)
    act = Act.objects.select_for_update().get(pk=act.pk)
    act.approvals[party] = approval
    act.save(update_fields=["approvals"])
    send_if_ready(act)


def send_if_ready(act: Act) -> bool:
    """Relay an act that has every approval and whose predecessors took effect. Harmless twice; the
    caller holds the lock of the deal.
    """
    if act.status != machine.A.ASKED or not all(act.approvals.values()):
        return False
    if not all(is_done(instruction_id) for instruction_id in act.after):
        return False
    _send(act)
    return True


def _instruction(wanted: ActIn) -> Instruction:
    return Instruction(
        instruction_id=instruction_id_of(wanted.key),
        agreement_id=wanted.agreement_id,
        action=wanted.action,
        amount=wanted.amount_minor,
        payee=wanted.payee,
        payload_hash=wanted.payload_hash,
        not_before=0,
        deadline=wanted.deadline or int((clocks.business_now() + VALID_FOR).timestamp()),
        seq=0,
    )


def _is_same(known: Act, wanted: ActIn) -> bool:
    """True when the act stands for this very wish: what was signed leaves nothing else open."""
    asked = {
        "contract": wanted.contract,
        "action": wanted.action,
        "payee": wanted.payee,
        "payload_hash": wanted.payload_hash,
        "agreement_id": wanted.agreement_id,
    }
    is_alike = all(known.instruction[name] == value for name, value in asked.items())
    return is_alike and (known.kind, known.amount_minor) == (wanted.kind, wanted.amount_minor)


def _send(act: Act) -> None:
    args = [_filled(argument, act) for argument in act.call["args"]]
    chain.enqueue(
        Call(act.call["contract"], act.call["function"], args),
        key=act.key,
        queue=act.queue,
        deal_id=act.deal_id,
    )
    machine.ACT.fire(act, "sent", by=SYSTEM, key=act.key)


def _filled(argument: Any, act: Act) -> Any:
    if argument == INSTRUCTION:
        fields = {name: value for name, value in act.instruction.items() if name != "contract"}
        return Instruction(**fields).as_call()
    if argument == APPROVALS:
        return list(act.approvals.values())
    if isinstance(argument, dict) and APPROVAL in argument:
        return act.approvals[argument[APPROVAL]]
    return argument
