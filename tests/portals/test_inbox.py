"""The bell, the list of messages, and what also comes by mail, as pages."""

import re
from datetime import timedelta

import pytest

from scf.notifications.models import InboxItem, Kind
from scf.notifications.services import tell
from scf.workflow.models import Fact
from tests.factories.parties import user_of
from tests.loans.deal import MATURITY
from tests.notifications.conftest import Told, morning, opened_loan_of, submitted
from tests.portals.rooms import browser_of, text_of

BELL = re.compile(r'class="bell-count">(\d+)<')


@pytest.fixture
def told(db: None) -> Told:
    """The application is Zhou's turn, and was told so."""
    application = submitted()
    tell(list(Fact.objects.order_by("pk")))
    return Told(application)


def bell_of(page: str) -> str:
    found = BELL.search(page)
    return found[1] if found else ""


def test_the_bell_counts_what_waits_on_every_page(told):
    zhou = browser_of("zhou")
    assert bell_of(text_of(zhou.get("/b/"))) == "1"
    assert bell_of(text_of(zhou.get("/inbox/bell"))) == "1"
    assert bell_of(text_of(browser_of("yi").get("/b/"))) == ""


def test_a_message_leads_to_its_deal_and_is_read_then(told):
    zhou = browser_of("zhou")
    page = text_of(zhou.get("/inbox/?unread=1"))
    assert "轮到您：审查贸易背景" in page
    assert told.application.number in page
    link = re.search(r"/inbox/[0-9a-f-]{36}/", page)[0]

    answer = zhou.get(link)

    assert answer.headers["Location"] == f"/deals/{told.application.deal_id}/"
    assert bell_of(text_of(zhou.get("/b/"))) == ""
    assert "没有未读消息" in text_of(zhou.get("/inbox/?unread=1"))
    assert "轮到您：审查贸易背景" in text_of(zhou.get("/inbox/"))


def test_a_message_about_a_loan_leads_to_the_loan(told):
    loan = opened_loan_of(told.application)
    morning(MATURITY + timedelta(days=1))
    tell(list(Fact.objects.filter(name="loan.past_due")))
    for key in ("chen", "ma"):
        item = InboxItem.objects.get(kind="overdue", person=user_of(key).person)
        answer = browser_of(key).get(f"/inbox/{item.pk}/")
        assert answer.headers["Location"] == f"/loans/{loan.pk}/"


def test_one_is_marked_read_and_the_list_comes_again_as_it_was(told):
    zhou = browser_of("zhou")
    item = InboxItem.objects.get()
    answer = zhou.post(f"/inbox/{item.pk}/read", {"kind": "turn", "unread": "1"})
    assert answer.headers["Location"] == "/inbox/?kind=turn&unread=1"
    item.refresh_from_db()
    assert item.read_at


def test_all_are_marked_read_at_once(told):
    zhou = browser_of("zhou")
    answer = zhou.post("/inbox/read", {"kind": ""}, follow=True)
    assert "已将 1 条消息标为已读" in text_of(answer)
    assert bell_of(text_of(answer)) == ""


def test_another_persons_message_is_not_there(told):
    item = InboxItem.objects.get()
    for key in ("yi", "sly", "ma"):
        assert browser_of(key).get(f"/inbox/{item.pk}/").status_code == 404
        assert browser_of(key).post(f"/inbox/{item.pk}/read").status_code == 404
    item.refresh_from_db()
    assert item.read_at is None


def test_a_kind_that_is_none_is_refused_and_filters_keep_their_counts(told):
    zhou = browser_of("zhou")
    assert zhou.get("/inbox/?kind=nothing").status_code == 400
    page = text_of(zhou.get("/inbox/?kind=overdue"))
    assert "还没有消息" in page
    assert str(Kind.TURN.label) in page


def test_what_comes_by_mail_is_kept_and_needs_an_address(told):
    zhou = browser_of("zhou")
    refused = zhou.post("/inbox/preferences/", {"mail": "", "kinds": ["turn"]})
    assert refused.status_code == 400
    assert "请填写邮箱，或不选邮件" in text_of(refused)

    given = {"mail": "zhou@yuanfan.example", "kinds": ["turn", "overdue"]}
    zhou.post("/inbox/preferences/", given)

    page = text_of(zhou.get("/inbox/preferences/"))
    ticked = re.findall(r'value="(\w+)" id="\w+" checked', page)
    assert sorted(ticked) == ["overdue", "turn"]
    assert user_of("zhou").email == "zhou@yuanfan.example"


def test_without_a_mail_server_nobody_is_offered_mail(told, settings):
    settings.MAIL_IS_ON = False
    assert "没有设置邮件服务器" in text_of(browser_of("zhou").get("/inbox/preferences/"))


def test_the_messages_are_in_english_too(told):
    user = user_of("zhou")
    user.language = "en"
    user.save()
    page = text_of(browser_of("zhou").get("/inbox/"))
    assert "Your turn: Review the trade behind it" in page


def test_without_a_login_there_is_no_inbox(client):
    for method, url in (("get", "/inbox/"), ("post", "/inbox/read"),
                        ("get", "/inbox/preferences/")):  # fmt: skip
        assert getattr(client, method)(url).headers["Location"].startswith("/accounts/login/")
