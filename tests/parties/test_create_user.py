"""A login is made for one's own people, and no second one for who has one."""

import pytest

from scf.core.actor import SYSTEM
from scf.core.errors import DomainError
from scf.parties.models import User
from scf.parties.services import create_person, create_user, enrol_totp, register_organization
from tests.parties.conftest import PASSWORD, person_at

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def refused(act) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


@pytest.fixture
def theirs(db):
    """A manager of another bank."""
    other = register_organization(
        "91990100MA0B00100F", kind="bank", name="东陵银行", bank_number=2, by=SYSTEM
    )
    return person_at(other, "bank_manager", "史")


def login(person_id, by, name="new"):
    return create_user(person_id, username=name, password=PASSWORD, by=by)


def test_a_manager_makes_a_login_for_a_new_colleague(chen):
    person = create_person("钱", by=chen)
    assert login(person.pk, chen).person_id == person.pk


def test_nobody_takes_over_anothers_people_by_a_login_of_ones_own_making(chen, theirs):
    assert refused(lambda: login(chen.person_id, theirs)) == "not_found"
    user = User.objects.get(pk=chen.user_id)
    assert refused(lambda: enrol_totp(user, secret=SECRET, by=theirs)) == "not_found"
    assert User.objects.filter(person=chen.person_id).count() == 1


def test_one_person_alone_makes_no_second_login_for_a_colleague(bank, chen, opal):
    yi = person_at(bank, "bank_approver", "伊")
    for by in (chen, opal):
        assert refused(lambda by=by: login(yi.person_id, by)) == "four_eyes"
