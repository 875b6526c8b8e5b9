"""A reviewer says that an organization is who it claims to be, until a day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from scf.core import clock
from scf.core.errors import Forbidden, NotFound, RuleBroken
from scf.core.ids import new_id
from scf.parties.models import Organization
from scf.parties.selectors import kyb_is_valid
from scf.parties.services import register_organization, review_kyb
from scf.workflow.models import Fact
from tests.parties.conftest import MEMBER_USCC

UNTIL = clock.today() + timedelta(days=30)


@pytest.fixture
def registered(opal) -> Organization:
    return register_organization(MEMBER_USCC, kind="member", name="云岫金禾", by=opal)


def test_a_verified_organization_is_valid_up_to_its_last_day_and_no_longer(
    registered, second_operator
):
    reviewed = review_kyb(registered.id, is_verified=True, valid_until=UNTIL, by=second_operator)

    assert kyb_is_valid(reviewed, on=UNTIL)
    assert not kyb_is_valid(reviewed, on=UNTIL + timedelta(days=1))
    fact = Fact.objects.filter(subject_id=registered.pk).latest("id")
    assert (fact.name, fact.details["valid_until"]) == ("organization.verified", UNTIL.isoformat())


def test_before_any_review_it_is_not_valid(registered):
    assert not kyb_is_valid(registered, on=clock.today())


def test_a_refusal_takes_the_validity_away(registered, second_operator):
    review_kyb(registered.id, is_verified=True, valid_until=UNTIL, by=second_operator)
    refused = review_kyb(registered.id, is_verified=False, note="执照吊销", by=second_operator)

    assert not kyb_is_valid(refused, on=clock.today())
    assert refused.kyb_valid_until is None


def test_who_registered_cannot_review(registered, opal):
    with pytest.raises(Forbidden) as refusal:
        review_kyb(registered.id, is_verified=True, valid_until=UNTIL, by=opal)
    assert refusal.value.code == "four_eyes"


def test_a_bank_manager_cannot_review(registered, chen):
    with pytest.raises(Forbidden):
        review_kyb(registered.id, is_verified=True, valid_until=UNTIL, by=chen)


@pytest.mark.parametrize("until", [None, clock.today(), clock.today() - timedelta(days=1)])
def test_a_yes_without_a_day_to_come_is_refused(registered, second_operator, until):
    with pytest.raises(RuleBroken) as refusal:
        review_kyb(registered.id, is_verified=True, valid_until=until, by=second_operator)
    assert refusal.value.code == "kyb_date"


def test_an_unknown_organization_is_not_found(second_operator):
    with pytest.raises(NotFound):
        review_kyb(new_id(), is_verified=False, by=second_operator)


def test_the_database_refuses_verified_without_a_day(registered):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=registered.pk).update(kyb_status="verified")
