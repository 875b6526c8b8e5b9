"""The buyer puts right what the bank gave back, wherever the reasons ask, and submits anew."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import RuleBroken
from scf.credit import services as limits
from scf.credit.terms import ProgrammeTerms
from scf.documents.selectors import get_document
from scf.documents.services import share_document
from scf.financing.access import get_application, require_party
from scf.financing.costs import require_within_cap
from scf.financing.drafts import figures_of, require_ahead, require_right_parties
from scf.financing.inputs import ApplicationIn, CorrectionIn
from scf.financing.machine import MACHINE
from scf.financing.models import Application
from scf.financing.offers import make_quote
from scf.financing.papers import drawdown_papers
from scf.financing.services.hold import hold_limits
from scf.financing.services.submit import add_lines, put_before_bank
from scf.trade import services as trade


@transaction.atomic
def resubmit_application(
    application_id: UUID, *, purpose: str, changes: CorrectionIn | None = None, by: Actor
) -> Application:
    """Submit again what the bank returned, put right: purpose, lines, amount, dates, papers.

    Under the programme's terms of the first submit; quote and papers are made anew, lines and
    limit follow, checks run again. Raises NotFound, Forbidden, Conflict(wrong_state, line_locked),
    RuleBroken (own_funds_too_low, tenor_outside, limit_exceeded, cost_above_cap); then all is as it
    was.
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "buyer", by=by)
    MACHINE.require_possible(application, "submitted")
    application.purpose = purpose.strip()
    application.reason_codes = []
    if changes:
        _correct(application, changes, by)
    application.quote = make_quote(application)
    require_within_cap(application.quote["cost"])
    application.papers = drawdown_papers(application)
    application.save(
        update_fields=["purpose", "reason_codes", "quote", "papers", "attachments", *FIGURES]
    )
    put_before_bank(application, by=by)
    return application


FIGURES = (
    "total_minor", "own_funds_minor", "loan_minor", "deposit_minor", "funding_planned_on",
    "matures_on", "expires_on",
)  # fmt: skip


def _correct(application: Application, changes: CorrectionIn, by: Actor) -> None:
    loan_before = application.loan_minor
    change_figures(application, changes, by=by)
    if application.loan_minor != loan_before:
        limits.release_hold(application.pk, by=by)
        hold_limits(application, by=by)
    _attach(application, changes.document_ids, by)


def change_figures(application: Application, changes: CorrectionIn, *, by: Actor) -> None:
    """Write lines, amounts (fen) and days as the buyer puts them right, by the terms of before.

    The part of a correction that has figures, for ``resubmit_application`` and the preview of it.
    Raises Conflict(line_locked) and RuleBroken (no_lines, own_funds_too_low, tenor_outside,
    day_is_past).
    """
    require_ahead(changes.funding_planned_on)
    held = set(application.lines.values_list("order_line_id", flat=True))
    wanted = held if changes.order_line_ids is None else set(changes.order_line_ids)
    if not wanted:
        raise RuleBroken(_("请至少选择一行订单"), code="no_lines")
    given = _asked(application, changes, tuple(sorted(wanted)), is_same_lines=wanted == held)
    terms = ProgrammeTerms(**application.terms)
    for name, value in figures_of(given, terms, by=by).items():
        setattr(application, name, value)
    application.save(update_fields=FIGURES)
    if wanted != held:
        _exchange_lines(application, given.order_line_ids, by)


def _asked(
    application: Application,
    changes: CorrectionIn,
    lines: tuple[UUID, ...],
    *,
    is_same_lines: bool,
) -> ApplicationIn:
    """The whole wish: what was changed, and what stays as it was."""
    planned = changes.funding_planned_on or application.funding_planned_on
    matures = changes.matures_on or application.matures_on
    days_before = (application.funding_planned_on, application.matures_on)
    own = changes.own_funds_minor
    if own is None and is_same_lines:
        own = application.own_funds_minor
    return ApplicationIn(
        programme_id=application.programme_id,
        order_line_ids=lines,
        matures_on=matures,
        funding_planned_on=planned,
        # The end of the escrow follows the days; asked for by itself it stays while they do.
        expires_on=application.expires_on if (planned, matures) == days_before else None,
        own_funds_minor=own,
    )


def _exchange_lines(application: Application, line_ids: tuple[UUID, ...], by: Actor) -> None:
    trade.release_lines(application.pk, by=by)
    lines = trade.reserve_lines(
        line_ids, application_id=application.pk, deal_id=application.deal_id, by=by
    )
    require_right_parties(application, lines, by=by)
    if lines[0].order_id != application.order_id:
        raise RuleBroken(_("一笔申请只能融资同一张订单的行"), code="one_order")
    application.lines.all().delete()
    add_lines(application, lines=lines)


def _attach(application: Application, document_ids: tuple[UUID, ...], by: Actor) -> None:
    known = {each["id"] for each in application.attachments}
    for document_id in document_ids:
        document = get_document(document_id, by=by)
        lenders = [application.bank_id, *application.partner_ids]
        share_document(document.pk, audience=lenders, by=by)
        if str(document.pk) not in known:
            application.attachments.append(
                {"id": str(document.pk), "name": document.name, "sha256": document.sha256}
            )
