"""The day of a pay-out is not always the planned one: what was agreed for that one still holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scf.core.errors import DomainError
from scf.credit.models import Programme
from scf.credit.terms import Fee
from scf.financing.models import Application
from scf.financing.services import ApplicationIn, pay_out, submit_application
from scf.workflow import clocks
from tests.factories.credit import ready_programme
from tests.factories.parties import somebody
from tests.factories.trade import confirmed_order, line_ids_of
from tests.payments.lives import with_code

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = date(2026, 3, 9)
PLANNED = TODAY + 3 * DAY


def wished(days: int, **terms: object) -> ApplicationIn:
    """The order of golden deal 1 on 9 March, for so many days from the planned one."""
    clocks.open_day(TODAY)
    return ApplicationIn(
        programme_id=ready_programme(**terms).pk,
        order_line_ids=tuple(line_ids_of(confirmed_order())),
        funding_planned_on=PLANNED,
        matures_on=PLANNED + days * DAY,
    )


def asked(days: int, **terms: object) -> Application:
    return submit_application(wished(days, **terms), by=somebody("ma"))


def refused(act) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


def paid_out_on(application: Application, day: date) -> str:
    clocks.open_day(day)
    return refused(lambda: pay_out(application.pk, by=with_code("luo")))


@pytest.mark.parametrize("taken_by", ["bank", "guarantor"])
def test_paid_out_late_a_fee_for_few_days_does_not_pass_the_cap(taken_by):
    fees = (Fee("手续费", "buyer", minor=2_500_00, taken_by=taken_by),)
    application = asked(8, fees=fees)

    assert paid_out_on(application, PLANNED + DAY) == "wrong_state"  # its status alone is wrong
    assert paid_out_on(application, PLANNED + 7 * DAY) == "cost_above_cap"


def test_paid_out_early_a_loan_does_not_outlast_the_programmes_longest_term():
    application = asked(180)
    assert paid_out_on(application, PLANNED - DAY) == "tenor_outside"
    assert paid_out_on(application, PLANNED) == "wrong_state"


def test_nobody_plans_a_pay_out_for_a_day_that_is_over_or_an_escrow_that_ends_before_it():
    given, ma = wished(90), somebody("ma")
    early = replace(given, funding_planned_on=TODAY - DAY)
    assert refused(lambda: submit_application(early, by=ma)) == "day_is_past"
    for day in (PLANNED, PLANNED - DAY):
        over = replace(given, expires_on=day)
        assert refused(lambda over=over: submit_application(over, by=ma)) == "expiry_outside"
    assert not Application.objects.exists()


def test_an_order_must_have_the_core_enterprise_on_the_programmes_side():
    given = wished(90)
    Programme.objects.update(anchor_side="buyer")
    assert refused(lambda: submit_application(given, by=somebody("ma"))) == "wrong_programme"
