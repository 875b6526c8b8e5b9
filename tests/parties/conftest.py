"""An operator who registers, one who reviews, and a bank with a manager."""

from datetime import timedelta

import pytest

from scf.core import clock
from scf.core.actor import SYSTEM, Actor
from scf.parties.models import Organization, Person
from scf.parties.selectors import actor_for
from scf.parties.services import (
    create_person,
    create_user,
    grant_role,
    register_organization,
    review_kyb,
)

PASSWORD = "linzhou-2026-yuan"
BANK_USCC = "91990100MA0B00015A"
MEMBER_USCC = "91990100MA0D00017M"


def person_at(organization: Organization, role: str, name: str) -> Actor:
    """Someone new with this role, as an actor."""
    person = create_person(name, by=SYSTEM)
    user = create_user(person.id, username=f"{role}-{name}", password=PASSWORD, by=SYSTEM)
    grant_role(organization.id, person_id=person.id, role=role, by=SYSTEM)
    return actor_for(user)


@pytest.fixture
def platform(db: None) -> Organization:
    return register_organization("91990100MA0W000143", kind="operator", name="远岱平台", by=SYSTEM)


@pytest.fixture
def opal(platform: Organization) -> Actor:
    return person_at(platform, "operator", "欧珀")


@pytest.fixture
def second_operator(platform: Organization) -> Actor:
    return person_at(platform, "operator", "玉")


@pytest.fixture
def bank(db: None) -> Organization:
    bank = register_organization(
        BANK_USCC, kind="bank", name="临洲远帆商业银行", bank_number=1, by=SYSTEM
    )
    until = clock.today() + timedelta(days=365)
    return review_kyb(bank.id, is_verified=True, valid_until=until, by=SYSTEM)


@pytest.fixture
def chen(bank: Organization) -> Actor:
    return person_at(bank, "bank_manager", "陈")


@pytest.fixture
def somebody(db: None) -> Person:
    return create_person("马", by=SYSTEM)
