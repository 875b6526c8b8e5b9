"""Each lender's own approval (联合贷): after the lender of record's, before anybody signs."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, Forbidden, OnePersonTwice, RuleBroken
from scf.core.words import listed
from scf.financing import machine
from scf.financing.access import (
    content_hash,
    get_application,
    require_permission,
    require_unchanged,
)
from scf.financing.lenders import lenders_of, pending_lenders
from scf.financing.machine import LENDER_MACHINE, LenderStatus, S
from scf.financing.models import Application, LenderApproval
from scf.financing.services.end import end_before_signing
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization
from scf.workflow import facts
from scf.workflow.models import Fact

LENDERS_OWN = ("application.submitted", "application.recommended", "application.approved")


@transaction.atomic
def approve_as_lender(application_id: UUID, *, seen: str, by: Actor, note: str = "") -> Application:
    """A partner bank approves its share of exactly what the lender of record approved.

    ``seen`` is the content hash of the review screen; the signing limit is held to the bank's own
    share. Needs a fresh second factor. With the last partner's word the terms may be signed (fact
    ``application.lenders_approved``). Raises NotFound, Forbidden(not_your_side, four_eyes,
    step_up_required, over_signing_limit), Conflict(wrong_state, content_changed).
    """
    application = get_application(application_id, by=by, lock=True)
    approval = _asked(application, by)
    require_permission(by, Permission.APPLICATION_APPROVE)
    _require_other_person(application, by)
    require_step_up(by)
    require_within_signing_limit(
        by, permission=Permission.APPLICATION_APPROVE, amount_minor=approval.amount_minor
    )
    require_unchanged(application, seen)
    require_unchanged(application, approval.content)
    LENDER_MACHINE.fire(
        approval, "given", by=by, note=note, content=seen, amount_minor=approval.amount_minor
    )
    if application.pk not in pending_lenders([application.pk]):
        facts.record("application.lenders_approved", application, by=by, content=seen)
    return application


@transaction.atomic
def refuse_as_lender(application_id: UUID, *, reason: str, by: Actor) -> Application:
    """A partner bank does not lend: the application ends, as nobody may lend its share alone.

    Order lines and limits are free again. Raises NotFound, Forbidden(not_your_side),
    Conflict(wrong_state), RuleBroken(reason_missing).
    """
    application = get_application(application_id, by=by, lock=True)
    approval = _asked(application, by)
    if not reason.strip():
        raise RuleBroken(_("请填写不批准出资的原因"), code="reason_missing")
    LENDER_MACHINE.fire(approval, "refused", by=by, reason=reason.strip())
    end_before_signing(application)
    return application


def ask_lenders(application: Application, *, by: Actor) -> None:
    """Put what the lender of record has just approved before each partner bank (fen a share)."""
    content = content_hash(application)
    for lender in lenders_of(application):
        if lender.is_of_record:
            continue
        approval = LenderApproval.objects.create(
            application=application,
            deal_id=application.deal_id,
            bank_id=lender.bank_id,
            ppm=lender.ppm,
            amount_minor=lender.amount_minor,
            content=content,
            status=LenderStatus.ASKED,
            turn_party=lender.bank_id,
            turn_role="approver",
        )
        facts.record_for(
            ("bank", "partner"),
            "lender_approval.asked",
            approval,
            by=by,
            content=content,
            amount_minor=lender.amount_minor,
        )


def require_lenders_approved(application: Application) -> None:
    """Refuse to sign before every partner bank has approved. Raises
    RuleBroken(lender_not_approved) naming who is missing.
    """
    if missing := pending_lenders([application.pk]).get(application.pk):
        raise RuleBroken(
            _("联合出资行尚未审批：%(names)s"),
            code="lender_not_approved",
            names=listed([get_organization(bank).name for bank in missing]),
        )


@transaction.atomic
def drop_approvals(application_id: UUID) -> None:
    """The application ended: no partner need approve it, and no approval of it stands. Harmless
    twice.
    """
    standing = (LenderStatus.ASKED, LenderStatus.GIVEN)
    for approval in LenderApproval.objects.filter(
        application_id=application_id, status__in=standing
    ):
        LENDER_MACHINE.fire(approval, "fallen", by=SYSTEM)


def _asked(application: Application, by: Actor) -> LenderApproval:
    if by.organization_id not in application.partner_ids:
        raise Forbidden(_("此操作只能由本业务的联合出资行进行"), code="not_your_side")
    found = application.lender_approvals.filter(bank_id=by.organization_id).first()
    if found is None or application.status != S.APPROVED:
        raise Conflict(
            _("申请当前为“%(status_words)s”，联合出资行现在不能审批"),
            code="wrong_state",
            status=application.status,
            status_words=machine.MACHINE.label(application.status),
        )
    return found


def _require_other_person(application: Application, by: Actor) -> None:
    """Who acted for the buyer or the lender of record has no second word for a partner, nor who
    gave another partner's.
    """
    made = Fact.objects.filter(
        subject_id=application.pk, name__in=LENDERS_OWN, person_id=by.person_id
    )
    if by.person_id and made.exists():
        raise OnePersonTwice
    require_no_lenders_word(application, by=by)


def require_no_lenders_word(application: Application, *, by: Actor) -> None:
    """Refuse who approved the application for another bank than acts now. Raises
    Forbidden(four_eyes).
    """
    own = [by.organization_id] if by.organization_id else []
    others = application.lender_approvals.exclude(bank_id__in=own)
    words = Fact.objects.filter(
        subject_id__in=others.values("pk"),
        name="lender_approval.given",
        person_id=by.person_id,
    )
    if by.person_id and words.exists():
        raise OnePersonTwice
