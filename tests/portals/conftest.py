"""People of three kinds of organization who log in through the real login page."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from scf.core import clock
from scf.core.actor import SYSTEM
from scf.parties.models import Organization, User
from scf.parties.services import (
    create_person,
    create_user,
    enrol_totp,
    grant_role,
    register_organization,
    review_kyb,
)

PASSWORD = "linzhou-2026-yuan"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
USCC = {
    "bank": "91990100MA0B00015A",
    "enterprise": "91990100MA0C000160",
    "member": "91990100MA0D00017M",
    "operator": "91990100MA0W000143",
}
NAMES = {
    "bank": "临洲远帆商业银行",
    "enterprise": "临洲恒砚高分子股份有限公司",
    "member": "云岫金禾塑编有限公司",
    "operator": "远岱平台",
}


def code_now(secret: str = SECRET, *, steps: int = 0) -> str:
    """The authenticator's code of this half minute, or of one ``steps`` later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def organization_of(kind: str) -> Organization:
    found = Organization.objects.filter(uscc=USCC[kind]).first()
    if found is not None:
        return found
    made = register_organization(USCC[kind], kind=kind, name=NAMES[kind], by=SYSTEM)
    until = clock.today() + timedelta(days=365)
    return review_kyb(made.id, is_verified=True, valid_until=until, by=SYSTEM)


def login_of(username: str, *, kind: str, role: str, name: str, with_totp: bool = False) -> User:
    person = create_person(name, by=SYSTEM)
    user = create_user(person.id, username=username, password=PASSWORD, by=SYSTEM)
    grant_role(organization_of(kind).id, person_id=person.id, role=role, by=SYSTEM)
    if with_totp:
        enrol_totp(user, secret=SECRET, by=SYSTEM)
    return user


@pytest.fixture(autouse=True)
def _no_counters_of_other_tests(db: None) -> None:
    cache.clear()


@pytest.fixture
def ma(db: None) -> User:
    return login_of("ma", kind="member", role="member_maker", name="马")


@pytest.fixture
def wei(db: None) -> User:
    return login_of("wei", kind="enterprise", role="enterprise_sales", name="韦")


@pytest.fixture
def yi(db: None) -> User:
    return login_of("yi", kind="bank", role="bank_approver", name="伊", with_totp=True)


@pytest.fixture
def yi_without_token(db: None) -> User:
    return login_of("yi", kind="bank", role="bank_approver", name="伊")


@pytest.fixture
def opal(db: None) -> User:
    return login_of("opal", kind="operator", role="operator", name="欧珀", with_totp=True)


def log_in(client: Client, username: str, password: str = PASSWORD):
    """Sends the login form."""
    return client.post("/accounts/login/", {"login": username, "password": password})


def log_in_with_code(client: Client, username: str, *, steps: int = 0):
    """Sends the login form and then the code."""
    log_in(client, username)
    return client.post("/accounts/code/", {"code": code_now(steps=steps)})
