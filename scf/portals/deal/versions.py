"""What changed between the version the bank gave back and the one before it now, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM
from scf.core.money import format_yuan
from scf.financing.access import get_application
from scf.financing.checks import WORDS as CHECKS
from scf.financing.models import Application
from scf.financing.selectors import list_checks
from scf.portals.deal.words import REASONS, Words
from scf.portals.models import ReturnedVersion
from scf.workflow.models import Fact

AMOUNTS: dict[str, Words] = {
    "total_minor": _("订单金额（元）"),
    "own_funds_minor": _("首付款（元）"),
    "loan_minor": _("贷款（元）"),
    "deposit_minor": _("保证金（元，质押，不抵本金）"),
    "interest_minor": _("按期利息（元）"),
    "fees_minor": _("费用（元）"),
    "per_idle_day_minor": _("每闲置一天利息（元）"),
}
TEXTS: dict[str, Words] = {
    "purpose": _("用途"),
    "funding_planned_on": _("计划放款日"),
    "matures_on": _("到期日"),
    "expires_on": _("托管到期"),
    "annual_rate_simple": _("年化利率（单利）"),
    "programme_version": _("项目条款版本"),
    "lines": _("订单行"),
}
QUOTED = ("interest_minor", "fees_minor", "per_idle_day_minor", "annual_rate_simple")
KEPT = (
    "total_minor", "own_funds_minor", "loan_minor", "deposit_minor", "purpose",
    "funding_planned_on", "matures_on", "expires_on", "programme_version",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One field that is not what it was; texts as people read them."""

    label: Words
    before: Words
    after: Words


@dataclass(frozen=True)
class SinceReturn:
    """Why it was given back, and every field that changed since."""

    version: ReturnedVersion
    reasons: list[Words]
    changes: list[Change]


def keep_returned_version(fact: Fact) -> None:
    """Keep what the bank had before it when it returned an application; once a round."""
    application = get_application(fact.subject_id, by=SYSTEM)
    application.returned_versions.get_or_create(
        round=application.rounds,
        defaults={
            "content": shown_content(application),
            "codes": fact.details["codes"],
            "note": fact.details["note"],
            "returned_at": fact.recorded_at,
        },
    )


def since_return(application: Application) -> SinceReturn | None:
    """What changed since the bank last gave it back; None when it never did, or has not got it
    back yet.
    """
    version: ReturnedVersion | None = application.returned_versions.last()
    if version is None or version.round >= application.rounds:
        return None
    reasons = [REASONS.get(code, code) for code in version.codes]
    return SinceReturn(version, reasons, _changes(version.content, shown_content(application)))


def shown_content(application: Application) -> dict[str, Any]:
    """What the review screen shows of an application that a new round can change."""
    return {
        **{name: _plain(getattr(application, name)) for name in KEPT},
        **{name: application.quote.get(name) for name in QUOTED},
        "lines": "、".join(
            str(number)
            for number in application.lines.order_by("order_line__line_number").values_list(
                "order_line__line_number", flat=True
            )
        ),
        "papers": {paper["title"]: paper["hash"] for paper in application.papers.values()},
        "attachments": {each["name"]: each["sha256"] for each in application.attachments},
        "checks": {
            check.code: check.is_passed
            for check in list_checks(application.pk, stage="submit", by=SYSTEM)
        },
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str) else value.isoformat()


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    return [
        *_fields(before, after, AMOUNTS),
        *_fields(before, after, TEXTS),
        *_papers(before["papers"], after["papers"]),
        *_papers(before.get("attachments", {}), after["attachments"]),
        *_checks(before["checks"], after["checks"]),
    ]


def _fields(
    before: Mapping[str, Any], after: Mapping[str, Any], named: Mapping[str, Words]
) -> list[Change]:
    return [
        Change(label, _text(name, before.get(name)), _text(name, after.get(name)))
        for name, label in named.items()
        # What was kept before an amount was asked for lacks it: there was none.
        if (before.get(name) or 0) != (after.get(name) or 0)
    ]


def _text(name: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    return format_yuan(value) if name in AMOUNTS else str(value)


def _papers(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    return [
        Change(gettext(title), _hash(before.get(title)), _hash(after[title]))
        for title in after
        if before.get(title) != after[title]
    ]


def _hash(given: str | None) -> str:
    return f"SHA-256 {given[:12]}" if given else "–"


def _checks(before: Mapping[str, bool], after: Mapping[str, bool]) -> list[Change]:
    words: dict[bool | None, Words] = {True: _("通过"), False: _("未通过"), None: "–"}
    return [
        Change(CHECKS[code], words[before.get(code)], words[after[code]])
        for code in after
        if before.get(code) != after[code]
    ]
