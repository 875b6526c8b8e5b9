"""The bank's arrears and collection pages."""

from scf.loans.collections.services import NoteIn, add_collection_note
from scf.loans.models import CollectionNote
from tests.factories.parties import somebody
from tests.portals.rooms import browser_of, text_of

TYPED = {"channel": "phone", "contact": "晏知远", "outcome": "not_reached"}


def test_the_arrears_list_says_what_is_overdue_by_part_and_bucket(overdue):
    shen = browser_of("shen")
    page = text_of(shen.get("/loans/arrears/"))
    for shown in (
        "4–30 天",
        "360 天以上",
        "236,209.38",
        "235,995.51",
        "213.87",
        "还没有联系",
    ):
        assert shown in page, shown
    assert 'width="1000"' in page
    assert overdue.number in text_of(shen.get("/loans/arrears/?bucket=4-30"))
    assert overdue.number not in text_of(shen.get("/loans/arrears/?bucket=1-3"))


def test_without_arrears_the_page_says_so(loan):
    assert "没有逾期贷款" in text_of(browser_of("shen").get("/loans/arrears/"))


def test_a_collector_notes_a_promise_and_the_arrears_show_it(overdue):
    task = overdue.collection_tasks.get()
    zhou = browser_of("zhou")
    assert f"/loans/collections/{task.pk}/" in text_of(zhou.get("/b/"))
    given = {**TYPED, "outcome": "promised", "promised_on": "2026-06-20", "promised": "50,000"}
    answer = zhou.post(f"/loans/collections/{task.pk}/note", given)
    assert answer.headers["Location"] == f"/loans/collections/{task.pk}/"

    page = text_of(zhou.get(f"/loans/collections/{task.pk}/"))
    for shown in ("承诺还款", "50,000.00", "等待兑现", "2026-06-21 前跟进"):
        assert shown in page, shown
    assert "50,000.00" in text_of(zhou.get("/loans/arrears/"))
    assert "等待兑现" in text_of(zhou.get(f"/loans/{overdue.pk}/"))
    assert overdue.number in text_of(zhou.get("/loans/collections/?mine=on"))
    assert overdue.number not in text_of(browser_of("chen").get("/loans/collections/?mine=on"))


def test_what_is_wrong_with_a_note_is_said_and_what_was_typed_stays(overdue):
    task = overdue.collection_tasks.get()
    answer = browser_of("zhou").post(
        f"/loans/collections/{task.pk}/note", {**TYPED, "outcome": "promised", "text": "下周再谈"}
    )
    assert answer.status_code == 400
    assert "承诺还款须写明日期和金额" in text_of(answer)
    assert "下周再谈" in text_of(answer)
    assert not CollectionNote.objects.exists()


def test_a_task_is_given_closed_and_taken_up_again(overdue):
    task = overdue.collection_tasks.get()
    zhou, chen = browser_of("zhou"), somebody("chen")
    zhou.post(f"/loans/collections/{task.pk}/assign", {"person": str(chen.person_id)})
    assert chen.name in text_of(zhou.get(f"/loans/collections/{task.pk}/"))
    zhou.post(f"/loans/collections/{task.pk}/close", {"reason": "移交律师"})
    assert "移交律师" in text_of(zhou.get(f"/loans/collections/{task.pk}/"))
    assert "重新开始催收" in text_of(zhou.get(f"/loans/{overdue.pk}/"))
    zhou.post(f"/loans/{overdue.pk}/collect")
    assert overdue.collection_tasks.count() == 2


def test_who_may_not_collect_reads_and_nobody_outside_the_bank_does(overdue):
    task = overdue.collection_tasks.get()
    note = NoteIn(channel="visit", contact="晏知远", outcome="informed", text="只给银行看")
    add_collection_note(task.pk, note=note, by=somebody("zhou"))
    page = text_of(browser_of("shen").get(f"/loans/collections/{task.pk}/"))
    assert "只给银行看" in page
    assert "记一次催收" not in page
    assert browser_of("shen").post(f"/loans/collections/{task.pk}/note", TYPED).status_code == 403
    assert "只给银行看" not in text_of(browser_of("ma").get(f"/loans/{overdue.pk}/"))
    for address in ("arrears/", "collections/", f"collections/{task.pk}/"):
        assert browser_of("ma").get(f"/loans/{address}").status_code == 404
        assert browser_of("wei").get(f"/loans/{address}").status_code == 404
    assert browser_of("sly").get(f"/loans/collections/{task.pk}/").status_code == 404
