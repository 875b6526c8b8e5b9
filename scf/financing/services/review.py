"""The bank's reviewer: recommend with an opinion, return with codes, or reject."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import RuleBroken
from scf.credit import services as limits
from scf.financing import machine
from scf.financing.access import get_application, require_party, require_unchanged
from scf.financing.models import Application
from scf.trade import services as trade


@transaction.atomic
def recommend_application(
    application_id: UUID, *, seen: str, opinion: str, by: Actor
) -> Application:
    """Recommend exactly what was shown, with the reviewer's opinion (审查意见).

    Raises Conflict(content_changed, wrong_state), Forbidden(four_eyes),
    RuleBroken(opinion_missing).
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "bank", by=by)
    require_unchanged(application, seen)
    if not opinion.strip():
        raise RuleBroken(_("请填写审查意见"), code="opinion_missing")
    application.opinion = opinion.strip()
    application.save(update_fields=["opinion"])
    machine.MACHINE.fire(application, "recommended", by=by, opinion=application.opinion)
    return application


@transaction.atomic
def return_application(
    application_id: UUID, *, codes: Sequence[str], note: str, by: Actor
) -> Application:
    """Give it back to the buyer to be put right, with reason codes. Lines and limit stay blocked
    meanwhile.
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "bank", by=by)
    _keep_reasons(application, codes)
    machine.MACHINE.fire(application, "returned", by=by, codes=list(codes), note=note)
    return application


@transaction.atomic
def reject_application(
    application_id: UUID, *, codes: Sequence[str], note: str, by: Actor
) -> Application:
    """Say no, with reason codes; order lines and limit are free again."""
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "bank", by=by)
    _keep_reasons(application, codes)
    machine.MACHINE.fire(application, "rejected", by=by, codes=list(codes), note=note)
    let_go(application, by=by)
    return application


def let_go(application: Application, *, by: Actor) -> None:
    """Free the order lines and the blocked limit of an application that will not be funded."""
    trade.release_lines(application.pk, by=by)
    limits.release_hold(application.pk, by=by)


def _keep_reasons(application: Application, codes: Sequence[str]) -> None:
    if not codes:
        raise RuleBroken(_("请至少选择一个原因"), code="reason_missing")
    application.reason_codes = list(codes)
    application.save(update_fields=["reason_codes"])
