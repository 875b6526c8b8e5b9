"""A role is granted by another person who may, and says what its holder can do."""

import pytest

from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.parties.models import Membership
from scf.parties.permissions import GRANTS, Permission, Role
from scf.parties.selectors import actor_for, list_organizations_of
from scf.parties.services import (
    create_person,
    create_user,
    grant_role,
    register_organization,
    revoke_role,
)
from scf.workflow.models import Fact
from tests.parties.conftest import MEMBER_USCC, PASSWORD


@pytest.fixture
def member(db):
    return register_organization(MEMBER_USCC, kind="member", name="云岫金禾", by=SYSTEM)


def test_a_manager_grants_a_role_at_the_own_bank_and_a_fact_says_so(bank, chen, somebody):
    grant_role(bank.id, person_id=somebody.id, role="bank_reviewer", by=chen)

    user = create_user(somebody.id, username="zhou", password=PASSWORD, by=chen)
    actor = actor_for(user)
    assert actor.organization_id == bank.id
    assert actor.permissions == {str(grant) for grant in GRANTS[Role.BANK_REVIEWER]}
    fact = Fact.objects.get(name="organization.role_granted", details__role="bank_reviewer")
    assert (fact.person_id, fact.details["person_id"]) == (chen.person_id, str(somebody.id))


def test_granting_twice_leaves_one_membership(bank, chen, somebody):
    grant_role(bank.id, person_id=somebody.id, role="bank_reviewer", by=chen)
    grant_role(bank.id, person_id=somebody.id, role="bank_reviewer", by=chen)
    assert Membership.objects.filter(person=somebody).count() == 1


def test_nobody_grants_a_role_to_oneself(bank, chen):
    with pytest.raises(Forbidden) as refusal:
        grant_role(bank.id, person_id=chen.person_id, role="bank_approver", by=chen)
    assert refusal.value.code == "four_eyes"


def test_a_manager_cannot_see_the_staff_of_another_organization(member, chen, somebody):
    with pytest.raises(NotFound):
        grant_role(member.id, person_id=somebody.id, role="member_maker", by=chen)


def test_the_operator_grants_anywhere(member, opal, somebody):
    assert grant_role(member.id, person_id=somebody.id, role="member_maker", by=opal).is_active


@pytest.mark.parametrize(
    "role", ["bank_approver", "enterprise_signer", "operator", "king", "member"]
)
def test_a_role_that_does_not_fit_the_organization_is_refused(member, opal, somebody, role):
    with pytest.raises(RuleBroken) as refusal:
        grant_role(member.id, person_id=somebody.id, role=role, by=opal)
    assert refusal.value.code == "role_not_for_kind"


def test_a_revoked_role_gives_no_permission(bank, chen, somebody):
    grant_role(bank.id, person_id=somebody.id, role="bank_reviewer", by=chen)
    user = create_user(somebody.id, username="zhou", password=PASSWORD, by=chen)
    revoke_role(bank.id, person_id=somebody.id, role="bank_reviewer", by=chen)

    assert actor_for(user).permissions == frozenset()
    assert list_organizations_of(user) == []


def test_roles_at_two_organizations_do_not_mix(bank, member, opal, somebody):
    grant_role(bank.id, person_id=somebody.id, role="bank_approver", by=opal)
    grant_role(member.id, person_id=somebody.id, role="member_maker", by=opal)
    user = create_user(somebody.id, username="both", password=PASSWORD, by=opal)

    at_bank = actor_for(user, organization_id=bank.id)
    at_member = actor_for(user, organization_id=member.id)
    assert at_bank.can(Permission.APPLICATION_APPROVE)
    assert not at_member.can(Permission.APPLICATION_APPROVE)
    assert at_member.can(Permission.APPLICATION_SUBMIT)
    assert {each.id for each in list_organizations_of(user)} == {bank.id, member.id}


def test_a_reviewer_cannot_create_people(bank, chen, somebody):
    grant_role(bank.id, person_id=somebody.id, role="bank_reviewer", by=chen)
    user = create_user(somebody.id, username="zhou", password=PASSWORD, by=chen)
    with pytest.raises(Forbidden):
        create_person("新人", by=actor_for(user))


def test_a_user_name_is_given_once(chen, somebody):
    create_user(somebody.id, username="zhou", password=PASSWORD, by=chen)
    other = create_person("周", by=chen)
    with pytest.raises(Conflict) as refusal:
        create_user(other.id, username="zhou", password=PASSWORD, by=chen)
    assert refusal.value.code == "duplicate_username"


@pytest.mark.parametrize("weak", ["short", "password123", "1234567890"])
def test_a_weak_password_is_refused(chen, somebody, weak):
    with pytest.raises(RuleBroken) as refusal:
        create_user(somebody.id, username="zhou", password=weak, by=chen)
    assert refusal.value.code == "password_weak"


def test_every_role_has_its_grants_and_the_permissions_stand_in_order():
    assert set(GRANTS) == set(Role)
    assert [permission.value for permission in Permission] == sorted(Permission)
