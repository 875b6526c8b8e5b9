"""A fresh second factor and the signing limit are asked of the actor."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scf.core import clock
from scf.core.actor import SYSTEM
from scf.core.errors import Forbidden
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.parties.services import grant_role, set_signing_limit
from tests.parties.conftest import person_at

APPROVE = Permission.APPLICATION_APPROVE


def test_a_fresh_step_up_is_enough(chen):
    assert require_step_up(replace(chen, stepped_up_at=clock.now())) is None


@pytest.mark.parametrize("minutes", [None, 6], ids=["never", "six minutes ago"])
def test_no_step_up_or_an_old_one_is_refused(chen, minutes):
    at = None if minutes is None else clock.now() - timedelta(minutes=minutes)
    with pytest.raises(Forbidden) as refusal:
        require_step_up(replace(chen, stepped_up_at=at))
    assert refusal.value.code == "step_up_required"


def test_the_limit_itself_may_be_signed_and_a_fen_more_may_not(bank, chen):
    yi = person_at(bank, "bank_approver", "伊")
    set_signing_limit(
        bank.id, person_id=yi.person_id, role="bank_approver", limit_minor=100_00, by=chen
    )

    require_within_signing_limit(yi, permission=APPROVE, amount_minor=100_00)
    with pytest.raises(Forbidden) as refusal:
        require_within_signing_limit(yi, permission=APPROVE, amount_minor=100_01)
    assert refusal.value.code == "over_signing_limit"
    assert "100.01" in refusal.value.text()


def test_a_role_without_a_limit_signs_any_amount(bank):
    yi = person_at(bank, "bank_approver", "伊")
    assert require_within_signing_limit(yi, permission=APPROVE, amount_minor=10**15) is None


def test_a_limit_of_another_role_does_not_help(bank):
    zhou = person_at(bank, "bank_reviewer", "周")
    with pytest.raises(Forbidden):
        require_within_signing_limit(zhou, permission=APPROVE, amount_minor=1)


def test_of_several_roles_the_highest_limit_counts(bank):
    yi = person_at(bank, "bank_approver", "伊")
    grant_role(
        bank.id, person_id=yi.person_id, role="bank_approver", signing_limit_minor=5, by=SYSTEM
    )
    with pytest.raises(Forbidden):
        require_within_signing_limit(yi, permission=APPROVE, amount_minor=6)
