"""Banks that lend beside the programme's own (联合贷): named in its terms, each agreeing itself."""

from dataclasses import replace
from datetime import date

import pytest

from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.core.ids import new_id
from scf.credit.models import Programme, ProgrammePartner, ProgrammeVersion
from scf.credit.partners import Partner, joint_rule
from scf.credit.selectors import list_asked_to_lend, list_members, list_programmes, list_versions
from scf.credit.services import (
    agree_to_version,
    approve_programme,
    decline_version,
    propose_programme,
    propose_version,
    refuse_programme,
)
from scf.parties.services import register_organization
from scf.workflow.invariants import run_checks
from scf.workflow.models import Fact
from tests.factories.credit import GOLDEN_TERMS, active_member, programme_given, proposed_programme
from tests.factories.parties import party

pytestmark = pytest.mark.django_db


def lending(ppm: int = 300_000, key: str = "dongling") -> Partner:
    """The other bank takes so much of each loan."""
    return Partner(str(party(key).pk), ppm)


def test_terms_with_partners_are_in_force_once_each_partner_agreed_to_their_hash(chen, yi, sly):
    version = propose_programme(programme_given(partners=(lending(),)), by=chen)
    with pytest.raises(RuleBroken) as refusal:
        approve_programme(version.pk, seen=version.hash, by=yi)
    assert refusal.value.code == "partner_not_agreed"
    assert party("dongling").name in refusal.value.text()
    assert [asked.programme_version_id for asked in list_asked_to_lend(by=sly)] == [version.pk]

    with pytest.raises(Conflict) as stale:
        agree_to_version(version.pk, seen="0" * 64, by=sly)
    assert stale.value.code == "content_changed"
    agree_to_version(version.pk, seen=version.hash, by=sly)
    assert not list_asked_to_lend(by=sly)
    approve_programme(version.pk, seen=version.hash, by=yi)

    version.refresh_from_db()
    assert (version.status, version.terms().partners) == ("approved", (lending(),))
    fact = Fact.objects.get(name="programme_partner.agreed")
    assert (fact.person_id, fact.details["hash"]) == (sly.person_id, version.hash)
    assert not [found for found in run_checks().values() if found]


def test_a_partner_that_declines_keeps_the_terms_out_of_force(chen, yi, sly):
    version = propose_programme(programme_given(partners=(lending(),)), by=chen)
    with pytest.raises(RuleBroken):
        decline_version(version.pk, reason=" ", by=sly)
    decline_version(version.pk, reason="期限过长", by=sly)
    with pytest.raises(RuleBroken):
        approve_programme(version.pk, seen=version.hash, by=yi)
    with pytest.raises(Conflict):
        agree_to_version(version.pk, seen=version.hash, by=sly)

    refuse_programme(version.pk, reason="出资行不同意", by=yi)
    again = propose_version(version.programme_id, terms=GOLDEN_TERMS, by=chen)
    approve_programme(again.pk, seen=again.hash, by=yi)
    again.refresh_from_db()
    assert again.status == "approved"


def test_what_was_asked_of_a_partner_falls_with_the_version(chen, yi, sly):
    version = propose_programme(programme_given(partners=(lending(),)), by=chen)
    refuse_programme(version.pk, reason="不做了", by=yi)
    assert ProgrammePartner.objects.get().status == "dropped"
    with pytest.raises(Conflict):
        agree_to_version(version.pk, seen=version.hash, by=sly)


@pytest.mark.parametrize(
    "shares",
    [
        (("dongling", 299_999),),
        (("dongling", 300_000), ("dongling", 300_000)),
        (("dongling", 1_000_000),),
        (("yuanfan", 300_000),),
        (("hengyan", 300_000),),
        (("dongling", -300_000),),
    ],
    ids=["below 30 %", "twice", "nothing left", "the lender itself", "no bank", "below nothing"],
)
def test_shares_no_joint_loan_may_have_are_refused_in_words(chen, shares):
    given = programme_given(partners=tuple(lending(ppm, key) for key, ppm in shares))
    with pytest.raises(RuleBroken) as refusal:
        propose_programme(given, by=chen)
    assert refusal.value.code == "partners_invalid"
    assert "%(" not in refusal.value.text()
    assert not Programme.objects.exists()


def test_a_partner_the_platform_does_not_know_is_refused(chen):
    for unknown in (str(new_id()), "not-an-id"):
        with pytest.raises(RuleBroken) as refusal:
            propose_programme(programme_given(partners=(Partner(unknown, 300_000),)), by=chen)
        assert refusal.value.code == "partners_invalid"


def test_terms_without_partners_keep_the_hash_they_had():
    assert "partners" in GOLDEN_TERMS.as_dict()
    named = replace(GOLDEN_TERMS, partners=(Partner("a", 300_000),))
    other = replace(GOLDEN_TERMS, partners=(Partner("a", 310_000),))
    assert len({each.content_hash() for each in (GOLDEN_TERMS, named, other)}) == 3


def test_a_partner_sees_the_versions_that_name_it_and_nothing_else_of_the_lender(chen, yi, sly):
    first = proposed_programme()
    approve_programme(first.pk, seen=first.hash, by=yi)
    active_member(first.programme)
    assert not list_programmes(by=sly)
    terms = replace(GOLDEN_TERMS, partners=(lending(),))
    second = propose_version(first.programme_id, terms=terms, by=chen)

    assert [each.pk for each in list_programmes(by=sly)] == [first.programme_id]
    assert list(list_versions(by=sly)) == [second]
    assert not list_members(by=sly)
    with pytest.raises(Forbidden):
        approve_programme(second.pk, seen=second.hash, by=sly)
    with pytest.raises(NotFound):
        agree_to_version(first.pk, seen=first.hash, by=sly)
    with pytest.raises(NotFound):
        agree_to_version(second.pk, seen=second.hash, by=yi)
    assert ProgrammeVersion.objects.get(pk=second.pk).status == "proposed"


def test_the_rule_is_dated_and_names_its_source():
    rule = joint_rule(date(2026, 6, 1))
    figures = (rule.least_partner_ppm, rule.most_one_partner_ppm, rule.most_joint_ppm)
    assert figures == (300_000, 250_000, 500_000)
    assert "24号" in rule.source


def test_one_person_has_no_word_for_two_banks(chen, yi, sly):
    """Whoever works at several of them speaks for one: each lender decides by itself."""
    third = register_organization(
        "91990100MA0B00100F", kind="bank", name="西屿银行", bank_number=3, by=SYSTEM
    )
    partners = (lending(), Partner(str(third.pk), 300_000))
    version = propose_programme(programme_given(partners=partners), by=chen)
    agree_to_version(version.pk, seen=version.hash, by=sly)

    with pytest.raises(Forbidden) as refusal:
        agree_to_version(version.pk, seen=version.hash, by=replace(sly, organization_id=third.pk))
    assert refusal.value.code == "four_eyes"
    other = replace(sly, organization_id=third.pk, person_id=new_id())
    agree_to_version(version.pk, seen=version.hash, by=other)
    with pytest.raises(Forbidden) as refusal:
        approve_programme(version.pk, seen=version.hash, by=replace(yi, person_id=sly.person_id))
    assert refusal.value.code == "four_eyes"
    approve_programme(version.pk, seen=version.hash, by=yi)
