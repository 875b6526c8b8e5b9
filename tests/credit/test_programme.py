"""A bank's programme: proposed by one person, approved by another, in versions."""

from dataclasses import replace
from hashlib import sha256

import pytest
import rfc8785
from django.db import DatabaseError, IntegrityError, connection, transaction

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.credit.inputs import ProgrammeIn
from scf.credit.models import Limit, ProgrammeVersion
from scf.credit.selectors import get_programme, get_version, list_programmes, list_versions
from scf.credit.services import (
    approve_programme,
    propose_programme,
    propose_version,
    refuse_programme,
)
from scf.credit.terms import ADDED, Fee, ProgrammeTerms
from scf.parties.permissions import Permission
from scf.workflow.models import Fact
from tests.factories.credit import (
    GOLDEN_TERMS,
    active_member,
    approved_programme,
    programme_given,
    proposed_programme,
)
from tests.factories.parties import also

pytestmark = pytest.mark.django_db


def test_an_approved_programme_is_in_force_with_its_limit(chen, yi):
    version = propose_programme(programme_given(), by=chen)
    assert (version.status, version.number) == ("proposed", 1)

    approve_programme(version.pk, seen=version.hash, by=yi)

    version = get_version(version.pk, by=yi)
    assert version.status == "approved"
    assert version.terms() == GOLDEN_TERMS
    limit = Limit.objects.get(programme=version.programme)
    assert (limit.level, limit.sanctioned_minor) == ("programme", 80_000_000_00)
    fact = Fact.objects.get(name="programme_version.approved")
    assert (fact.person_id, fact.details["hash"]) == (yi.person_id, version.hash)


def test_the_hash_is_that_of_the_terms_and_of_nothing_else():
    assert GOLDEN_TERMS.content_hash() == replace(GOLDEN_TERMS).content_hash()
    assert GOLDEN_TERMS.content_hash() != replace(GOLDEN_TERMS, rate_ppm=43_501).content_hash()
    with_fee = replace(GOLDEN_TERMS, fees=(Fee("handling", "buyer", ppm=1_000),))
    assert with_fee.content_hash() != GOLDEN_TERMS.content_hash()


def test_terms_of_before_keep_their_hash_when_choices_are_added():
    said = GOLDEN_TERMS.as_dict()
    before = {name: value for name, value in said.items() if name not in ADDED}

    assert GOLDEN_TERMS.content_hash() == sha256(rfc8785.dumps(before)).hexdigest()
    assert ProgrammeTerms(**before).content_hash() == GOLDEN_TERMS.content_hash()
    for name, other in {"due_day": 20, "due_date_rule": "next_working_day"}.items():
        assert replace(GOLDEN_TERMS, **{name: other}).content_hash() != GOLDEN_TERMS.content_hash()


def test_terms_come_back_from_the_row_as_they_went_in(chen):
    terms = replace(
        GOLDEN_TERMS,
        fees=(Fee("handling", "buyer", ppm=1_000), Fee("seal", "seller", minor=50_00)),
        waterfall=("principal", "interest", "penalty", "costs"),
        grace_days=3,
        penalty_from="grace_end",
    )
    version = propose_programme(replace(programme_given(), terms=terms), by=chen)

    version.refresh_from_db()
    assert version.terms() == terms
    assert version.terms().content_hash() == version.hash


def test_a_deposit_is_a_share_of_the_loan_and_less_than_all_of_it(chen):
    version = propose_programme(programme_given(deposit_ppm=100_000), by=chen)
    assert version.terms().deposit_ppm == 100_000
    with pytest.raises(RuleBroken) as refusal:
        propose_programme(programme_given(deposit_ppm=1_000_000), by=chen)
    assert (refusal.value.code, refusal.value.extra["field"]) == ("terms_invalid", "deposit_ppm")


@pytest.mark.parametrize("policy", ["STAGED", "GOODS_RELEASE"])
def test_policies_not_offered_are_refused_in_words(chen, policy):
    with pytest.raises(RuleBroken) as refusal:
        propose_programme(programme_given(release_policy=policy), by=chen)
    assert refusal.value.code == "policy_not_offered"
    assert not ProgrammeVersion.objects.exists()


@pytest.mark.parametrize("policy", ["PAY_ON_DRAWDOWN", "PAY_ON_SHIPMENT", "PAY_ON_ACCEPTANCE"])
@pytest.mark.parametrize("interest_from", ["funding", "release"])
def test_the_three_policies_are_equals(chen, policy, interest_from):
    given = programme_given(release_policy=policy, interest_from=interest_from)

    assert propose_programme(given, by=chen).release_policy == policy


@pytest.mark.parametrize(
    "wrong",
    [
        {"release_policy": "PAY_NEVER"},
        {"interest_from": "later"},
        {"sweep": "never"},
        {"repayment": "balloon"},
        {"day_base": 364},
        {"limit_minor": 0},
        {"limit_minor": 2**53},
        {"rate_ppm": -1},
        {"penalty_rate_ppm": 43_500},
        {"penalty_rate_ppm": 70_000},
        {"tenor_min_days": 91, "tenor_max_days": 90},
        {"own_funds_ppm": 1_000_000},
        {"tolerance_under_ppm": -1},
        {"waterfall": ("principal",)},
        {"escrow_interest_to": "nobody"},
        {"fees": (Fee("handling", "buyer", ppm=-1),)},
        {"fees": (Fee("", "buyer", ppm=1),)},
        {"due_day": 32},
        {"due_every": "week"},
        {"rate_margin_ppm": 100},
        {"rate_reset": "new_year"},
        {"rate_base": "1Y", "rate_margin_ppm": -1_000_001},
        {"repayment": "equal_fee"},
        {"repayment": "equal_instalments", "principal_remainder": "first"},
        {"repayment": "interest_only", "free_days": 10, "free_kind": "if_settled"},
        {"fees": (Fee("service", "buyer", ppm=1, taken_by="platform"),)},
        {"fees": (Fee("handling", "buyer", ppm=1, is_in_annual_rate=False),)},
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(chen, wrong):
    with pytest.raises(RuleBroken) as refusal:
        propose_programme(programme_given(**wrong), by=chen)
    assert refusal.value.code in ("terms_invalid", "policy_not_offered")
    assert not ProgrammeVersion.objects.exists()


def test_who_proposed_it_cannot_approve_it(chen):
    version = proposed_programme()

    with pytest.raises(Forbidden) as refusal:
        approve_programme(
            version.pk, seen=version.hash, by=also(chen, Permission.PROGRAMME_APPROVE)
        )
    assert refusal.value.code == "four_eyes"


def test_only_the_terms_that_were_seen_are_approved(yi):
    version = proposed_programme()

    with pytest.raises(Conflict) as refusal:
        approve_programme(version.pk, seen="0" * 64, by=yi)
    assert refusal.value.code == "content_changed"


def test_terms_edited_behind_the_hash_are_not_approved(yi):
    version = proposed_programme()
    ProgrammeVersion.objects.filter(pk=version.pk).update(rate_ppm=1)

    with pytest.raises(Conflict) as refusal:
        approve_programme(version.pk, seen=version.hash, by=yi)
    assert refusal.value.code == "content_changed"


def test_approving_twice_is_a_conflict(yi):
    version = proposed_programme()
    approve_programme(version.pk, seen=version.hash, by=yi)

    with pytest.raises(Conflict) as refusal:
        approve_programme(version.pk, seen=version.hash, by=yi)
    assert refusal.value.code == "wrong_state"
    assert get_version(version.pk, by=yi).status == "approved"


def test_a_stranger_finds_no_programme(sly, ma):
    version = proposed_programme()

    with pytest.raises(NotFound):
        approve_programme(version.pk, seen=version.hash, by=sly)
    with pytest.raises(NotFound):
        propose_version(version.programme_id, terms=GOLDEN_TERMS, by=sly)
    for stranger in (sly, ma):
        assert not list_programmes(by=stranger)
        assert not list_versions(by=stranger)
        with pytest.raises(NotFound):
            get_programme(version.programme_id, by=stranger)


def test_the_core_enterprise_sees_a_proposal_and_cannot_decide_it(lan):
    version = proposed_programme()

    assert get_version(version.pk, by=lan) == version
    with pytest.raises(Forbidden) as refusal:
        approve_programme(version.pk, seen=version.hash, by=also(lan, Permission.PROGRAMME_APPROVE))
    assert refusal.value.code == "not_your_side"


def test_a_new_version_supersedes_the_old_and_moves_the_limit(chen, yi):
    programme = approved_programme()
    terms = replace(GOLDEN_TERMS, limit_minor=90_000_000_00, rate_ppm=45_000)
    version = propose_version(programme.pk, terms=replace(terms, penalty_rate_ppm=67_500), by=chen)
    assert version.number == 2
    assert Limit.objects.get(programme=programme).sanctioned_minor == 80_000_000_00

    approve_programme(version.pk, seen=version.hash, by=yi)

    statuses = dict(programme.versions.values_list("number", "status"))
    assert statuses == {1: "superseded", 2: "approved"}
    limit = Limit.objects.get(programme=programme)
    assert limit.sanctioned_minor == 90_000_000_00
    assert [each.amount_minor for each in limit.movements.all()] == [80_000_000_00, 10_000_000_00]


def test_one_proposal_waits_at_a_time(chen):
    version = proposed_programme()

    with pytest.raises(Conflict) as refusal:
        propose_version(version.programme_id, terms=GOLDEN_TERMS, by=chen)
    assert refusal.value.code == "version_waiting"


def test_a_refused_version_leaves_the_one_in_force(chen, yi):
    programme = approved_programme()
    version = propose_version(programme.pk, terms=GOLDEN_TERMS, by=chen)

    refuse_programme(version.pk, by=yi, reason="利率过低")

    assert programme.versions.get(status="approved").number == 1
    assert propose_version(programme.pk, terms=GOLDEN_TERMS, by=chen).number == 3


def test_a_member_sees_terms_in_force_and_no_proposal(chen, ma):
    programme = approved_programme()
    active_member(programme)
    proposal = propose_version(programme.pk, terms=GOLDEN_TERMS, by=chen)

    assert [each.number for each in list_versions(by=ma)] == [1]
    with pytest.raises(NotFound):
        get_version(proposal.pk, by=ma)


def test_only_a_bank_proposes_and_only_with_an_enterprise(wei, chen, jinhe):
    with pytest.raises(RuleBroken):
        propose_programme(programme_given(), by=also(wei, Permission.PROGRAMME_PROPOSE))
    with pytest.raises(RuleBroken):
        propose_programme(ProgrammeIn("x", jinhe.pk, "seller", GOLDEN_TERMS), by=chen)
    with pytest.raises(RuleBroken):
        propose_programme(replace(programme_given(), anchor_side="both"), by=chen)


def test_who_may_not_propose_is_refused(zhou):
    with pytest.raises(Forbidden):
        propose_programme(programme_given(), by=zhou)


def test_a_name_is_used_once_by_a_bank(chen):
    proposed_programme()

    with pytest.raises(Conflict) as refusal:
        propose_programme(programme_given(), by=chen)
    assert refusal.value.code == "duplicate_programme"


def move_by_sql(version, status):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE credit_programmeversion SET status = %s WHERE id = %s", [status, version.pk]
        )


def test_sql_cannot_move_a_version_along_an_illegal_edge():
    with pytest.raises(DatabaseError, match="illegal status change"):
        move_by_sql(proposed_programme(), "superseded")


def test_two_versions_in_force_are_impossible_even_by_sql(chen):
    programme = approved_programme()
    second = propose_version(programme.pk, terms=GOLDEN_TERMS, by=chen)

    with pytest.raises(IntegrityError, match="one_version_in_force"):
        move_by_sql(second, "approved")
