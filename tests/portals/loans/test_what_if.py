"""What a restructure would mean, proposed by one person and put in force by another."""

from scf.loans.models import LoanProposal
from scf.loans.selectors import view_loan
from tests.portals.rooms import browser_of, text_of

ASKED = {
    "dates": "2026-07-15\n2026-08-15",
    "product": "bullet",
    "rate": "4.00",
    "penalty_rate": "5.60",
    "is_relief": "on",
}


def test_both_plans_stand_side_by_side_and_nothing_moves(overdue):
    chen = browser_of("chen")
    assert "重组试算" in text_of(chen.get(f"/loans/{overdue.pk}/"))
    page = text_of(chen.get(f"/loans/{overdue.pk}/what-if", ASKED))
    for shown in ("现在的计划", "重组后的计划", "236,209.38", "2026-08-15", "4.00 %"):
        assert shown in page, shown
    assert "提出重组" in page
    assert not LoanProposal.objects.exists()
    assert "提出重组" not in text_of(browser_of("shen").get(f"/loans/{overdue.pk}/what-if", ASKED))


def test_a_number_of_months_makes_the_dates(overdue):
    asked = {**ASKED, "dates": "", "last_on": "2026-09-30", "rows": "3"}
    page = text_of(browser_of("chen").get(f"/loans/{overdue.pk}/what-if", asked))
    for day in ("2026-07-30", "2026-08-30", "2026-09-30"):
        assert day in page, day


def test_what_makes_no_sense_is_said(overdue):
    chen = browser_of("chen")
    for dates in ("2026-06-01", "tomorrow", ""):
        answer = chen.get(f"/loans/{overdue.pk}/what-if", {**ASKED, "dates": dates})
        assert answer.status_code == 400, dates
        assert 'id="id_dates_error"' in text_of(answer), dates


def test_one_proposes_and_another_puts_in_force_what_was_shown(overdue):
    chen, yi = browser_of("chen"), browser_of("yi")
    given = {**ASKED, "key": "once", "reason": "借款人遇水灾"}
    answer = chen.post(f"/loans/{overdue.pk}/what-if", given)
    assert answer.headers["Location"] == f"/loans/{overdue.pk}/"
    assert "须由提出人以外的审批人复核" in text_of(chen.get(f"/loans/{overdue.pk}/"))

    page = text_of(yi.get(f"/loans/{overdue.pk}/"))
    assert "借款人遇水灾" in page
    proposal = LoanProposal.objects.get()
    assert proposal.content_hash in page
    yi.post(f"/loans/{overdue.pk}/proposals/{proposal.pk}/approve", {"seen": proposal.content_hash})
    overdue.refresh_from_db()
    assert [row.due_on.isoformat() for row in view_loan(overdue).rows][-1] == "2026-08-15"
    assert "已重组" in text_of(browser_of("ma").get(f"/loans/{overdue.pk}/"))
    assert not overdue.collection_tasks.filter(status="open").exists()


def test_a_refused_proposal_changes_nothing(overdue):
    browser_of("chen").post(
        f"/loans/{overdue.pk}/what-if", {**ASKED, "key": "once", "reason": "展期"}
    )
    proposal = LoanProposal.objects.get()
    address = f"/loans/{overdue.pk}/proposals/{proposal.pk}/refuse"
    browser_of("yi").post(address, {"reason": "材料不足"})
    proposal.refresh_from_db()
    assert proposal.status == "refused"
    assert view_loan(overdue).rows[-1].due_on == overdue.matures_on


def test_nobody_outside_the_bank_tries_it(overdue):
    for key in ("ma", "sly", "wei"):
        assert browser_of(key).get(f"/loans/{overdue.pk}/what-if", ASKED).status_code == 404
