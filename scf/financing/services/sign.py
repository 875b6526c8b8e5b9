"""Signing the terms by buyer, seller and bank, and the buyer's own funds."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, Forbidden
from scf.financing import machine
from scf.financing.access import get_application, require_permission
from scf.financing.models import Application
from scf.loans.machine import RUNNING
from scf.loans.machine import S as Lent
from scf.loans.selectors import list_loans
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.payments import services as payments
from scf.payments.models import Payment
from scf.payments.selectors import payment_of
from scf.wallets import services as wallets
from scf.wallets.attempts import latest_of
from scf.wallets.machine import A
from scf.workflow import facts
from scf.workflow.models import Fact

MANDATE_FOR = timedelta(days=730)  # long enough for an overdue loan to be collected
MANDATES = ("sweep", "rest")
# Fen an act. What is left goes home to its owner, however much its customers paid in.
REST_CAP_MINOR = 10**13
UNPAID = (Lent.AWAITING, *RUNNING)
SIGNERS = {
    "bank": Permission.PAYMENT_SIGN,
    "buyer": Permission.APPLICATION_SIGN,
    "seller": Permission.APPLICATION_SIGN,
}


@transaction.atomic
def sign_application(application_id: UUID, *, by: Actor) -> Application:
    """Sign the terms for the actor's own side; the third signature opens the agreement on the
    chain.

    The buyer signs its 扣款授权书 in the same act, and those alone once more when they failed after
    the agreement was signed. Needs a fresh second factor and the right to
    sign the amount. Signing twice changes nothing. Raises Forbidden(four_eyes …),
    Conflict(wrong_state).
    """
    application = get_application(application_id, by=by, lock=True)
    side = _side_of(application, by)
    require_permission(by, SIGNERS[side])
    _require_other_than_maker(application, by)
    require_step_up(by)
    require_within_signing_limit(by, permission=SIGNERS[side], amount_minor=application.total_minor)
    is_renewal = side == "buyer" and wants_mandates(application)
    if application.status != machine.S.APPROVED and not is_renewal:
        raise Conflict(_("当前状态下不能签署"), code="wrong_state", status=application.status)
    payment = payment_of(application.pk, by=by)
    if is_renewal:
        _give_mandates(application, payment, by)
        return application
    opening = payments.sign_terms(payment.pk, party=application.parties()[side], by=by)
    if side == "buyer":
        _give_mandates(application, payment, by)
    facts.record(
        "application.party_signed",
        application,
        by=by,
        side=side,
        agreement_id=payment.agreement_id,
        opening=opening.key,
    )
    return application


@transaction.atomic
def pay_own_funds(application_id: UUID, *, by: Actor) -> Application:
    """The buyer's checker pays its part of the price into the escrow (首付款). Safe twice."""
    application = get_application(application_id, by=by, lock=True)
    if _side_of(application, by) != "buyer":
        raise Forbidden(_("首付款由买方支付"), code="not_your_side")
    require_permission(by, Permission.PAYMENT_SIGN)
    _require_other_than_maker(application, by)
    require_step_up(by)
    require_within_signing_limit(
        by, permission=Permission.PAYMENT_SIGN, amount_minor=application.own_funds_minor
    )
    payments.pay_own_funds(payment_of(application.pk, by=by).pk, by=by)
    facts.record(
        "application.own_funds_ordered",
        application,
        by=by,
        amount_minor=application.own_funds_minor,
    )
    return application


def wants_mandates(application: Application) -> bool:
    """True when all have signed and one of the buyer's 扣款授权书 failed: no pay-out before it is
    there.
    """
    if application.status != machine.S.SIGNED:
        return False
    return bool(without_mandate([payment_of(application.pk, by=SYSTEM).pk]))


def without_mandate(payment_ids: Collection[UUID]) -> set[UUID]:
    """Of these escrows those with a mandate that failed and was not given anew; one query."""
    keys = {mandate_key(pk, name): pk for pk in payment_ids for name in MANDATES}
    return {keys[key] for key, act in latest_of(keys).items() if act.status == A.FAILED}


def mandate_key(payment_id: UUID, name: str) -> str:
    """The wish that a mandate is, for all its attempts."""
    return f"mandate:{payment_id}:{name}"


def _require_other_than_maker(application: Application, by: Actor) -> None:
    """Whoever submitted the application signs neither its terms nor its own funds."""
    made = Fact.objects.filter(
        subject_id=application.pk, name="application.submitted", person_id=by.person_id
    )
    if by.person_id and made.exists():
        raise Forbidden(_("经办与复核必须是两个人：请由另一位同事操作"), code="four_eyes")


def _side_of(application: Application, by: Actor) -> str:
    for side in SIGNERS:
        if application.parties()[side] == by.organization_id:
            return side
    raise Forbidden(_("贵方不是本业务的签署方"), code="not_your_side")


def _give_mandates(application: Application, payment: Payment, by: Actor) -> None:
    """From collection to the bank for what is due, and to the buyer's own wallet for what is left
    (K12).

    A later mandate for the same payee replaces the one before on the chain, so each covers all
    loans of the buyer at this bank that are not paid yet.
    """
    unpaid = list_loans(by=SYSTEM).filter(
        buyer_id=application.buyer_id, bank_id=application.bank_id, status__in=UNPAID
    )
    covered = Application.objects.filter(
        Q(pk=application.pk) | Q(pk__in=unpaid.values("application_id"))
    ).aggregate(total=Max("total_minor"), matures_on=Max("matures_on"))
    until = clock.shanghai_midnight(covered["matures_on"]) + MANDATE_FOR
    caps = {"sweep": covered["total"] * 2, "rest": REST_CAP_MINOR}
    latest = latest_of(mandate_key(payment.pk, name) for name in MANDATES)
    for name, payee in zip(MANDATES, (payment.bank_wallet, payment.buyer_wallet), strict=True):
        given = latest.get(mandate_key(payment.pk, name))
        if given and given.status != A.FAILED:
            continue
        wallets.give_mandate(
            payment.collection_wallet_id,
            payee=payee,
            cap_minor=caps[name],
            until=until,
            key=mandate_key(payment.pk, name),
            deal_id=application.deal_id,
            by=by,
        )
