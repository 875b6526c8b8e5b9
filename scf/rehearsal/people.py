"""The cast as rows, made by the real services; and each of them as the one who acts."""

from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from scf.core import clock
from scf.core.actor import SYSTEM, Actor
from scf.parties.models import Organization, User
from scf.parties.selectors import actor_for
from scf.parties.services import (
    create_person,
    create_user,
    enrol_totp,
    grant_role,
    register_organization,
    review_kyb,
)
from scf.rehearsal.cast import (
    ORGANIZATIONS,
    PASSWORD,
    PEOPLE,
    needs_totp,
    short_name_of,
    totp_secret,
)
from scf.workflow import clocks

KYB_FOR = timedelta(days=3650)


@transaction.atomic
def organization(key: str) -> Organization:
    """The organization of this key, registered and verified; the same row each time."""
    known = ORGANIZATIONS[key]
    found: Organization | None = Organization.objects.filter(uscc=known.uscc).first()
    if found is not None:
        return found
    made = register_organization(
        known.uscc,
        kind=known.kind,
        name=known.name,
        short_name=short_name_of(key),
        size=known.size,
        legal_representative=known.legal_representative,
        bank_number=known.bank_number,
        by=SYSTEM,
    )
    until = clocks.business_date() + KYB_FOR
    return review_kyb(made.pk, is_verified=True, valid_until=until, by=SYSTEM)


def review_again(key: str, *, note: str) -> Organization:
    """Another KYB review of an organization that is verified, with what it found."""
    until = clocks.business_date() + KYB_FOR
    return review_kyb(
        organization(key).pk, is_verified=True, valid_until=until, note=note, by=SYSTEM
    )


@transaction.atomic
def user_of(key: str) -> User:
    """The login of this person, with all roles and, for bank and operator, an authenticator."""
    found: User | None = User.objects.filter(username=key).first()
    if found is not None:
        return found
    someone = PEOPLE[key]
    at = organization(someone.at)
    person = create_person(someone.name, by=SYSTEM)
    user = create_user(person.pk, username=key, password=PASSWORD, by=SYSTEM)
    for role in someone.roles:
        grant_role(at.pk, person_id=person.pk, role=role, by=SYSTEM)
    if needs_totp(key):
        enrol_totp(user, secret=totp_secret(key), by=SYSTEM)
    return user


def acting(key: str) -> Actor:
    """This person right after the second factor: a rehearsal stands for people who have just shown
    it.
    """
    return replace(actor_for(user_of(key)), stepped_up_at=clock.now())
