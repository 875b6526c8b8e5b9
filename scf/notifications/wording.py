"""A message in the reader's language: what happened, what to do, by when, on which deal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM
from scf.core.clock import SHANGHAI
from scf.core.money import format_yuan
from scf.financing.models import Application
from scf.financing.selectors import list_applications
from scf.notifications.apart import APART, Apart
from scf.notifications.apart import values_of as apart_values
from scf.notifications.models import InboxItem, Kind
from scf.notifications.notices import NOTICES, TURN, Notice
from scf.workflow.models import Fact

BY_DAY = _("截止 %(day)s")
ARRIVED = gettext_noop("已到账")
KEPT = gettext_noop("付不进您的钱包，留在托管：钱包可收款后在交易页领取")
KEPT_FOR_PAYEE = gettext_noop("（对方钱包暂不能收款，留在托管待其领取）")
BY_TIME = _("截止 %(time)s（北京时间）")


@dataclass(frozen=True)
class Said:
    """A message as it is read."""

    item: InboxItem
    title: str
    todo: str
    by_when: str
    about: str
    on: date


def said_of(items: Sequence[InboxItem]) -> list[Said]:
    """These messages in the active language; two queries, whatever their number."""
    deals = {item.deal_id for item in items if item.deal_id}
    rows = list_applications(by=SYSTEM).filter(deal_id__in=deals)
    applications = {row.deal_id: row for row in rows}
    return [_said(item, applications) for item in items]


def values_of(item: InboxItem, application: Application) -> dict[str, object]:
    """What the words of a message may name."""
    details = item.fact.details
    return {
        "what": gettext(item.what) if item.what else "",
        "buyer": application.order.buyer.short_name,
        "amount": format_yuan(int(details.get("amount_minor") or 0)),
        "due_on": details.get("due_on", ""),
        "pay_by": details.get("upheld_to") or details.get("pay_by", ""),
        "days": abs(int(details.get("offset") or 0)),
        "fees": _fees(details.get("fees") or []),
        "penalty": _penalty(details),
        "arrival": gettext(KEPT if details.get("is_kept") else ARRIVED),
        "kept": gettext(KEPT_FOR_PAYEE) if details.get("is_kept") else "",
    }


def _fees(owed: Sequence[Mapping[str, Any]]) -> str:
    """The agreed fees among a sum, each by its name in the contract; nothing where there is none.

    A reminder of before they were named has none.
    """
    if not owed:
        return ""
    named = [f"{fee['fee']} {format_yuan(int(fee['amount_minor']))}" for fee in owed]
    return gettext("（其中费用：%(fees)s）") % {"fees": gettext("、").join(named)}


def _penalty(details: Mapping[str, Any]) -> str:
    """Principal and interest past due bear penalty, a fee alone does not."""
    bears = details.get("principal_minor") or details.get("interest_minor")
    return gettext("罚息按日增加") if bears else gettext("费用不计罚息")


def _said(item: InboxItem, applications: Mapping[UUID, Application]) -> Said:
    if item.deal_id is None:
        return _said_apart(item)
    application = applications[item.deal_id]
    values = values_of(item, application)
    notice = _notice_of(item)
    return Said(
        item=item,
        title=str(notice.title) % values,
        todo=str(notice.todo) % values,
        by_when=_by_when(item),
        about=_about(item, application),
        on=item.fact.business_date,
    )


def _said_apart(item: InboxItem) -> Said:
    told = APART.get(item.fact.name, Apart(Kind(item.kind), Kind(item.kind).label))
    values = apart_values(item.fact)
    return Said(
        item=item,
        title=str(told.title) % values,
        todo=str(told.todo) % values,
        by_when="",
        about=item.fact.details.get("username") or _who(item.fact),
        on=item.fact.business_date,
    )


def _who(fact: Fact) -> str:
    """Who did it, where it was a person."""
    return fact.actor_name if fact.person_id else ""


def _about(item: InboxItem, application: Application) -> str:
    """Which deal it is, and which line of it where the fact is about one."""
    order, number = application.order, item.fact.details.get("line_number")
    deal = f"{application.number} · {order.seller.short_name} → {order.buyer.short_name}"
    return f"{deal} · {gettext('第 %(line)s 行') % {'line': number}}" if number else deal


def _notice_of(item: InboxItem) -> Notice:
    """The row of the table that called for the message; its kind where the row is no more."""
    fallback = Notice(item.side, frozenset(), Kind(item.kind), Kind(item.kind).label)
    if item.kind == Kind.TURN:
        return Notice("", frozenset(), Kind.TURN, TURN)
    rows = NOTICES.get(item.fact.name, ())
    mine = (row for row in rows if (row.side, row.kind) == (item.side, item.kind))
    return next(mine, fallback)


def _by_when(item: InboxItem) -> str:
    if item.due_at:
        return str(BY_TIME) % {"time": f"{item.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"}
    due_on = item.fact.details.get("due_on")
    is_ahead = due_on and item.kind == Kind.REPAYMENT
    return str(BY_DAY) % {"day": due_on} if is_ahead else ""
