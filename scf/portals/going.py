"""The deals that go on, on the home page: where each stands, whom it waits for and until when."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from scf.core import clock
from scf.core.actor import Actor
from scf.core.money import format_yuan
from scf.financing.selectors import EscrowSums, Turn, is_mine, turns_of
from scf.financing.selectors.money import list_going
from scf.parties.permissions import Permission
from scf.portals import parts
from scf.portals.deal.standing import chips_of
from scf.portals.names import short_names
from scf.portals.parts import Waiting, Words


def things_to_do(many: int) -> Words:
    """How many things wait for the reader, in a sentence; none is said in words, not as a zero."""
    if not many:
        return _("现在没有等您处理的事。")
    return ngettext("%(many)s 件等您处理。", "%(many)s 件等您处理。", many) % {"many": many}


def kept_first(selling: EscrowSums, sentence: Words) -> Words:
    """Before anything else, what the reader has sold and could not receive the money of."""
    if selling.claimable_minor <= 0:
        return sentence
    kept = _("%(yuan)s 元付不进您的钱包，留在托管待领取；") % {
        "yuan": format_yuan(selling.claimable_minor)
    }
    return f"{kept}{sentence}"


def going_for(by: Actor) -> list[Waiting]:
    """The newest deals on their way, those that wait for others: the reader's own stand above."""
    if not by.can(Permission.APPLICATION_VIEW):
        return []
    found = list_going(by=by)
    turns, chips = turns_of(found), chips_of(found, by=by)
    names = short_names({turn.party_id for turn in turns.values() if turn.party_id}, by=by)
    return [
        Waiting(
            title=f"{each.number} · {each.order.number}",
            url=reverse("deal", args=[each.deal_id]),
            text=f"{each.order.seller.short_name} → {each.order.buyer.short_name}",
            amount_minor=each.total_minor,
            turn=_turn(turns[each.pk], names),
            chip=chips[each.pk],
        )
        for each in found
        if not is_mine(turns[each.pk], by=by)
    ]


def _turn(turn: Turn, names: dict[Any, str]) -> parts.Turn | None:
    if not turn.what:
        return None
    who = names.get(turn.party_id, "") if turn.party_id else ""
    late = turn.due_at is not None and turn.due_at < clock.now()
    return parts.Turn(who or _("系统"), turn.what, turn.due_at, is_late=late)
