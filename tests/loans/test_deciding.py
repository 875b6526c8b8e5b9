"""Two persons decide about a stored loan: its lines in the bank's book, its facts, its way back."""

from dataclasses import replace
from datetime import date

import pytest

from scf.core.errors import Conflict, DomainError, Forbidden, NotFound, RuleBroken
from scf.loans.models import LoanProposal
from scf.loans.selectors import view_loan
from scf.loans.services import (
    DecisionIn,
    approve_proposal,
    propose_decision,
    record_repayment,
    refuse_proposal,
)
from scf.parties.models import Membership
from scf.parties.permissions import Permission
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.factories.loans import moved, opened_loan
from tests.factories.parties import also, somebody
from tests.loans.deal import FUNDED, LATE, LOAN, MATURITY
from tests.loans.lives import (
    DAY,
    assert_books_agree,
    balance,
    checker,
    decided,
    go_to,
    maker,
    proposed,
    told,
    with_factor,
)

pytestmark = pytest.mark.django_db
INTEREST = 8_700_00  # 800,000.00 at 4.35 % for 90 days
NEW_DATES = ["2026-07-15", "2026-08-15", "2026-09-15"]


@pytest.fixture
def loan():
    """A loan of 800,000.00 on the morning of its fifth day past due."""
    clocks.open_day(FUNDED)
    made = opened_loan()
    go_to(LATE)
    made.refresh_from_db()
    return made


def test_a_cost_is_owed_first_and_a_payment_pays_it_first(loan):
    decided(loan, "cost", amount_minor=1_200_00, nature="enforcement")
    decided(loan, "cost", amount_minor=300_00, nature="fee", name="变更费", due_on=LATE.isoformat())

    assert balance(f"1221:{loan.pk}") == 1_500_00
    assert (balance("2202"), balance("6021")) == (1_200_00, 300_00)
    assert view_loan(loan).due.costs_minor == 1_500_00
    assert [one["amount_minor"] for one in told("loan.cost_added")] == [1_200_00, 300_00]
    assert_books_agree()

    record_repayment(loan, moved=moved("repay", LATE, 1_600_00), cause="repay")

    assert balance(f"1221:{loan.pk}") == 0
    assert loan.penalty_paid_minor == 100_00
    assert_books_agree()


def test_a_waiver_takes_income_back_and_no_more_than_is_owed(loan):
    # 800,000.00 at 6.525 % for 5 days.
    with pytest.raises(RuleBroken) as refusal:
        proposed(loan, "waive", amount_minor=725_01, penalty_minor=725_01)
    assert refusal.value.code == "over_waiver"

    decided(loan, "waive", amount_minor=825_00, penalty_minor=725_00, interest_minor=100_00)

    owed = view_loan(loan).due
    assert (owed.penalty_minor, owed.interest_minor) == (0, INTEREST - 100_00)
    assert balance("6011") == balance(f"1132:{loan.pk}") == INTEREST - 100_00
    assert told("loan.waived")[0]["details"]["interest_minor"] == 100_00
    assert_books_agree()


def test_the_maker_cannot_approve_and_a_second_factor_is_asked_for(loan):
    proposal = proposed(loan, "waive", amount_minor=1_00, penalty_minor=1_00)
    both = also(with_factor(maker()), Permission.LOAN_APPROVE)
    no_factor = somebody("yi")
    for by, code in ((both, "four_eyes"), (no_factor, "step_up_required")):
        with pytest.raises(Forbidden) as refusal:
            approve_proposal(proposal.pk, seen=proposal.content_hash, by=by)
        assert refusal.value.code == code
    assert view_loan(loan).due.penalty_minor == 725_00


def test_above_the_approvers_limit_another_person_decides(loan):
    """A write-off names no amount of its own: what it takes off the books is signed for."""
    waiver = proposed(loan, "waive", amount_minor=100_01, penalty_minor=100_01)
    write_off = proposed(loan, "write_off")
    Membership.objects.filter(person_id=checker().person_id).update(signing_limit_minor=100_00)
    for proposal in (waiver, write_off):
        with pytest.raises(Forbidden) as refusal:
            approve_proposal(proposal.pk, seen=proposal.content_hash, by=checker())
        assert refusal.value.code == "over_signing_limit"
    Membership.objects.filter(person_id=checker().person_id).update(signing_limit_minor=100_01)
    approve_proposal(waiver.pk, seen=waiver.content_hash, by=checker())


def test_a_stranger_and_the_borrower_know_of_no_proposal(loan):
    sly, nuo = with_factor(somebody("sly")), with_factor(somebody("nuo"))
    proposal = proposed(loan, "waive", amount_minor=1_00, penalty_minor=1_00)
    for by in (sly, nuo):
        with pytest.raises(NotFound):
            approve_proposal(proposal.pk, seen=proposal.content_hash, by=by)
    given = DecisionIn(kind="waive", on=LATE, amount_minor=1_00, reason="?")
    with pytest.raises(Forbidden) as refusal:
        propose_decision(loan.pk, given=given, key="mine", by=nuo)
    assert refusal.value.code == "not_your_side"
    seen_by_buyer = Fact.objects.visible_to(nuo).filter(name__startswith="loan_proposal")
    assert not seen_by_buyer.exists()


def test_what_changed_since_it_was_shown_is_not_approved(loan):
    proposal = proposed(loan, "waive", amount_minor=1_00, penalty_minor=1_00)
    record_repayment(loan, moved=moved("repay", MATURITY, 1_000_00), cause="repay")

    with pytest.raises(Conflict) as refusal:
        approve_proposal(proposal.pk, seen=proposal.content_hash, by=checker())
    assert refusal.value.code == "content_changed"

    refuse_proposal(proposal.pk, by=checker(), reason="已还款")
    with pytest.raises(Conflict) as refusal:
        approve_proposal(proposal.pk, seen=proposal.content_hash, by=checker())
    assert refusal.value.code == "wrong_state"


def test_a_proposal_asked_for_twice_is_one_and_its_key_stands_for_one_thing(loan):
    given = DecisionIn(kind="cost", on=LATE, amount_minor=1_00, reason="诉讼费")
    first = propose_decision(loan.pk, given=given, key="one", by=maker())
    assert propose_decision(loan.pk, given=given, key="one", by=maker()).pk == first.pk
    other = DecisionIn(kind="cost", on=LATE, amount_minor=2_00, reason="诉讼费")
    named = {"nature": "fee", "name": "诉讼费", "due_on": LATE.isoformat()}
    for wish in (other, replace(given, details=named)):
        with pytest.raises(Conflict) as refusal:
            propose_decision(loan.pk, given=wish, key="one", by=maker())
        assert refusal.value.code == "duplicate_key"
    same = replace(given, details={"nature": "enforcement"})  # what is meant where nothing is said
    assert propose_decision(loan.pk, given=same, key="one", by=maker()).pk == first.pk
    assert LoanProposal.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("draw", {"amount_minor": 1}, "proposal_invalid"),
        ("cost", {"amount_minor": 0}, "proposal_invalid"),
        ("cost", {"amount_minor": 1, "colour": "red"}, "proposal_invalid"),
        ("cost", {"amount_minor": 1, "on": LATE + DAY}, "proposal_invalid"),
        ("cost", {"amount_minor": 1, "on": FUNDED - DAY}, "proposal_invalid"),
        ("restructure", {"due_dates": ["2026-06-15"]}, "proposal_invalid"),
        ("restructure", {"due_dates": NEW_DATES, "penalty_rate_ppm": 90_000}, "terms_invalid"),
        ("grade", {"tier": "normal"}, "grade_too_good"),
        ("grade", {"tier": "excellent"}, "proposal_invalid"),
        ("undo", {"of": "nothing"}, "proposal_invalid"),
    ],
)
def test_what_no_loan_can_take_is_refused_in_words(loan, kind, given, code):
    with pytest.raises(DomainError) as refusal:
        proposed(loan, kind, **given)
    assert refusal.value.code == code


def test_a_restructured_loan_is_planned_anew_and_observed(loan):
    decided(loan, "restructure", due_dates=NEW_DATES, product="equal_principal", rate_ppm=36_000)

    assert (loan.status, loan.matures_on) == ("restructured", date(2026, 9, 15))
    assert (balance(f"1303.02:{loan.pk}"), balance(f"1303.01:{loan.pk}")) == (0, LOAN)
    view = view_loan(loan)
    assert view.due.total_minor == 0
    assert [row.due_on.isoformat() for row in view.rows if not row.is_due] == NEW_DATES
    assert loan.tier == "special_mention"
    assert told("loan.restructured")[0]["details"]["due_dates"] == NEW_DATES
    assert view_loan(loan, on=MATURITY).rows[0].due_on == MATURITY
    assert_books_agree()

    go_to(date(2026, 7, 17))
    loan.refresh_from_db()
    assert loan.status == "overdue"
    owed = view_loan(loan).due.total_minor
    record_repayment(loan, moved=moved("repay", date(2026, 7, 17), owed), cause="repay")
    assert loan.status == "restructured"
    assert_books_agree()


def test_a_written_off_loan_uses_its_provision_and_what_comes_later_is_recovered(loan):
    day = MATURITY + 100 * DAY
    go_to(day)
    provided = balance(f"1304:{loan.pk}")
    # General 1 %, and 2 % for 关注 at the month end before.
    assert provided == 8_000_00 + 16_000_00
    decided(loan, "write_off")

    assert loan.status == "written_off"
    assert balance(f"1303.02:{loan.pk}") == balance(f"1304:{loan.pk}") == 0
    assert balance(f"9030:{loan.pk}") == LOAN
    assert balance("6702") == LOAN
    assert_books_agree()

    go_to(day + 3 * DAY)
    loan.refresh_from_db()
    owed = view_loan(loan).due
    charges = owed.interest_minor + owed.penalty_minor
    paid = moved("repay", day + 3 * DAY, charges + 100_000_00)
    before = balance("6011")
    record_repayment(loan, moved=paid, cause="repay")
    assert balance("6011") - before == charges
    assert balance(f"1304:{loan.pk}") == 100_000_00
    assert balance(f"9030:{loan.pk}") == LOAN - 100_000_00
    assert_books_agree()

    go_to(date(2026, 10, 1))
    assert balance(f"1304:{loan.pk}") == 0
    assert balance("6702") == LOAN - 100_000_00
    assert_books_agree()


def test_a_loan_written_off_too_early_comes_back_when_it_is_undone(loan):
    before = {code: balance(code) for code in ("6011", "6702", f"1303.02:{loan.pk}")}
    off = decided(loan, "write_off")
    assert balance(f"9031:{loan.pk}") == INTEREST + 725_00
    go_to(LATE + 20 * DAY)

    undone = decided(loan, "undo", on=LATE, of=off.action_key)

    assert loan.status == "overdue"
    assert balance(f"9030:{loan.pk}") == balance(f"9031:{loan.pk}") == 0
    assert balance(f"1303.02:{loan.pk}") == before[f"1303.02:{loan.pk}"]
    assert told("loan.decision_undone")[0]["details"]["of"] == off.action_key
    reversals = loan.postings.filter(reverses__isnull=False, key=off.action_key)
    assert reversals.count() == 1
    assert_books_agree()
    with pytest.raises(Conflict) as refusal:
        proposed(loan, "undo", on=LATE, of=off.action_key)
    assert refusal.value.code == "wrong_state"
    decided(loan, "undo", on=LATE, of=undone.action_key)
    assert loan.status == "written_off"
    assert_books_agree()


def test_a_cost_made_in_error_is_undone_after_it_was_paid(loan):
    cost = decided(loan, "cost", amount_minor=500_00)
    owed = view_loan(loan).settlement.total_minor
    record_repayment(loan, moved=moved("repay", LATE, owed), cause="repay")
    assert loan.status == "settled"

    decided(loan, "undo", on=LATE, of=cost.action_key)

    assert (loan.status, loan.overpaid_minor) == ("overpaid", 500_00)
    assert balance("2202") == 0
    assert_books_agree()


def test_a_day_before_the_loan_was_planned_anew_shows_the_plan_of_that_day(loan):
    decided(loan, "restructure", due_dates=NEW_DATES)

    (row,) = view_loan(loan, on=MATURITY - 20 * DAY).rows

    assert (row.due_on, row.principal_minor, row.interest_minor) == (MATURITY, LOAN, INTEREST)
