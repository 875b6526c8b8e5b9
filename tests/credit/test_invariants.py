"""The checks of credit say nothing of a sound world and name every row somebody broke."""

import pytest

from scf.core.actor import SYSTEM
from scf.credit.models import Limit, ProgrammeVersion
from scf.credit.services import free_limit, freeze_limit, release_hold
from scf.workflow.invariants import run_checks
from tests.factories.credit import held, ready_programme, sanctioned_limit, used

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    programme = ready_programme(borrower_minor=10_000_000_00)
    hold = used(programme)
    free_limit(hold.application_id, amount_minor=1, key="repaid:1", by=SYSTEM)
    release_hold(held(programme).application_id, by=SYSTEM)
    held(programme)
    limit = sanctioned_limit("borrower", "jinhe", 1)
    freeze_limit(limit.pk, key="overdue:1", reason="逾期", by=SYSTEM)
    return limit


def broken():
    return {name for name, found in run_checks().items() if name.startswith("credit.") and found}


def test_a_sound_world_breaks_nothing(world):
    assert broken() == set()
    assert sum(name.startswith("credit.") for name in run_checks()) == 4


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (
            {"used_minor": 0},
            {
                "credit.limits_equal_their_holds",
                "credit.limits_stand_where_their_last_movement_left_them",
            },
        ),
        ({"sanctioned_minor": 2}, {"credit.limits_stand_where_their_last_movement_left_them"}),
        ({"is_frozen": False}, {"credit.limits_are_frozen_for_a_reason"}),
    ],
)
def test_a_limit_changed_behind_the_services_is_named(world, change, names):
    Limit.objects.filter(pk=world.pk).update(**change)

    assert broken() == names


def test_terms_changed_behind_the_services_are_named(world):
    ProgrammeVersion.objects.update(rate_ppm=1)

    assert broken() == {"credit.terms_have_their_hash"}
