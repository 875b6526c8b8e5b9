"""Submitted, reviewed, returned or rejected: each by its own person, on exactly what was shown."""

from dataclasses import replace

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.financing.access import content_hash
from scf.financing.models import Application
from scf.financing.services import (
    approve_application,
    recommend_application,
    reject_application,
    resubmit_application,
    return_application,
    send_back,
    submit_application,
)
from scf.workflow.models import Fact
from tests.factories.credit import figures, ready_programme
from tests.factories.parties import also, somebody
from tests.factories.trade import confirmed_order, lines_of
from tests.payments.lives import asked, with_code


@pytest.fixture
def given(db):
    """All lines of the golden order."""
    return asked(confirmed_order(), ready_programme().pk)


@pytest.fixture
def application(given) -> Application:
    """Submitted by Ma."""
    return submit_application(given, by=somebody("ma"))


def recommend(application, *, by=None, seen=None, opinion="贸易背景真实"):
    application.refresh_from_db()
    seen = seen or content_hash(application)
    return recommend_application(
        application.pk, seen=seen, opinion=opinion, by=by or somebody("zhou")
    )


def approve(application, *, by=None, seen=None):
    application.refresh_from_db()
    seen = seen or content_hash(application)
    return approve_application(application.pk, seen=seen, by=by or with_code("yi"))


def hand_back(application, *, by=None, codes=("papers_missing",)):
    return return_application(application.pk, codes=codes, note="补合同", by=by or somebody("zhou"))


def reject(application, *, by=None, codes=("trade_background",)):
    return reject_application(application.pk, codes=codes, note="", by=by or somebody("zhou"))


def test_a_submitted_application_is_before_the_reviewer_with_its_checks(application):
    assert (application.status, application.rounds) == ("in_review", 1)
    assert application.checks.filter(stage="submit", is_passed=True).count() == 5
    assert application.turn_role == "reviewer"
    assert figures()[0] == 800_000_00
    assert set(application.papers) == {"drawdown_request", "payment_mandate"}


def test_a_refused_submit_leaves_nothing_locked_or_held(given):
    for changes, code in (
        ({"own_funds_minor": 1}, "own_funds_too_low"),
        ({"own_funds_minor": 1_000_000_00}, "own_funds_too_low"),
        ({"order_line_ids": ()}, "line_without_value"),
        ({"matures_on": given.matures_on.replace(year=2040)}, "tenor_outside"),
        ({"expires_on": given.matures_on.replace(year=2020)}, "expiry_outside"),
        ({"expires_on": given.matures_on.replace(year=9999)}, "expiry_outside"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            submit_application(replace(given, **changes), by=somebody("ma"))
        assert refusal.value.code == code
    assert not Application.objects.exists()
    assert figures() == (0, 0, 0)


def test_only_the_buyer_of_the_order_applies(given):
    for key in ("wei", "zhou", "he", "nuo"):
        with pytest.raises(Forbidden):
            submit_application(given, by=somebody(key))
    with pytest.raises(NotFound):
        submit_application(given, by=also(somebody("sly"), "application:submit"))


@pytest.mark.parametrize("verb", [recommend, approve, hand_back, reject])
def test_a_stranger_finds_nothing_and_the_other_sides_decide_nothing(application, verb):
    every_right = ("application:recommend", "application:approve", "application:reject")
    with pytest.raises(NotFound):
        verb(application, by=with_code("sly"))
    for key in ("nuo", "lan"):
        with pytest.raises(Forbidden) as refusal:
            verb(application, by=also(with_code(key), *every_right))
        assert refusal.value.code == "not_your_side"
    with pytest.raises(Forbidden):
        verb(application, by=with_code("shen"))


@pytest.mark.parametrize("verb", [recommend, hand_back, reject])
def test_what_was_decided_is_not_decided_again(application, verb):
    reject(application)
    with pytest.raises(Conflict) as refusal:
        verb(application)
    assert refusal.value.code == "wrong_state"
    assert Fact.objects.filter(name="application.rejected").count() == 1


def test_a_reviewer_recommends_what_she_was_shown_and_says_why(application):
    with pytest.raises(RuleBroken) as refusal:
        recommend(application, opinion=" ")
    assert refusal.value.code == "opinion_missing"
    with pytest.raises(Conflict) as changed:
        recommend(application, seen="0" * 64)
    assert changed.value.code == "content_changed"

    assert recommend(application).status == "recommended"
    with pytest.raises(Conflict):
        recommend(application)


def test_a_decision_without_a_reason_is_refused(application):
    for verb in (hand_back, reject):
        with pytest.raises(RuleBroken) as refusal:
            verb(application, codes=())
        assert refusal.value.code == "reason_missing"


def test_who_recommended_neither_approves_nor_sends_back(application):
    zhou = also(with_code("zhou"), "application:approve")
    recommend(application, by=zhou)
    with pytest.raises(Forbidden) as refusal:
        send_back(application.pk, note="", by=zhou)
    assert refusal.value.code == "four_eyes"


def test_an_approver_needs_a_second_factor_and_the_very_content(application):
    recommend(application)
    with pytest.raises(Forbidden) as refusal:
        approve(application, by=somebody("yi"))
    assert refusal.value.code == "step_up_required"
    with pytest.raises(Conflict) as changed:
        approve(application, seen="0" * 64)
    assert changed.value.code == "content_changed"
    application.refresh_from_db()
    assert application.status == "recommended"


def test_without_wallets_nothing_is_approved(application):
    recommend(application)
    with pytest.raises(RuleBroken) as refusal:
        approve(application)
    assert refusal.value.code == "wallet_missing"
    application.refresh_from_db()
    assert application.status == "recommended"


def test_sent_back_it_is_recommended_anew(application):
    recommend(application)
    send_back(application.pk, note="补充说明", by=somebody("yi"))
    application.refresh_from_db()
    assert application.status == "in_review"

    assert recommend(application, opinion="已补充").status == "recommended"


def test_put_right_only_by_its_buyer_and_only_when_returned(application):
    with pytest.raises(Conflict):
        resubmit_application(application.pk, purpose="补", by=somebody("ma"))
    hand_back(application)
    with pytest.raises(Forbidden):
        resubmit_application(application.pk, purpose="补", by=somebody("zhou"))
    with pytest.raises(NotFound):
        resubmit_application(application.pk, purpose="补", by=somebody("sly"))

    again = resubmit_application(application.pk, purpose="采购树脂，合同已补", by=somebody("ma"))

    assert (again.status, again.rounds) == ("in_review", 2)
    assert {line.locked_by for line in lines_of(application.order)} == {application.pk}
