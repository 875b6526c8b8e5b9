"""Applications and deals as their parties may see them, with their checks, opinions and
signatures.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.financing import access
from scf.financing.models import Application, CheckResult
from scf.payments.models import Payment
from scf.payments.services.prepare import opening_key
from scf.wallets.attempts import attempts_of
from scf.wallets.machine import A
from scf.workflow.models import Fact

SIDES = ("buyer", "seller", "bank")


def get_application(application_id: UUID, *, by: Actor) -> Application:
    """One application. Raises NotFound when it is none of the actor's organization's."""
    return access.get_application(application_id, by=by)


def get_deal(deal_id: UUID, *, by: Actor) -> Application:
    """The application of a deal. Raises NotFound."""
    found: Application | None = Application.objects.visible_to(by).filter(deal_id=deal_id).first()
    if found is None:
        raise NotFound(_("没有这笔交易"))
    return found


def list_applications(
    *,
    by: Actor,
    status: str = "",
    search: str = "",
    statuses: Iterable[str] = (),
    side: str = "",
    least_minor: int | None = None,
    most_minor: int | None = None,
) -> Any:
    """The actor's applications, newest first.

    ``search`` looks in numbers of application and order and in names (also pinyin) of buyer and
    seller; ``side`` keeps those in which the actor's organization is buyer, seller or bank; the
    amounts are fen of the order lines' total.
    """
    rows = Application.objects.visible_to(by).select_related(
        "order", "order__buyer", "order__seller"
    )
    if status:
        rows = rows.filter(status=status)
    if statuses := tuple(statuses):
        rows = rows.filter(status__in=statuses)
    if side in SIDES:
        rows = rows.filter(**{f"{side}_id": by.organization_id})
    if least_minor is not None:
        rows = rows.filter(total_minor__gte=least_minor)
    if most_minor is not None:
        rows = rows.filter(total_minor__lte=most_minor)
    if search := search.strip():
        rows = rows.filter(_matches(search))
    return rows


def list_checks(application_id: UUID, *, stage: str, by: Actor) -> list[CheckResult]:
    """The checks of the last round at a stage (submit or pay_out), as they were stored."""
    application = get_application(application_id, by=by)
    rows = application.checks.filter(stage=stage)
    last = rows.order_by("-round").values_list("round", flat=True).first()
    return list(rows.filter(round=last)) if last else []


def list_opinions(application_id: UUID, *, by: Actor) -> list[Fact]:
    """What reviewers and approvers decided, oldest first; for the bank alone."""
    application = get_application(application_id, by=by)
    if not by.is_system and by.organization_id != application.bank_id:
        return []
    names = [
        f"application.{step}"
        for step in ("recommended", "returned", "rejected", "approved", "sent_back")
    ]
    return list(Fact.objects.filter(subject_id=application.pk, name__in=names))


def signed_sides(application: Application) -> dict[str, bool]:
    """Which of bank, buyer and seller have signed the terms, or asked their signer to."""
    signed = sides_signed([application.pk]).get(application.pk, set())
    return {name: name in signed for name in SIDES}


def sides_signed(application_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """By application the sides that have signed, or asked their signer to; three queries.

    An opening that failed is signed by all once more: what stands under it counts no longer.
    """
    payments = Payment.objects.filter(application_id__in=application_ids)
    wishes = {row.application_id: opening_key(row.pk) for row in payments}
    failed = {act.key for act in attempts_of(wishes.values()).filter(status=A.FAILED)}
    facts = Fact.objects.filter(
        subject_id__in=application_ids, name="application.party_signed"
    ).values_list("subject_id", "details")
    signed: dict[UUID, set[str]] = {}
    for subject_id, details in facts:
        if details.get("opening", wishes.get(subject_id)) not in failed:
            signed.setdefault(subject_id, set()).add(details["side"])
    return signed


def _matches(search: str) -> Q:
    word = search.lower()
    return (
        Q(number__icontains=search)
        | Q(order__number__icontains=search)
        | Q(order__buyer__name__icontains=search)
        | Q(order__seller__name__icontains=search)
        | Q(order__buyer__name_pinyin__icontains=word)
        | Q(order__seller__name_pinyin__icontains=word)
    )
