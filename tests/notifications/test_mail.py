"""Mail goes to who asked for it, once, and is tried again only when it surely did not leave."""

from datetime import timedelta

import pytest
from django.core import mail

from scf.core import clock
from scf.core.actor import SYSTEM
from scf.core.errors import NotFound
from scf.notifications.models import Delivery
from scf.notifications.services import deliver, mark_all_read, send_due, set_preferences
from scf.notifications.services.mail import MOST_ATTEMPTS, NO_ADDRESS, OUTDATED
from scf.parties.services import set_mail_address
from tests.factories.parties import somebody, user_of


@pytest.fixture
def wanted(told):
    """Zhou wants turns by mail; the application became Zhou's turn."""
    zhou = somebody("zhou")
    set_mail_address(user_of("zhou"), mail="zhou@yuanfan.example", by=SYSTEM)
    set_preferences(zhou.person_id, channel="mail", kinds=["turn"], by=zhou)
    told.hear()
    return Delivery.objects.get()


def test_nobody_gets_mail_who_did_not_ask(told):
    set_mail_address(user_of("zhou"), mail="zhou@yuanfan.example", by=SYSTEM)
    told.hear()
    assert not Delivery.objects.exists()


def test_a_mail_says_what_to_do_and_leads_to_it_and_leaves_once(wanted, settings):
    assert send_due() == 1
    assert send_due() == 0
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["zhou@yuanfan.example"], "轮到您：审查贸易背景")
    assert f"{settings.PUBLIC_URL}/inbox/{wanted.item_id}/" in letter.body
    assert "截止" in letter.body
    wanted.refresh_from_db()
    assert wanted.sent_at
    assert wanted.attempts == 1


def test_a_mail_is_in_the_readers_language(wanted):
    user = user_of("zhou")
    user.language = "en"
    user.save()
    send_due()
    assert mail.outbox[0].subject == "Your turn: Review the trade behind it"


def test_a_refused_mail_is_tried_again_later_and_ever_more_rarely(wanted, settings):
    settings.EMAIL_BACKEND = "tests.fakes.mail.Refusing"
    pauses = []
    for _attempt in range(3):
        assert not deliver(wanted.pk)
        wanted.refresh_from_db()
        pauses.append(round((wanted.next_try_at - clock.now()).total_seconds() / 60))
    assert pauses == [1, 2, 4]
    assert "try again later" in wanted.error
    assert send_due() == 0  # not before its time

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Delivery.objects.update(next_try_at=clock.now() - timedelta(seconds=1))
    assert send_due() == 1
    assert len(mail.outbox) == 1


def test_after_so_many_refusals_nobody_tries_again(wanted, settings):
    settings.EMAIL_BACKEND = "tests.fakes.mail.Refusing"
    for _attempt in range(MOST_ATTEMPTS + 2):
        deliver(wanted.pk)
    wanted.refresh_from_db()
    assert wanted.given_up_at
    assert wanted.attempts == MOST_ATTEMPTS


def test_a_mail_that_may_have_left_is_never_sent_again(wanted, settings):
    settings.EMAIL_BACKEND = "tests.fakes.mail.Dying"
    with pytest.raises(SystemExit):
        send_due()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_due() == 0
    assert mail.outbox == []
    wanted.refresh_from_db()
    assert wanted.claimed_at
    assert not wanted.sent_at


def test_what_was_read_meanwhile_or_has_no_address_is_not_sent(wanted):
    mark_all_read(by=somebody("zhou"))
    assert not deliver(wanted.pk)
    wanted.refresh_from_db()
    assert wanted.error == OUTDATED

    Delivery.objects.update(given_up_at=None)
    wanted.item.read_at = None
    wanted.item.save()
    set_mail_address(user_of("zhou"), mail="", by=SYSTEM)
    assert not deliver(wanted.pk)
    wanted.refresh_from_db()
    assert wanted.error == NO_ADDRESS
    assert mail.outbox == []


def test_a_choice_is_ones_own(told):
    with pytest.raises(NotFound):
        set_preferences(
            somebody("zhou").person_id, channel="mail", kinds=["turn"], by=somebody("yi")
        )
