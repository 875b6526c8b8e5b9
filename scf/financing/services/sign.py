"""Signing the terms by buyer, seller and bank, and what the buyer then pays: own funds, deposit."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, Forbidden, OnePersonTwice
from scf.financing import machine
from scf.financing.access import get_application, require_permission
from scf.financing.models import Application
from scf.financing.services.lend import require_lenders_approved
from scf.loans.machine import RUNNING
from scf.loans.machine import S as Lent
from scf.loans.selectors import list_loans
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.payments import services as payments
from scf.payments.machine import HELD
from scf.payments.models import Deposit, Payment
from scf.payments.selectors import deposit_of, payment_of
from scf.wallets import services as wallets
from scf.wallets.attempts import latest_of
from scf.wallets.machine import A
from scf.wallets.models import Wallet
from scf.workflow import facts
from scf.workflow.models import Fact

MANDATE_FOR = timedelta(days=730)  # long enough for an overdue loan to be collected
MANDATES = ("sweep", "rest", "use_deposit", "return_deposit")
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
    Conflict(wrong_state), RuleBroken(lender_not_approved) before every lender approved.
    """
    application = get_application(application_id, by=by, lock=True)
    side = _side_of(application, by)
    require_permission(by, SIGNERS[side])
    _require_other_than_maker(application, by)
    _require_no_other_side(application, side, by)
    require_step_up(by)
    require_within_signing_limit(by, permission=SIGNERS[side], amount_minor=application.total_minor)
    is_renewal = side == "buyer" and wants_mandates(application)
    if application.status != machine.S.APPROVED and not is_renewal:
        raise Conflict(_("当前状态下不能签署"), code="wrong_state", status=application.status)
    require_lenders_approved(application)
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
    _require_buyers_payer(application, by, application.own_funds_minor)
    payments.pay_own_funds(payment_of(application.pk, by=by).pk, by=by)
    facts.record(
        "application.own_funds_ordered",
        application,
        by=by,
        amount_minor=application.own_funds_minor,
    )
    return application


@transaction.atomic
def pledge_deposit(application_id: UUID, *, by: Actor) -> Application:
    """The buyer's checker pledges the deposit (保证金, K17): from its general wallet into its own
    deposit wallet, once the terms are signed and before the pay-out. Safe twice.

    Raises Forbidden(not_your_side, four_eyes, step_up_required, over_signing_limit),
    Conflict(wrong_state), RuleBroken(no_deposit, wallet_missing, wallet_frozen, overdrawn).
    """
    application = get_application(application_id, by=by, lock=True)
    _require_buyers_payer(application, by, application.deposit_minor)
    if application.status != machine.S.SIGNED or wants_mandates(application):
        raise Conflict(
            _("条款与扣款授权书签署完成后、放款之前才能缴存保证金"),
            code="wrong_state",
            status=application.status,
        )
    payments.pledge_deposit(payment_of(application.pk, by=by).pk, by=by)
    facts.record_for(
        ("bank", "buyer"),
        "application.deposit_ordered",
        application,
        by=by,
        amount_minor=application.deposit_minor,
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


def _require_buyers_payer(application: Application, by: Actor, amount_minor: int) -> None:
    """Refuse whoever may not pay for the buyer: another side, the maker, above the limit."""
    if _side_of(application, by) != "buyer":
        raise Forbidden(_("首付款与保证金由买方支付"), code="not_your_side")
    require_permission(by, Permission.PAYMENT_SIGN)
    _require_other_than_maker(application, by)
    require_step_up(by)
    require_within_signing_limit(by, permission=Permission.PAYMENT_SIGN, amount_minor=amount_minor)


def _require_other_than_maker(application: Application, by: Actor) -> None:
    """Whoever submitted the application signs neither its terms nor its own funds."""
    made = Fact.objects.filter(
        subject_id=application.pk, name="application.submitted", person_id=by.person_id
    )
    if by.person_id and made.exists():
        raise OnePersonTwice


def _require_no_other_side(application: Application, side: str, by: Actor) -> None:
    """Who signed for one side signs for no other, whoever else employs that person."""
    signed = Fact.objects.filter(
        subject_id=application.pk, name="application.party_signed", person_id=by.person_id
    )
    if by.person_id and signed.exclude(details__side=side).exists():
        raise OnePersonTwice


def _side_of(application: Application, by: Actor) -> str:
    for side in SIGNERS:
        if application.parties()[side] == by.organization_id:
            return side
    raise Forbidden(_("贵方不是本业务的签署方"), code="not_your_side")


def _give_mandates(application: Application, payment: Payment, by: Actor) -> None:
    """From collection to the bank for what is due, and to the buyer's own wallet for what is left
    (K12); the same out of the deposit wallet where something is pledged (K17).

    A later mandate for the same payee replaces the one before on the chain, so each covers all
    loans of the buyer at this bank that are not paid yet.
    """
    unpaid = list_loans(by=SYSTEM).filter(
        buyer_id=application.buyer_id, bank_id=application.bank_id, status__in=UNPAID
    )
    deposits = Deposit.objects.filter(payment__buyer_id=application.buyer_id, status__in=HELD)
    covered = Application.objects.filter(
        Q(pk=application.pk)
        | Q(pk__in=unpaid.values("application_id"))
        | Q(pk__in=deposits.values("payment__application_id"))
    ).aggregate(total=Max("total_minor"), matures_on=Max("matures_on"))
    until = clock.shanghai_midnight(covered["matures_on"]) + MANDATE_FOR
    latest = latest_of(mandate_key(payment.pk, name) for name in MANDATES)
    for name, wallet, payee, cap_minor in _mandates(payment, covered["total"] * 2):
        given = latest.get(mandate_key(payment.pk, name))
        if given and given.status != A.FAILED:
            continue
        wallets.give_mandate(
            wallet.pk,
            payee=payee,
            cap_minor=cap_minor,
            until=until,
            key=mandate_key(payment.pk, name),
            deal_id=application.deal_id,
            by=by,
        )


def _mandates(payment: Payment, due_cap_minor: int) -> list[tuple[str, Wallet, Wallet, int]]:
    """What the buyer allows: name, from which wallet, to which, and the most an act in fen."""
    bank, home, collection = payment.bank_wallet, payment.buyer_wallet, payment.collection_wallet
    found = [
        ("sweep", collection, bank, due_cap_minor),
        ("rest", collection, home, REST_CAP_MINOR),
    ]
    if deposit := deposit_of(payment.pk):
        found += [
            ("use_deposit", deposit.wallet, bank, REST_CAP_MINOR),
            ("return_deposit", deposit.wallet, home, REST_CAP_MINOR),
        ]
    return found
