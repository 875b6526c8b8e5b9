"""Mail: queued with the message, sent afterwards, each at most once.

The claim is committed before a mail leaves. A process that dies between the two leaves a row of
which nobody knows whether it left; it stays so, because the inbox holds the message anyway and the
same mail twice is worse than none. A mail the server refused is tried again, ever more rarely.
"""

from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.db import transaction
from django.utils import translation

from scf.core import clock
from scf.notifications.apart import MAIL_CHANGED, RESET_ASKED
from scf.notifications.channels import CHANNELS, Letter
from scf.notifications.models import Channel, Delivery, InboxItem, Kind, Preference
from scf.notifications.wording import Said, said_of
from scf.parties.reset_links import reset_link
from scf.parties.selectors import Address, addresses_of, find_login

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 10
OUTDATED = "read or over before it was sent"
NO_ADDRESS = "no address"


def queue_mail(items: Sequence[InboxItem]) -> int:
    """Note a mail for each of these messages whose person wants its kind by mail, and for what
    concerns their login in any case, once a fact; returns how many. Runs in the transaction that
    writes the messages.
    """
    people = {item.person_id for item in items}
    chosen = Preference.objects.filter(person__in=people, channel=Channel.MAIL, is_on=True)
    wanted = set(chosen.values_list("person_id", "kind"))
    wanted |= {(person_id, Kind.ACCOUNT.value) for person_id in addresses_of(people)}
    once = {
        (item.person_id, item.fact_id, item.kind == Kind.ACCOUNT or item.organization_id): item
        for item in items
        if (item.person_id, item.kind) in wanted and item.over_at is None and _goes_out(item)
    }
    now = clock.now()
    made = [
        Delivery(item=item, channel=Channel.MAIL, next_try_at=now)
        for item in once.values()
        if settings.MAIL_IS_ON
    ]
    return len(Delivery.objects.bulk_create(made))


def _goes_out(item: InboxItem) -> bool:
    """A change of the address goes to the one before, where there was one."""
    return item.fact.name != MAIL_CHANGED or bool(item.fact.details["mail_before"])


def send_due(*, limit: int = 50) -> int:
    """Send what is due, the longest waiting first; returns how many left. Safe beside others."""
    waiting = Delivery.objects.filter(
        claimed_at__isnull=True,
        sent_at__isnull=True,
        given_up_at__isnull=True,
        next_try_at__lte=clock.now(),
    )
    ids = list(waiting.order_by("next_try_at").values_list("pk", flat=True)[:limit])
    return sum(deliver(delivery_id) for delivery_id in ids)


def deliver(delivery_id: int) -> bool:
    """Send one delivery if it still waits; True when the channel took it."""
    delivery = _claim(delivery_id)
    if delivery is None:
        return False
    address = _address_of(delivery.item)
    if address is None:
        _give_up(delivery, NO_ADDRESS)
        return False
    try:
        CHANNELS[Channel(delivery.channel)](_letter(delivery, address))
    except (SMTPException, OSError) as refused:
        _put_off(delivery, str(refused) or type(refused).__name__)
        return False
    Delivery.objects.filter(pk=delivery.pk).update(sent_at=clock.now(), error="")
    return True


@transaction.atomic
def _claim(delivery_id: int) -> Delivery | None:
    """Take it before it leaves; None when another has it, or nobody needs it any more."""
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
    delivery = rows.select_related("item__fact").filter(pk=delivery_id).first()
    if delivery is None or delivery.claimed_at or delivery.sent_at or delivery.given_up_at:
        return None
    if delivery.item.read_at or delivery.item.over_at:
        _give_up(delivery, OUTDATED)
        return None
    delivery.claimed_at = clock.now()
    delivery.attempts += 1
    delivery.save(update_fields=["claimed_at", "attempts"])
    return delivery


def _letter(delivery: Delivery, address: Address) -> Letter:
    with translation.override(address.language):
        said = said_of([delivery.item])[0]
        return Letter(
            # The same for every attempt: what an odd server took twice, a reader shows once.
            message_id=f"<{delivery.pk}.{delivery.item_id}@scf>",
            to=address.mail,
            subject=said.title,
            text=_text(said, delivery.item),
        )


def _address_of(item: InboxItem) -> Address | None:
    """Where it goes: a new password to the address of the very login it is for, a change of the
    address to the one before.
    """
    if item.fact.name == MAIL_CHANGED:
        known = addresses_of([item.person_id]).get(item.person_id)
        before = item.fact.details["mail_before"]
        return Address(before, known.language if known else "zh-hans")
    if item.fact.name != RESET_ASKED:
        return addresses_of([item.person_id]).get(item.person_id)
    user = find_login(item.fact.details["user_id"])
    return Address(user.email, user.language) if user and user.email else None


def _text(said: Said, item: InboxItem) -> str:
    lines = [said.title, said.todo, said.by_when, said.about]
    address = f"{settings.PUBLIC_URL}/inbox/{item.pk}/"
    if item.fact.name == RESET_ASKED and (user := find_login(item.fact.details["user_id"])):
        address = reset_link(user)
    return "\n".join([*(line for line in lines if line), "", address, ""])


def _put_off(delivery: Delivery, error: str) -> None:
    """The channel refused it, so it did not leave: it may be claimed again, later."""
    if delivery.attempts >= MOST_ATTEMPTS:
        _give_up(delivery, error)
        return
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (delivery.attempts - 1))
    Delivery.objects.filter(pk=delivery.pk).update(
        claimed_at=None, next_try_at=clock.now() + pause, error=error[:300]
    )


def _give_up(delivery: Delivery, error: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(given_up_at=clock.now(), error=error[:300])
