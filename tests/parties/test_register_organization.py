"""An organization is registered under its 统一社会信用代码."""

import pytest

from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden, RuleBroken
from scf.parties.models import Organization
from scf.parties.selectors import list_organizations
from scf.parties.services import register_organization
from scf.workflow.models import Fact
from tests.parties.conftest import BANK_USCC, MEMBER_USCC

NAME = "云岫金禾塑编有限公司"


def test_registering_writes_the_row_and_a_fact(opal):
    made = register_organization(f" {MEMBER_USCC.lower()} ", kind="member", name=NAME, by=opal)

    assert (made.uscc, made.kyb_status) == (MEMBER_USCC, "pending")
    fact = Fact.objects.get(subject_id=made.pk)
    assert (fact.name, fact.person_id) == ("organization.registered", opal.person_id)
    assert fact.audience == [made.pk]


@pytest.mark.parametrize(
    "code",
    ["91990100MA0D00017N", "91990100MA0D0001", "9199010OMA0D00017M", "91990100MA0D0001IM", ""],
    ids=["check digit", "too short", "letter in the region", "letter I is not used", "empty"],
)
def test_a_code_that_cannot_be_one_is_refused(opal, code):
    with pytest.raises(RuleBroken) as refusal:
        register_organization(code, kind="member", name=NAME, by=opal)
    assert refusal.value.code == "uscc_invalid"
    assert code in refusal.value.text()


@pytest.mark.parametrize(
    "code", ["91990100MA0C000160", "91990100MA0D0005XX", "91990100MA0D00068X", "91990100MA0W000143"]
)
def test_codes_of_a_region_that_is_not_assigned_are_taken_by_their_check_digit(chen, code):
    assert register_organization(code, kind="member", name=NAME, by=chen).uscc == code


def test_the_same_code_twice_is_a_conflict(opal, bank):
    with pytest.raises(Conflict) as refusal:
        register_organization(BANK_USCC, kind="bank", name="另一家银行", by=opal)
    assert refusal.value.code == "duplicate_organization"
    assert Organization.objects.filter(uscc=BANK_USCC).count() == 1


def test_who_has_no_right_to_register_is_refused(db):
    with pytest.raises(Forbidden):
        register_organization(MEMBER_USCC, kind="member", name=NAME, by=Actor(name="nobody"))


@pytest.mark.parametrize("word", ["金禾", "yunxiujinhe", "yxjh", "91990100ma0d0001"])
def test_an_organization_is_found_by_name_pinyin_initials_and_code(opal, word):
    made = register_organization(MEMBER_USCC, kind="member", name=NAME, by=opal)
    assert list(list_organizations(by=opal, search=word)) == [made]


def test_an_organization_not_yet_verified_is_shown_only_to_itself_and_the_operator(opal, chen):
    made = register_organization(MEMBER_USCC, kind="member", name=NAME, by=opal)
    its_own = Actor(organization_id=made.pk)

    assert made in list_organizations(by=opal)
    assert made in list_organizations(by=its_own)
    assert made not in list_organizations(by=chen)
