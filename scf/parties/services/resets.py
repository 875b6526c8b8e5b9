"""A forgotten password: an address asks, a pump looks it up, a fact calls for the mail."""

from django.db import transaction

from scf.core.actor import SYSTEM
from scf.parties.models import ResetAsk, User
from scf.workflow import facts


@transaction.atomic
def ask_reset(mail: str) -> None:
    """Note that somebody who says to read this address wants a new password. Does the same whether
    a login has the address or not.
    """
    ResetAsk.objects.create(mail=mail.strip())


def answer_resets(*, limit: int = 100) -> int:
    """Look up the addresses that asked, oldest first; returns how many. Safe beside others."""
    ids = list(ResetAsk.objects.order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(_answer(pk) for pk in ids)


@transaction.atomic
def _answer(pk: int) -> bool:
    asked = ResetAsk.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if asked is None:
        return False
    for user in User.objects.filter(email__iexact=asked.mail, is_active=True):
        if user.person is not None:
            details = {"username": user.username, "user_id": user.pk}
            facts.record("person.reset_asked", user.person, by=SYSTEM, **details)
    asked.delete()
    return True
