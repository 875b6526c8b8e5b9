"""The bank's approver says yes to exactly what was shown; then the terms are fixed for all to
sign.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from scf.core import clock
from scf.core.actor import Actor
from scf.credit.terms import ProgrammeTerms
from scf.financing import machine
from scf.financing.access import get_application, require_party, require_unchanged
from scf.financing.lenders import loan_shares
from scf.financing.loan_terms import loan_terms
from scf.financing.models import Application
from scf.financing.services.hold import keep_limits
from scf.financing.services.lend import ask_lenders
from scf.loans.reading import fees_shown
from scf.loans.services import LoanIn, register_terms
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.payments.services import (
    AgreementIn,
    AgreementLineIn,
    await_deposit,
    prepare_payment,
)

FUND_WITHIN = timedelta(days=7)  # five working days after signing, counted in calendar days


@transaction.atomic
def approve_application(
    application_id: UUID, *, seen: str, by: Actor, note: str = ""
) -> Application:
    """Say yes to exactly what was shown: ``seen`` is the content hash of the review screen.

    The banks that lend beside are asked next (联合贷); nobody signs before they said yes. Needs a
    fresh second factor. Raises Conflict(content_changed, wrong_state), Forbidden(four_eyes,
    step_up_required, above_signing_limit).
    """
    application = get_application(application_id, by=by, lock=True)  # locks the deal first
    require_party(application, "bank", by=by)
    require_step_up(by)
    require_within_signing_limit(
        by, permission=Permission.APPLICATION_APPROVE, amount_minor=application.loan_minor
    )
    require_unchanged(application, seen)
    machine.MACHINE.fire(application, "approved", by=by, note=note, content=seen)
    agreement = terms_to_sign(application)
    keep_limits(application, until=agreement.fund_by)
    payment = prepare_payment(agreement)
    if application.deposit_minor:
        await_deposit(payment, amount_minor=application.deposit_minor, by=by)
    register_terms(_loan_to_register(application, payment.pk), by=by)
    ask_lenders(application, by=by)
    return application


@transaction.atomic
def send_back(application_id: UUID, *, note: str, by: Actor) -> Application:
    """The approver gives it back to the reviewer."""
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "bank", by=by)
    machine.MACHINE.fire(application, "sent_back", by=by, note=note)
    return application


def _loan_to_register(application: Application, payment_id: UUID) -> LoanIn:
    return LoanIn(
        application_id=application.pk,
        payment_id=payment_id,
        deal_id=application.deal_id,
        bank_id=application.bank_id,
        buyer_id=application.buyer_id,
        seller_id=application.seller_id,
        terms=loan_terms(application),
        sweep=application.terms["sweep"],
        anchor_id=application.enterprise_id,
        recourse=application.terms["recourse"],
        shares=loan_shares(application),
        outside_fees=fees_shown(application.quote),
    )


def terms_to_sign(application: Application) -> AgreementIn:
    """The agreement as bank, buyer and seller will sign it; expiry is an instant in Shanghai
    (K10).
    """
    terms = ProgrammeTerms(**application.terms)
    expires_at = clock.shanghai_midnight(application.expires_on)
    fund_by = clock.shanghai_midnight(application.funding_planned_on) + FUND_WITHIN
    return AgreementIn(
        application_id=application.pk,
        deal_id=application.deal_id,
        bank_id=application.bank_id,
        buyer_id=application.buyer_id,
        seller_id=application.seller_id,
        release_policy=terms.release_policy,
        total_minor=application.total_minor,
        own_funds_minor=application.own_funds_minor,
        lines=tuple(
            AgreementLineIn(
                line.order_line_id,
                line.cap_minor,
                terms.tolerance_under_ppm,
                terms.tolerance_over_ppm,
            )
            for line in application.lines.all()
        ),
        fund_by=min(fund_by, expires_at - timedelta(days=1)),
        expires_at=expires_at,
        long_stop_at=expires_at + timedelta(days=terms.long_stop_days),
        refund_days=terms.refund_days,
        dispute_days=terms.dispute_days,
        arbiter_days=terms.arbiter_days,
        return_short=terms.return_short_lines,
        is_buyer_alone_enough=application.total_minor <= terms.evidence_minor,
        interest_to_buyer=terms.escrow_interest_to == "buyer",
        interest_ppm=terms.escrow_interest_ppm,
        partner_ids=tuple(application.partner_ids),
    )
