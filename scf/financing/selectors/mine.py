"""Which applications wait for the asker: its own turn by side and permission, four eyes kept."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from scf.core.actor import Actor
from scf.financing.machine import MACHINE, S
from scf.financing.models import Application
from scf.financing.selectors.applications import list_applications
from scf.financing.selectors.turns import ASKED, STEP_OF, Turn, is_mine, turns_of
from scf.parties.permissions import Permission
from scf.payments.machine import LIVE
from scf.payments.models import Payment
from scf.workflow.models import Fact

P = Permission


def list_my_turn(*, by: Actor) -> list[tuple[Application, Turn]]:
    """Every application in which it is the actor's own turn, the soonest due first.

    Only rows that could be the actor's by side and permission are read; what the actor prepared
    and another person must decide is left out (four eyes).
    """
    waiting = list(list_applications(by=by).filter(_could_be_mine(by)))
    turns = turns_of(waiting)
    barred = _made_before(waiting, by)
    mine = [
        (application, turns[application.pk])
        for application in waiting
        if application.pk not in barred and is_mine(turns[application.pk], by=by)
    ]
    return sorted(
        mine, key=lambda pair: (pair[1].due_at is None, pair[1].due_at or pair[0].created_at)
    )


def _could_be_mine(by: Actor) -> Q:
    found = Q(pk__in=())
    running = Payment.objects.filter(status__in=LIVE).values("application_id")
    for status, asked in ASKED.items():
        for side, permission in asked:
            if by.can(permission):
                condition = Q(status=status, **{f"{side}_id": by.organization_id})
                found |= condition & Q(pk__in=running) if status == S.FUNDED else condition
    if by.can(P.APPLICATION_APPROVE):
        found |= Q(status=S.APPROVED, partner_ids__contains=[by.organization_id])
    return found


def _made_before(applications: Iterable[Application], by: Actor) -> set[UUID]:
    asked = {
        application.pk: MACHINE.steps[STEP_OF[S(application.status)]].separate_from
        for application in applications
        if S(application.status) in STEP_OF
    }
    made = Fact.objects.filter(subject_id__in=asked, person_id=by.person_id)
    return {
        subject_id
        for subject_id, name in made.values_list("subject_id", "name")
        if name.removeprefix("application.") in asked[subject_id]
    }
