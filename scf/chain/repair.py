"""What is stuck and who gets it moving: one person asks, another approves."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from scf.chain import doorbell
from scf.chain.apply import fail_command
from scf.chain.machine import RETRY_MACHINE
from scf.chain.models import ChainCommand, ChainEvent, ChainRetry, CommandState
from scf.chain.selectors import get_stuck_command, get_stuck_event
from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden, NotFound
from scf.workflow.deals import lock_deal

Action = ChainRetry.Action


@transaction.atomic
def retry_command(
    command_id: UUID, *, by: Actor, note: str = "", gives_up: bool = False
) -> ChainRetry:
    """Ask that a blocked command be tried again, or (``gives_up``) be ended as failed; or that a
    refusal of the contract which our books did not take be told them again at once.

    Nothing moves before another person approves. Raises NotFound when the actor may not see it,
    Forbidden without the permission, Conflict when it is not stuck, when it is already asked for,
    and for giving up what the contract refused: that happened.
    """
    command = get_stuck_command(command_id, by=by)
    if command.state != CommandState.BLOCKED and (gives_up or not command.untold_error):
        raise Conflict(_("该链上操作并未受阻，无需处理"), code="wrong_state")
    action = Action.GIVE_UP if gives_up else Action.RETRY
    return _request(
        ChainRetry(command=command, action=action, deal_id=command.deal_id, note=note), by
    )


@transaction.atomic
def retry_event(event_id: UUID, *, by: Actor, note: str = "") -> ChainRetry:
    """Ask that an event that could not be applied be tried at once. It can never be given up: it
    happened.

    Raises as ``retry_command``.
    """
    event = get_stuck_event(event_id, by=by)
    return _request(ChainRetry(event=event, deal_id=event.deal_id, note=note), by)


@transaction.atomic
def approve_retry(retry_id: UUID, *, by: Actor) -> ChainRetry:
    """A second person agrees: the command, its refusal or the event is tried again now, or the
    command ends as failed.
    """
    retry = _get(retry_id, by)
    RETRY_MACHINE.fire(retry, "approved", by=by, action=retry.action)
    if retry.event:
        ChainEvent.objects.filter(pk=retry.event.pk, applied_at__isnull=True).update(retry_at=None)
        doorbell.ring(doorbell.EVENTS)
    elif retry.command and retry.action == Action.GIVE_UP:
        fail_command(retry.command, sources=(CommandState.BLOCKED,))
    elif retry.command:
        _try_again(ChainCommand.objects.filter(pk=retry.command.pk))
    return retry


def _try_again(command: QuerySet[ChainCommand]) -> None:
    blocked = command.filter(state=CommandState.BLOCKED)
    if blocked.update(state=CommandState.QUEUED, error="", error_details={}):
        doorbell.ring(doorbell.COMMANDS)
    elif command.filter(state=CommandState.SENT).update(untold_retry_at=None):
        doorbell.ring(doorbell.EVENTS)


@transaction.atomic
def refuse_retry(retry_id: UUID, *, by: Actor, note: str = "") -> ChainRetry:
    """A second person does not agree; it may be asked for again."""
    retry = _get(retry_id, by)
    RETRY_MACHINE.fire(retry, "refused", by=by, note=note)
    return retry


def _request(retry: ChainRetry, by: Actor) -> ChainRetry:
    if by.person_id is None or by.organization_id is None:
        raise Forbidden(_("此操作须由本人发起"), code="person_needed")
    if retry.deal_id:
        lock_deal(retry.deal_id)
    same = ChainRetry.objects.filter(command=retry.command, event=retry.event, status="requested")
    if same.exists():
        raise Conflict(_("已有同事申请处理，等待复核"), code="duplicate_key")
    retry.status, retry.organization_id = RETRY_MACHINE.initial[0], by.organization_id
    retry.save()
    RETRY_MACHINE.fire(retry, "requested", by=by, action=retry.action, note=retry.note)
    return retry


def _get(retry_id: UUID, by: Actor) -> ChainRetry:
    """The retry whose command or event the actor may see, with its deal locked."""
    if by.person_id is None:
        raise Forbidden(_("此操作须由本人复核"), code="person_needed")
    retry = ChainRetry.objects.filter(pk=retry_id).first()
    if retry is None:
        raise NotFound(_("没有这项处理申请"))
    if retry.deal_id:
        lock_deal(retry.deal_id)
    if retry.command_id:
        get_stuck_command(retry.command_id, by=by)
    elif retry.event_id:
        get_stuck_event(retry.event_id, by=by)
    return ChainRetry.objects.select_for_update().get(pk=retry_id)
