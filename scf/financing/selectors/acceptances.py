"""Acceptances that wait for a signature: of the side that signs first, then of the bank."""

from collections.abc import Collection, Iterable
from uuid import UUID

from scf.core.actor import Actor
from scf.financing.models import Acceptance, Application
from scf.financing.services.confirm import wants_first
from scf.payments.selectors import lines_taking_confirmations
from scf.payments.services.confirm import confirmation_key
from scf.wallets.attempts import base_of, latest_of
from scf.wallets.machine import A
from scf.wallets.models import Act


def list_waiting_acceptances(*, by: Actor, application_id: UUID | None = None) -> list[Acceptance]:
    """Acceptances that wait for the bank's confirmation, oldest first."""
    mine = Application.objects.visible_to(by)
    if application_id:
        mine = mine.filter(pk=application_id)
    rows = Acceptance.objects.filter(application_id__in=mine.values("pk"), confirmed_by_bank=None)
    asked = rows.exclude(application__terms__release_policy="PAY_ON_DRAWDOWN")
    found = list(asked.select_related("application", "order_line"))
    acts = _acts_of(found)
    return [row for row in found if _wants_bank(acts.get(row.key), row)]


def list_unsigned_acceptances(
    *, by: Actor, application_ids: Collection[UUID] | None = None
) -> list[Acceptance]:
    """Acceptances that wait for the side that signs first, oldest first: recorded by a machine, or
    their confirmation failed and their line still takes one. Five queries at most.
    """
    mine = Application.objects.visible_to(by).filter(status="funded")
    if application_ids is not None:
        mine = mine.filter(pk__in=application_ids)
    open_acts = Act.objects.filter(
        deal_id__in=mine.values("deal_id"), kind="confirm", status__in=(A.ASKED, A.FAILED)
    )
    keys = {base_of(key) for key in open_acts.values_list("key", flat=True)}
    rows = Acceptance.objects.filter(key__in=[key.partition(":")[2] for key in keys])
    found = list(rows.select_related("application", "order_line"))
    acts = _acts_of(found)
    wanted = [row for row in found if wants_first(acts.get(row.key), row)]
    taking = lines_taking_confirmations(row.order_line_id for row in wanted)
    return [row for row in wanted if (row.application_id, row.order_line_id) in taking]


def _acts_of(acceptances: Iterable[Acceptance]) -> dict[str, Act]:
    """The newest attempt of each one's confirmation, by the acceptance's key."""
    latest = latest_of(confirmation_key(row.key) for row in acceptances)
    return {wish.partition(":")[2]: act for wish, act in latest.items()}


def _wants_bank(act: Act | None, acceptance: Acceptance) -> bool:
    if act is None or act.status != A.ASKED or wants_first(act, acceptance):
        return False
    return str(acceptance.application.bank_id) in act.approvals
