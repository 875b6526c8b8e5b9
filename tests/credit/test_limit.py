"""A limit is proposed by one person and approved by another; the unused part can be frozen."""

from datetime import date, timedelta

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.credit.inputs import LimitIn
from scf.credit.models import Limit, LimitChange, LimitFreeze
from scf.credit.selectors import (
    find_limit,
    get_available,
    get_limit,
    list_changes,
    list_limits,
    list_movements,
)
from scf.credit.services import (
    approve_limit,
    freeze_limit,
    propose_limit,
    refuse_limit,
    unfreeze_limit,
)
from scf.parties.permissions import Permission
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.factories.credit import held, ready_programme, sanctioned_limit, used
from tests.factories.parties import also, party

pytestmark = pytest.mark.django_db


def borrower_given(minor=1_500_000_00, **changes):
    values = {"effective_on": date(2026, 1, 1), **changes}
    return LimitIn("borrower", party("jinhe").pk, minor, **values)


def test_an_approved_limit_is_there_and_the_borrower_sees_it(chen, yi, ma):
    change = propose_limit(borrower_given(), by=chen)
    assert not Limit.objects.exists()

    approve_limit(change.pk, by=yi)

    (limit,) = list_limits(by=ma)
    assert (limit.sanctioned_minor, limit.available_minor) == (1_500_000_00, 1_500_000_00)
    fact = Fact.objects.get(name="limit.sanctioned")
    assert set(fact.audience) == {limit.bank_id, limit.organization_id}
    assert Fact.objects.get(name="limit_change.proposed").audience == [limit.bank_id]


def test_who_proposed_it_cannot_approve_it(chen):
    change = propose_limit(borrower_given(), by=chen)

    with pytest.raises(Forbidden) as refusal:
        approve_limit(change.pk, by=also(chen, Permission.LIMIT_APPROVE))
    assert refusal.value.code == "four_eyes"


def test_approving_twice_is_a_conflict(chen, yi):
    change = propose_limit(borrower_given(), by=chen)
    approve_limit(change.pk, by=yi)

    with pytest.raises(Conflict):
        approve_limit(change.pk, by=yi)
    assert Limit.objects.get().sanctioned_minor == 1_500_000_00


def test_a_stranger_and_the_borrower_find_no_proposal(chen, sly, ma):
    change = propose_limit(borrower_given(), by=chen)

    for stranger in (sly, also(ma, Permission.LIMIT_APPROVE)):
        with pytest.raises(NotFound):
            approve_limit(change.pk, by=stranger)
        assert not list_changes(by=stranger)
    assert list_changes(by=chen, status="proposed").count() == 1


def test_two_proposals_for_one_limit_do_not_wait_side_by_side(chen):
    propose_limit(borrower_given(), by=chen)

    with pytest.raises(Conflict) as refusal:
        propose_limit(borrower_given(2_000_000_00), by=chen)
    assert refusal.value.code == "change_waiting"


def test_a_refused_proposal_changes_nothing(chen, yi):
    change = propose_limit(borrower_given(), by=chen)

    refuse_limit(change.pk, by=yi, reason="负债过高")

    assert not Limit.objects.exists()
    assert propose_limit(borrower_given(), by=chen).status == "proposed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": "programme"},
        {"level": "nobody"},
        {"sanctioned_minor": -1},
        {"sanctioned_minor": 2**63},
        {"expires_on": date(2025, 12, 31)},
        {"level": "enterprise"},
    ],
)
def test_a_limit_that_cannot_be_is_refused(chen, wrong):
    values = {"level": "borrower", "sanctioned_minor": 1, "effective_on": date(2026, 1, 1)}
    with pytest.raises(RuleBroken) as refusal:
        propose_limit(LimitIn(organization_id=party("jinhe").pk, **{**values, **wrong}), by=chen)
    assert refusal.value.code == "limit_invalid"
    assert not LimitChange.objects.exists()


def test_who_may_not_propose_is_refused(yi, ma):
    with pytest.raises(Forbidden):
        propose_limit(borrower_given(), by=yi)
    with pytest.raises(RuleBroken):
        propose_limit(borrower_given(), by=also(ma, Permission.LIMIT_PROPOSE))


def test_other_banks_have_limits_of_their_own(chen, sly, jinhe, yuanfan, dongling):
    sanctioned_limit("borrower", "jinhe", 1_500_000_00)

    assert not list_limits(by=sly)
    assert find_limit(level="borrower", organization_id=jinhe.pk, bank_id=yuanfan.pk, by=chen)
    assert not find_limit(level="borrower", organization_id=jinhe.pk, bank_id=yuanfan.pk, by=sly)


def test_a_lowered_limit_calls_nothing_back_and_lets_nothing_new(ma):
    programme = ready_programme()
    used(programme)
    limit = sanctioned_limit("borrower", "jinhe", 500_000_00)

    limit = get_limit(limit.pk, by=ma)
    assert (limit.used_minor, limit.excess_minor, limit.available_minor) == (
        800_000_00,
        300_000_00,
        0,
    )
    with pytest.raises(RuleBroken) as refusal:
        held(programme, 1)
    assert refusal.value.code == "limit_exceeded"


def test_a_frozen_limit_has_nothing_available_and_thaws_with_the_last_reason(yi, ma, jinhe):
    programme = ready_programme()
    limit = Limit.objects.get(level="borrower")
    for key in ("overdue:1", "overdue:2", "overdue:2"):
        freeze_limit(limit.pk, key=key, reason="逾期", by=yi)

    assert get_available(programme.pk, borrower_id=jinhe.pk, by=ma).minor == 0
    with pytest.raises(RuleBroken) as refusal:
        held(programme)
    assert refusal.value.code == "limit_frozen"

    for _time in range(2):
        unfreeze_limit(limit.pk, key="overdue:1", by=yi)
    assert get_limit(limit.pk, by=ma).is_frozen
    unfreeze_limit(limit.pk, key="overdue:2", by=yi)
    assert get_available(programme.pk, borrower_id=jinhe.pk, by=ma).minor == 1_500_000_00


def test_the_same_reason_may_come_again(yi):
    limit = sanctioned_limit("borrower", "jinhe", 1)
    for _time in range(2):
        freeze_limit(limit.pk, key="overdue:1", reason="逾期", by=yi)
        unfreeze_limit(limit.pk, key="overdue:1", by=yi)
    freeze_limit(limit.pk, key="overdue:1", reason="又逾期", by=yi)

    limit.refresh_from_db()
    assert limit.is_frozen
    assert LimitFreeze.objects.get().lifted_at is None
    actions = [each.action for each in list_movements(limit.pk, by=yi)]
    assert actions == ["sanction", "freeze", "unfreeze", "freeze", "unfreeze", "freeze"]


def test_only_the_bank_that_gave_it_freezes(sly, ma, chen):
    limit = sanctioned_limit("borrower", "jinhe", 1)

    with pytest.raises(NotFound):
        freeze_limit(limit.pk, key="x", reason="-", by=sly)
    with pytest.raises(Forbidden):
        freeze_limit(limit.pk, key="x", reason="-", by=also(ma, Permission.LIMIT_APPROVE))
    with pytest.raises(Forbidden):
        freeze_limit(limit.pk, key="x", reason="-", by=chen)


def test_available_is_the_least_of_three_and_only_the_bank_is_told_which(ma, zhou, sly, jinhe):
    programme = ready_programme()

    mine = get_available(programme.pk, borrower_id=jinhe.pk, by=ma)
    assert (mine.minor, mine.borrower_minor) == (1_500_000_00, 1_500_000_00)
    assert (mine.enterprise_minor, mine.programme_minor) == (None, None)
    whole = get_available(programme.pk, borrower_id=jinhe.pk, by=zhou)
    assert (whole.enterprise_minor, whole.programme_minor) == (100_000_000_00, 80_000_000_00)
    with pytest.raises(NotFound):
        get_available(programme.pk, borrower_id=jinhe.pk, by=sly)


def test_a_limit_outside_its_dates_gives_nothing(jinhe, ma):
    today = clocks.business_date()
    programme = ready_programme()
    sanctioned_limit("borrower", "jinhe", 1_500_000_00, effective_on=today + timedelta(days=1))

    assert get_available(programme.pk, borrower_id=jinhe.pk, by=ma).minor == 0
    with pytest.raises(RuleBroken) as refusal:
        held(programme)
    assert refusal.value.code == "limit_not_in_force"
    sanctioned_limit("borrower", "jinhe", 1_500_000_00, expires_on=today)
    assert held(programme).status == "held"


def test_the_borrower_does_not_see_the_limits_of_others(ma, delta):
    ready_programme()

    assert [limit.level for limit in list_limits(by=ma)] == ["borrower"]
    assert not list_limits(by=delta)
