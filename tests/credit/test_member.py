"""A buyer or supplier is invited into a programme, joins, is suspended and resumed."""

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.credit.selectors import get_member, list_members, list_programmes, terms_for
from scf.credit.services import accept_invitation, invite_member, resume_member, suspend_member
from scf.parties.permissions import Permission
from tests.factories.credit import (
    GOLDEN_TERMS,
    active_member,
    approved_programme,
    invited_member,
    proposed_programme,
)
from tests.factories.parties import also

pytestmark = pytest.mark.django_db


def test_an_invited_buyer_joins(wei, nuo, jinhe):
    programme = approved_programme()
    member = invite_member(programme.pk, organization_id=jinhe.pk, by=wei)
    assert (member.status, member.turn_party) == ("invited", jinhe.pk)
    assert list(list_programmes(by=nuo)) == [programme]

    accept_invitation(member.pk, by=nuo)

    assert get_member(member.pk, by=wei).status == "active"


def test_the_bank_invites_as_well(chen, tongze):
    member = invite_member(approved_programme().pk, organization_id=tongze.pk, by=chen)

    assert member.status == "invited"


def test_inviting_twice_is_a_conflict(chen, jinhe):
    member = invited_member(approved_programme())

    with pytest.raises(Conflict) as refusal:
        invite_member(member.programme_id, organization_id=jinhe.pk, by=chen)
    assert refusal.value.code == "already_member"


def test_nobody_is_invited_into_a_proposal(chen, jinhe):
    version = proposed_programme()

    with pytest.raises(RuleBroken) as refusal:
        invite_member(version.programme_id, organization_id=jinhe.pk, by=chen)
    assert refusal.value.code == "programme_not_in_force"


def test_banks_and_the_enterprise_itself_are_no_members(chen, dongling, hengyan):
    programme = approved_programme()

    for wrong in (dongling, hengyan):
        with pytest.raises(RuleBroken) as refusal:
            invite_member(programme.pk, organization_id=wrong.pk, by=chen)
        assert refusal.value.code == "member_invalid"


def test_a_stranger_cannot_invite_and_a_member_neither(sly, nuo, tongze):
    programme = approved_programme()
    active_member(programme)

    with pytest.raises(NotFound):
        invite_member(programme.pk, organization_id=tongze.pk, by=sly)
    with pytest.raises(Forbidden) as refusal:
        invite_member(
            programme.pk, organization_id=tongze.pk, by=also(nuo, Permission.MEMBER_INVITE)
        )
    assert refusal.value.code == "not_your_side"


def test_only_the_invited_accepts(lan, dong, ma):
    member = invited_member(approved_programme())

    with pytest.raises(Forbidden) as refusal:
        accept_invitation(member.pk, by=lan)
    assert refusal.value.code == "not_your_side"
    with pytest.raises(NotFound):
        accept_invitation(member.pk, by=dong)
    with pytest.raises(Forbidden):
        accept_invitation(member.pk, by=ma)


def test_accepting_twice_is_a_conflict(nuo):
    member = active_member(approved_programme())

    with pytest.raises(Conflict):
        accept_invitation(member.pk, by=nuo)


def test_a_suspended_member_cannot_apply_until_another_person_resumes_it(yi, ma, luo):
    programme = approved_programme()
    member = active_member(programme)
    suspend_member(member.pk, by=yi, reason="KYB 过期")

    with pytest.raises(RuleBroken) as refusal:
        terms_for(programme.pk, borrower_id=member.organization_id, by=ma)
    assert refusal.value.code == "member_suspended"
    with pytest.raises(Forbidden) as refusal:
        resume_member(member.pk, by=yi)
    assert refusal.value.code == "four_eyes"

    resume_member(member.pk, by=also(luo, Permission.PROGRAMME_APPROVE))
    assert terms_for(programme.pk, borrower_id=member.organization_id, by=ma).terms == GOLDEN_TERMS


def test_only_the_programmes_bank_suspends(sly, lan):
    member = active_member(approved_programme())

    with pytest.raises(NotFound):
        suspend_member(member.pk, by=sly, reason="-")
    with pytest.raises(Forbidden):
        suspend_member(member.pk, by=also(lan, Permission.PROGRAMME_APPROVE), reason="-")


def test_terms_are_for_those_who_take_part(ma, delta, tongze, jinhe, chen, hengyan):
    programme = approved_programme()
    invited_member(programme)
    with pytest.raises(NotFound):
        terms_for(programme.pk, borrower_id=jinhe.pk, by=ma)
    with pytest.raises(NotFound):
        terms_for(programme.pk, borrower_id=tongze.pk, by=chen)
    with pytest.raises(NotFound):
        terms_for(programme.pk, borrower_id=tongze.pk, by=delta)

    in_force = terms_for(programme.pk, borrower_id=hengyan.pk, by=chen)
    assert in_force.hash == GOLDEN_TERMS.content_hash()
    assert (in_force.version_number, in_force.anchor_side) == (1, "seller")


def test_members_do_not_see_each_other(ma, delta, chen, tongze):
    programme = approved_programme()
    active_member(programme)
    invite_member(programme.pk, organization_id=tongze.pk, by=chen)

    assert list_members(by=ma).count() == list_members(by=delta).count() == 1
    assert list_members(by=chen, programme_id=programme.pk).count() == 2
