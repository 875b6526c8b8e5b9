"""From blocked to used at funding, and free again as principal falls (K18)."""

import pytest

from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, RuleBroken
from scf.credit.models import Limit, LimitHold, LimitMovement
from scf.credit.selectors import get_available, get_hold, list_movements
from scf.credit.services import (
    free_limit,
    release_hold,
    use_limit,
)
from scf.workflow import clocks
from scf.workflow.clocks import fire_due
from tests.factories.credit import (
    LOAN,
    ask,
    figures,
    held,
    ready_programme,
    sanctioned_limit,
    used,
)

pytestmark = pytest.mark.django_db


def test_golden_deal_one_on_the_limit(jinhe, ma, luo):
    programme = ready_programme()

    hold = ask(programme)
    application_id = hold.application_id
    assert figures() == (800_000_00, 0, 0)
    assert get_available(programme.pk, borrower_id=jinhe.pk, by=ma).minor == 700_000_00

    use_limit(application_id, amount_minor=LOAN, key="fund:1", by=luo)
    assert figures() == (0, 800_000_00, 0)

    free_limit(application_id, amount_minor=172_080_70, key="return:1", by=SYSTEM)
    assert get_available(programme.pk, borrower_id=jinhe.pk, by=ma).minor == 872_080_70

    free_limit(application_id, amount_minor=391_923_79, key="repaid:1", by=SYSTEM)
    free_limit(application_id, amount_minor=235_995_51, key="repaid:2", by=SYSTEM)
    assert figures() == (0, 0, 0)
    assert get_hold(application_id, by=ma).status == "freed"
    assert get_available(programme.pk, borrower_id=jinhe.pk, by=ma).minor == 1_500_000_00


def test_every_step_leaves_a_movement_with_the_figures_after_it(chen):
    hold = used(ready_programme())

    rows = list_movements(hold.borrower_limit_id, by=chen).values_list(
        "action", "amount_minor", "blocked_minor", "used_minor"
    )
    assert list(rows)[1:] == [("hold", LOAN, LOAN, 0), ("use", LOAN, 0, LOAN)]


def test_a_used_limit_is_not_released(ma):
    hold = used(ready_programme())

    with pytest.raises(Conflict):
        release_hold(hold.application_id, by=ma)
    assert figures() == (0, LOAN, 0)


def test_less_funded_than_held_unblocks_the_rest(luo):
    hold = held(ready_programme())

    use_limit(hold.application_id, amount_minor=LOAN - 1, key="fund:1", by=luo)

    assert figures() == (0, LOAN - 1, 0)


def test_using_and_freeing_happen_once_per_key(luo):
    hold = held(ready_programme())
    for _time in range(2):
        use_limit(hold.application_id, amount_minor=LOAN, key="fund:1", by=luo)
    for _time in range(2):
        free_limit(hold.application_id, amount_minor=100, key="repaid:1", by=SYSTEM)

    assert figures() == (0, LOAN - 100, 0)
    assert LimitMovement.objects.filter(action="free").count() == 3


def test_more_than_was_held_cannot_be_used_nor_more_freed_than_used(luo):
    hold = held(ready_programme())
    with pytest.raises(RuleBroken) as refusal:
        use_limit(hold.application_id, amount_minor=LOAN + 1, key="fund:1", by=luo)
    assert refusal.value.code == "over_held"
    with pytest.raises(RuleBroken) as refusal:
        free_limit(hold.application_id, amount_minor=1, key="repaid:1", by=SYSTEM)
    assert refusal.value.code == "over_used"


def test_a_limit_that_does_not_revolve_is_spent():
    programme = ready_programme()
    sanctioned_limit("borrower", "jinhe", 1_500_000_00, is_revolving=False)
    hold = used(programme)

    free_limit(hold.application_id, amount_minor=LOAN, key="repaid:1", by=SYSTEM)

    limit = Limit.objects.get(level="borrower")
    assert (limit.used_minor, limit.spent_minor) == (0, LOAN)
    assert limit.available_minor == 700_000_00
    assert Limit.objects.get(level="enterprise").available_minor == 100_000_000_00


def test_money_that_left_while_the_hold_ran_out_is_used_and_shown_as_excess(luo):
    programme = ready_programme(borrower_minor=LOAN)
    late = held(programme)
    LimitHold.objects.filter(pk=late.pk).update(due_at=clocks.business_now())
    fire_due()
    used(programme)

    use_limit(late.application_id, amount_minor=LOAN, key="fund:late", by=luo)

    limit = Limit.objects.get(level="borrower")
    assert (limit.used_minor, limit.excess_minor, limit.available_minor) == (2 * LOAN, LOAN, 0)
    free_limit(late.application_id, amount_minor=LOAN, key="repaid:late", by=SYSTEM)
    limit.refresh_from_db()
    assert (limit.used_minor, limit.excess_minor) == (LOAN, 0)
