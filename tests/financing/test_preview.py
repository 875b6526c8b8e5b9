"""A quote before anything is submitted: the same figures, and nothing stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scf.core.errors import Conflict, Forbidden, RuleBroken
from scf.financing.models import Application
from scf.financing.services import ApplicationIn, preview_application, submit_application
from scf.workflow import clocks
from scf.workflow.models import Deal, Fact
from tests.cast import *  # noqa: F403 - the cast as fixtures
from tests.factories.credit import figures, ready_programme
from tests.factories.trade import confirmed_order, draft_order, line_ids_of


@pytest.fixture
def asked(db) -> ApplicationIn:
    """All three lines of golden deal 1 for ninety days."""
    order = confirmed_order()
    return ApplicationIn(
        programme_id=ready_programme().pk,
        order_line_ids=tuple(line_ids_of(order)),
        matures_on=clocks.business_date() + timedelta(days=90),
    )


def test_the_quote_shown_is_the_quote_kept(asked, ma):
    shown = preview_application(asked, by=ma)
    kept = submit_application(asked, by=ma)

    assert shown["quote"] == kept.quote
    assert shown["loan_minor"] == kept.loan_minor == 800_000_00
    assert (shown["quote"]["interest_minor"], shown["days"]) == (8_700_00, 90)
    assert shown["quote"]["per_idle_day_minor"] == 96_67
    for name, paper in shown["papers"].items():
        same = {field: value for field, value in kept.papers[name].items() if field != "hash"}
        assert paper == {**same, "number": ""}


def test_a_preview_leaves_nothing_behind(asked, ma):
    before = Fact.objects.count(), Deal.objects.count()
    preview_application(asked, by=ma)

    assert (Fact.objects.count(), Deal.objects.count()) == before
    assert not Application.objects.exists()
    assert figures() == (0, 0, 0)


def test_a_refused_preview_leaves_nothing_behind(asked, ma):
    with pytest.raises(RuleBroken) as refusal:
        preview_application(replace(asked, own_funds_minor=1), by=ma)

    assert refusal.value.code == "own_funds_too_low"
    assert not Deal.objects.exists()


def test_a_loan_above_the_limit_is_shown_as_such(ma):
    programme = ready_programme(borrower_minor=100_000_00)
    order = confirmed_order()
    until = clocks.business_date() + timedelta(days=30)
    shown = preview_application(
        ApplicationIn(programme.pk, tuple(line_ids_of(order)), until), by=ma
    )

    assert (shown["available_minor"], shown["is_within_limit"]) == (100_000_00, False)


def test_a_line_that_is_locked_or_not_confirmed_is_refused(asked, ma):
    submit_application(asked, by=ma)
    with pytest.raises(Conflict) as refusal:
        preview_application(asked, by=ma)
    assert refusal.value.code == "line_locked"

    fresh = tuple(line_ids_of(draft_order(number="PO-2")))
    with pytest.raises(Conflict):
        preview_application(replace(asked, order_line_ids=fresh), by=ma)


def test_who_may_not_submit_gets_no_quote(asked, wei, he):
    for actor in (wei, he):
        with pytest.raises(Forbidden):
            preview_application(asked, by=actor)


@pytest.mark.parametrize(
    ("tenor", "asked_for", "interest_from", "expires_after"),
    [
        (90, None, "funding", 60),
        (45, None, "funding", 45),
        (45, 50, "funding", 50),
        (45, 50, "release", 45),
    ],
)
def test_the_escrow_ends_when_asked_and_unasked_not_after_its_loan(
    ma, tenor, asked_for, interest_from, expires_after
):
    today = clocks.business_date()
    given = ApplicationIn(
        programme_id=ready_programme(interest_from=interest_from).pk,
        order_line_ids=tuple(line_ids_of(confirmed_order())),
        matures_on=today + timedelta(days=tenor),
        expires_on=asked_for and today + timedelta(days=asked_for),
    )
    kept = submit_application(given, by=ma)

    assert kept.expires_on == today + timedelta(days=expires_after)
