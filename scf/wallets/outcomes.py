"""How an act ends: the chain told its effect, it was refused, or it was overtaken by another."""

from uuid import UUID

from django.db.models import QuerySet

from scf.chain import services as chain
from scf.core.actor import SYSTEM
from scf.wallets import machine
from scf.wallets.models import Act
from scf.workflow.deals import lock_deal

OPEN = (machine.A.ASKED, machine.A.SENT)


def mark_done(instruction_id: str, *, tx_hash: str) -> Act | None:
    """The chain confirmed the act of this instruction: by whoever's transaction. Harmless twice."""
    attempts = Act.objects.filter(instruction_id=instruction_id)
    act = attempts.exclude(status=machine.A.FAILED).last() or attempts.last()
    return _mark_done(act, tx_hash) if act else None


def is_done(instruction_id: str) -> bool:
    """True when the chain's word on the act of this instruction was followed before."""
    return Act.objects.filter(instruction_id=instruction_id, status=machine.A.DONE).exists()


def mark_subject_done(subject_id: UUID, *, kind: str, tx_hash: str) -> None:
    """The open acts of a kind on one subject are done: for events that name no instruction.

    Anyone may relay what needs no approval: where a stranger was faster, our own call is closed as
    done with the stranger's transaction.
    """
    for act in Act.objects.filter(subject_id=subject_id, kind=kind, status__in=OPEN):
        _mark_done(act, tx_hash)


def _mark_done(act: Act, tx_hash: str) -> Act:
    if act.status != machine.A.DONE:
        if act.status == machine.A.ASKED:
            machine.ACT.fire(act, "sent", by=SYSTEM, key=act.key)
        Act.objects.filter(pk=act.pk).update(tx_hash=tx_hash)
        machine.ACT.fire(act, "done", by=SYSTEM, key=act.key, tx_hash=tx_hash)
        act.tx_hash = tx_hash
        chain.close_command(act.key, tx_hash=tx_hash)
    return act


def mark_failed(key: str, *, reason: str) -> None:
    """The chain or the signer refused the act; whoever asked for it hears of ``act.failed``.
    Harmless twice.
    """
    act = Act.objects.filter(key=key).first()
    if act is None or act.status in (machine.A.DONE, machine.A.FAILED):
        return
    lock_deal(act.deal_id)
    Act.objects.filter(pk=act.pk).update(failure=reason[:80])
    machine.ACT.fire(
        act,
        "failed",
        by=SYSTEM,
        key=act.key,
        act_kind=act.kind,
        act_subject=str(act.subject_id),
        reason=reason,
    )


def end_overtaken(acts: QuerySet[Act]) -> None:
    """End open acts that the chain can no longer take: something else came before them.

    What waits in the outbox is taken out, so that it holds up nothing behind it; what has left
    already is answered by the chain itself. Harmless twice.
    """
    for act in acts.filter(status__in=OPEN):
        if act.status == machine.A.SENT:
            chain.drop_command(act.key, error=chain.OVERTAKEN)
        else:
            mark_failed(act.key, reason=chain.OVERTAKEN)
