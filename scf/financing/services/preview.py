"""What an application would cost and say, before anybody submits it: nothing of it stays."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden
from scf.core.ids import new_id
from scf.credit import selectors as credit
from scf.credit import services as limits
from scf.credit.inputs import ApplicationTerms
from scf.financing.access import get_application, require_party, require_permission
from scf.financing.drafts import draft_application, require_right_parties
from scf.financing.inputs import ApplicationIn, CorrectionIn
from scf.financing.machine import MACHINE
from scf.financing.models import Application, ApplicationLine
from scf.financing.offers import make_quote
from scf.financing.papers import drawdown_papers
from scf.financing.services.resubmit import change_figures
from scf.parties.permissions import Permission
from scf.trade import selectors as trade
from scf.trade.models import OrderLine
from scf.workflow.deals import open_deal

SHOWN = (
    "total_minor", "own_funds_minor", "loan_minor", "deposit_minor", "quote", "papers", "terms",
)  # fmt: skip
DATES = ("funding_planned_on", "matures_on", "expires_on")


@transaction.atomic
def preview_application(given: ApplicationIn, *, by: Actor) -> dict[str, Any]:
    """The figures, the quote and the papers ``submit_application`` would keep, with no row kept.

    The same functions make it, behind a savepoint that is always taken back: no order line is
    locked, no limit blocked, no fact recorded, so it may be asked at every change of a figure.
    Amounts are fen. ``available_minor`` is what the limits still allow today, ``is_within_limit``
    whether the loan fits. The papers carry no number and no hash: both come with the submit.
    Raises Forbidden, NotFound, Conflict(line_locked) and RuleBroken as ``submit_application``.
    """
    require_permission(by, Permission.APPLICATION_SUBMIT)
    if by.organization_id is None:
        raise Forbidden(_("只有订单的买方可以申请融资"), code="not_your_side")
    programme = credit.terms_for(given.programme_id, borrower_id=by.organization_id, by=by)
    lines = _free_lines(given, by)
    before = transaction.savepoint()
    try:
        shown = _shown(_written(given, programme, lines, by))
    finally:
        transaction.savepoint_rollback(before)
    return _beside_limit(shown, programme, _available(programme, by.organization_id, by))


@transaction.atomic
def preview_correction(application_id: UUID, *, changes: CorrectionIn, by: Actor) -> dict[str, Any]:
    """What a returned application would cost put right so; as ``preview_application``.

    Its own lines and its own block of the limit count as free, as they do when it is submitted
    again. Nothing of it stays. Raises NotFound, Forbidden, Conflict(wrong_state, line_locked) and
    RuleBroken as ``resubmit_application``.
    """
    require_permission(by, Permission.APPLICATION_SUBMIT)
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "buyer", by=by)
    MACHINE.require_possible(application, "submitted")
    programme = credit.terms_for(application.programme_id, borrower_id=application.buyer_id, by=by)
    before = transaction.savepoint()
    try:
        limits.release_hold(application.pk, by=by)
        available = _available(programme, application.buyer_id, by)
        change_figures(application, changes, by=by)
        _price(application)
        shown = _shown(application)
    finally:
        transaction.savepoint_rollback(before)
    return _beside_limit(shown, programme, available)


def _free_lines(given: ApplicationIn, by: Actor) -> list[OrderLine]:
    lines = trade.get_lines(given.order_line_ids, by=by)
    free = trade.list_financeable_lines(by=by).filter(pk__in=[line.pk for line in lines])
    if free.count() != len(lines):
        raise Conflict(
            _("所选订单行中有的已被融资锁定、尚未确认或不是人民币计价：请重新选择"),
            code="line_locked",
        )
    return lines


def _written(
    given: ApplicationIn, programme: ApplicationTerms, lines: list[OrderLine], by: Actor
) -> Application:
    application = draft_application(
        given, programme, deal_id=open_deal(), number=f"PREVIEW-{new_id().hex}", by=by
    )
    require_right_parties(application, lines, by=by)
    # A line that is not locked yet has no financed amount of its own: it would be the whole line.
    ApplicationLine.objects.bulk_create(
        ApplicationLine(application=application, order_line=line, cap_minor=line.amount_minor)
        for line in sorted(lines, key=lambda line: line.line_number)
    )
    _price(application)
    return application


def _price(application: Application) -> None:
    """Quote and papers; number and hash of the papers come with the submit."""
    application.quote = make_quote(application)
    application.number = ""
    application.papers = {
        name: {field: value for field, value in paper.items() if field != "hash"}
        for name, paper in drawdown_papers(application).items()
    }


def _shown(application: Application) -> dict[str, Any]:
    return {name: getattr(application, name) for name in (*SHOWN, *DATES)}


def _beside_limit(
    shown: dict[str, Any], programme: ApplicationTerms, available_minor: int
) -> dict[str, Any]:
    return {
        **shown,
        "days": (shown["matures_on"] - shown["funding_planned_on"]).days,
        "programme_name": programme.programme_name,
        "available_minor": available_minor,
        "is_within_limit": shown["loan_minor"] <= available_minor,
    }


def _available(programme: ApplicationTerms, borrower_id: UUID, by: Actor) -> int:
    found = credit.get_available(programme.programme_id, borrower_id=borrower_id, by=by)
    return 0 if found.is_frozen else found.minor
