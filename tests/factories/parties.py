"""The organizations of the demo world and the people who act for them, made by the real
services.
"""

from dataclasses import replace
from datetime import timedelta

from scf.core.actor import SYSTEM, Actor
from scf.parties.models import Organization, User
from scf.parties.selectors import actor_for
from scf.parties.services import (
    create_person,
    create_user,
    grant_role,
    register_organization,
    review_kyb,
)
from scf.rehearsal.cast import ORGANIZATIONS, PASSWORD, PEOPLE
from scf.workflow import clocks


def party(key: str) -> Organization:
    """The organization of this key, registered and with its KYB said yes to; the same row each
    time.
    """
    known = ORGANIZATIONS[key]
    found = Organization.objects.filter(uscc=known.uscc).first()
    if found is not None:
        return found
    made = register_organization(
        known.uscc,
        kind=known.kind,
        name=known.name,
        size=known.size,
        bank_number=known.bank_number,
        by=SYSTEM,
    )
    until = clocks.business_date() + timedelta(days=3650)
    return review_kyb(made.pk, is_verified=True, valid_until=until, by=SYSTEM)


def user_of(key: str) -> User:
    """The login of this person of the cast, with all roles; the same row each time."""
    found = User.objects.filter(username=key).first()
    if found is not None:
        return found
    someone = PEOPLE[key]
    organization = party(someone.at)
    person = create_person(someone.name, by=SYSTEM)
    user = create_user(person.pk, username=key, password=PASSWORD, by=SYSTEM)
    for role in someone.roles:
        grant_role(organization.pk, person_id=person.pk, role=role, by=SYSTEM)
    return user


def somebody(key: str) -> Actor:
    """This person of the cast as the one who acts."""
    return actor_for(user_of(key))


def also(actor: Actor, *permissions: str) -> Actor:
    """The same person with more rights, to show that a rule and not a missing right says no."""
    return replace(actor, permissions=actor.permissions | {str(each) for each in permissions})


def stepped_up(actor: Actor) -> Actor:
    """The same person right after the second factor."""
    return replace(actor, stepped_up_at=clocks.business_now())
