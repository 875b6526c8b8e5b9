"""What happened on a deal and what is on its way, each with its transaction and confirmations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scf.chain.selectors import words_of
from scf.chain.services import OVERTAKEN
from scf.core import clock
from scf.core.actor import Actor
from scf.core.money import format_yuan
from scf.financing.access import may_read_words
from scf.financing.models import Application
from scf.financing.selectors.under_way import UnderWay, list_under_way, tx_depths
from scf.parties.selectors import get_organization
from scf.payments.models import Payment
from scf.portals.deal.access import sees_money, side_of
from scf.portals.deal.words import (
    ACTS,
    CAUSES,
    CLAIMS,
    FACTS,
    QUIET,
    REASONS,
    REPAID,
    Words,
)
from scf.workflow.models import Fact
from scf.workflow.selectors import timeline

SAID = ("opinion", "note", "reason", "decision")


@dataclass(frozen=True)
class Happened:
    """One fact in words; with a transaction, the block's depth.

    ``bank_day`` is the open bank day it belongs to, None where that is the day on the clock.
    """

    anchor: str
    at: datetime
    bank_day: date | None
    title: Words
    tone: str
    who: str
    texts: Sequence[Words]
    amount_minor: int | None
    tx_hash: str
    tx_url: str
    confirmations: int | None


@dataclass(frozen=True)
class Coming:
    """One act on its way: what, for how much, and what it waits for."""

    what: Words
    amount_minor: int | None
    waits_for: Words
    tx_hash: str
    tx_url: str
    confirmations: int | None
    is_blocked: bool


def history_of(
    application: Application, payment: Payment | None, *, by: Actor
) -> tuple[list[Happened], int]:
    """Every fact the reader may see, newest first, and the id of the last one."""
    facts = timeline(application.deal_id, by=by)
    depths = tx_depths(fact.details.get("tx_hash") or "" for fact in facts)
    numbers = _line_numbers(application, payment)
    names = _names({fact.organization_id for fact in facts if fact.organization_id})
    side = side_of(application, by)
    shown = [
        _row(fact, depths, numbers, names, side, shows_money=sees_money(by))
        for fact in reversed(facts)
        if not fact.name.startswith(QUIET) and (sees_money(by) or _is_about_goods(fact))
    ]
    return shown, facts[-1].pk if facts else 0


def coming_of(application: Application, *, by: Actor) -> list[Coming]:
    """What is on its way to the chain, oldest first; nothing for who sees no money."""
    if not sees_money(by):
        return []
    under_way = list_under_way(application, by=by)
    names = _names({party for each in under_way for party in each.missing})
    return [_coming(each, names) for each in under_way]


def _line_numbers(application: Application, payment: Payment | None) -> dict[str, int]:
    """The line's number by the id of the order line and of the escrow's line."""
    rows = application.lines.select_related("order_line")
    numbers = {str(row.order_line_id): row.order_line.line_number for row in rows}
    held = payment.lines.all() if payment else []
    return numbers | {str(line.pk): numbers[str(line.order_line_id)] for line in held}


def _names(ids: set[UUID]) -> dict[UUID, str]:
    return {each: get_organization(each).short_name for each in ids}


def _is_about_goods(fact: Fact) -> bool:
    return fact.name.startswith(("order_line.", "delivery.", "application.evidence_"))


def _row(
    fact: Fact,
    depths: Mapping[str, int],
    numbers: Mapping[str, int],
    names: Mapping[UUID, str],
    side: str,
    *,
    shows_money: bool,
) -> Happened:
    title, tone = _title(fact)
    tx_hash = fact.details.get("tx_hash") or ""
    return Happened(
        anchor=f"f{fact.pk}",
        at=fact.recorded_at,
        bank_day=_bank_day(fact),
        title=title,
        tone=tone,
        who=_who(fact, names),
        texts=[*_line_words(fact, numbers), *_said(fact, side), *_split(fact, side)],
        amount_minor=_amount(fact) if shows_money else None,
        tx_hash=tx_hash,
        tx_url=reverse("transaction", args=[tx_hash]) if tx_hash else "",
        confirmations=depths.get(tx_hash) if tx_hash else None,
    )


def _bank_day(fact: Fact) -> date | None:
    is_same = fact.business_date == clock.shanghai_date(fact.recorded_at)
    return None if is_same else fact.business_date


def _title(fact: Fact) -> tuple[Words, str]:
    if fact.name == "loan.repaid":
        return REPAID.get(str(fact.details.get("cause")), FACTS[fact.name][0]), "green"
    if fact.details.get("is_kept"):
        return _("收款人的钱包暂不能收款：留在托管待领取"), "orange"
    kind = str(fact.details.get("act_kind", ""))
    if fact.name == "act.failed" and fact.details.get("reason") == OVERTAKEN and kind in ACTS:
        return _("%(what)s：已有先发生的事项，不再需要") % {"what": ACTS[kind]}, "grey"
    if fact.name in ("wallet.moved", "wallet.minted", "act.failed") and kind in ACTS:
        return CAUSES[fact.name] % {"what": ACTS[kind]}, FACTS[fact.name][1]
    return FACTS.get(fact.name, (fact.name, "grey"))


def _who(fact: Fact, names: Mapping[UUID, str]) -> str:
    if fact.person_id is None:
        return ""
    at = names.get(fact.organization_id, "") if fact.organization_id else ""
    return f"{at} {fact.actor_name}".strip()


def _amount(fact: Fact) -> int | None:
    details = fact.details
    amount = details.get("amount_minor", details.get("held_minor", details.get("payee_gets_minor")))
    return amount if isinstance(amount, int) and amount > 0 else None


def _line_words(fact: Fact, numbers: Mapping[str, int]) -> list[Words]:
    named = str(fact.details.get("line") or fact.details.get("line_id") or fact.subject_id)
    return [_("第 %(line)s 行") % {"line": numbers[named]}] if named in numbers else []


def _said(fact: Fact, side: str) -> list[Words]:
    if not may_read_words(fact.name, sides={side}):
        return []
    if fact.name == "act.failed":
        return _why_failed(str(fact.details.get("reason", "")))
    codes = [REASONS.get(code, code) for code in fact.details.get("codes", [])]
    return [*codes, *(str(fact.details[name]) for name in SAID if fact.details.get(name))]


def _why_failed(code: str) -> list[Words]:
    """Why in words, never the code; of what was overtaken the title says it already."""
    return [str(words_of(code))] if code and code != OVERTAKEN else []


def _split(fact: Fact, side: str) -> list[Words]:
    if fact.name != "loan.repaid" or side == "seller":
        return []
    return [
        words % {"amount": format_yuan(minor)}
        for name, words in CLAIMS.items()
        if isinstance(minor := fact.details.get(name), int) and minor > 0
    ]


def _coming(each: UnderWay, names: Mapping[UUID, str]) -> Coming:
    what, is_money = ACTS.get(each.kind, each.kind), each.kind != "mandate"
    return Coming(
        what=what,
        amount_minor=each.amount_minor if is_money and each.amount_minor else None,
        waits_for=_waits_for(each, names),
        tx_hash=each.tx_hash,
        tx_url=reverse("transaction", args=[each.tx_hash]) if each.tx_hash else "",
        confirmations=each.confirmations,
        is_blocked=each.is_blocked,
    )


def _waits_for(each: UnderWay, names: Mapping[UUID, str]) -> Words:
    if each.missing:
        who = str(_("、")).join(names[party] for party in each.missing)
        return _("等待 %(who)s 签名") % {"who": who}
    if each.is_blocked:
        return _("受阻：在异常处理队列等人处理，款项未动")
    if not each.tx_hash:
        return _("签名已齐，等待上链")
    return _("已上链，等待确认") if each.confirmations is not None else _("已发送，等待打包")
