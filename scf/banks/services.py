"""Opening a collection account, and writing down what came into it."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.banks.models import BankCredit, CollectionAccount
from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden, NotFound, NotPermitted, RuleBroken
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.workflow import clocks, facts


@transaction.atomic
def open_collection_account(owner_id: UUID, *, bank_id: UUID) -> CollectionAccount:
    """The buyer's own account number for its customers' payments at a bank; one a buyer, safe
    twice.
    """
    account, _is_new = CollectionAccount.objects.get_or_create(
        bank_id=bank_id,
        owner_id=owner_id,
        defaults={"number": f"6229{bank_id.int % 10**6:06d}{owner_id.int % 10**9:09d}"},
    )
    return account


@transaction.atomic
def record_credit(
    account_number: str,
    *,
    reference: str,
    amount_minor: int,
    payer_name: str,
    payer_account: str = "",
    remark: str = "",
    booked_on: date | None = None,
    by: Actor,
) -> BankCredit:
    """Write down money that came in; fact ``bank.credited``. The bank's reference makes it happen
    once.

    ``by`` is the bank's adapter (the system), or a person of the bank with a fresh second factor
    within the signing limit. Raises NotFound for an unknown account, Forbidden(not_your_side,
    forbidden, step_up_required, over_signing_limit), Conflict(duplicate_key) when the reference was
    used for another amount, RuleBroken(amount_not_positive).
    """
    account = _account_for(account_number, by)
    _require_may_record(by, amount_minor)
    if amount_minor <= 0:
        raise RuleBroken(_("金额必须大于零"), code="amount_not_positive")
    credit, is_new = BankCredit.objects.get_or_create(
        account=account,
        reference=reference,
        defaults={
            "amount_minor": amount_minor,
            "payer_name": payer_name,
            "payer_account": payer_account,
            "remark": remark,
            "booked_on": booked_on or clocks.business_date(),
        },
    )
    if credit.amount_minor != amount_minor:
        raise Conflict(
            _("流水号 %(reference)s 已登记为另一金额"), code="duplicate_key", reference=reference
        )
    if is_new:
        facts.record(
            "bank.credited",
            credit,
            by=by,
            amount_minor=amount_minor,
            owner_id=str(account.owner_id),
            bank_id=str(account.bank_id),
            payer=payer_name,
        )
    return credit


def _require_may_record(by: Actor, amount_minor: int) -> None:
    """The system's adapter needs nothing; a person must be allowed to sign the amount."""
    if by.is_system:
        return
    if not by.can(Permission.PAYMENT_SIGN):
        raise NotPermitted(Permission.PAYMENT_SIGN)
    require_step_up(by)
    require_within_signing_limit(by, permission=Permission.PAYMENT_SIGN, amount_minor=amount_minor)


def _account_for(number: str, by: Actor) -> CollectionAccount:
    account = CollectionAccount.objects.filter(number=number).first()
    if account is None:
        raise NotFound(_("没有这个收款账户：%(number)s"), number=number)
    if not by.is_system and by.organization_id != account.bank_id:
        raise Forbidden(_("入账只能由开户银行登记"), code="not_your_side")
    return account
