"""兑换: a customer's deposit money becomes coins in its wallet, by a word of its bank."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Forbidden, NotPermitted, RuleBroken
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.wallets.models import Act, Purpose, Wallet
from scf.wallets.selectors import active_wallet, get_wallet
from scf.wallets.services.move import mint

LONGEST_REFERENCE = 40
EXCHANGED = (Purpose.GENERAL, Purpose.OWN)


@transaction.atomic
def exchange(wallet_id: UUID, *, amount_minor: int, reference: str, by: Actor) -> Act:
    """Issue ``amount_minor`` fen into a wallet the bank keeps, against the deposit it debited in
    its own books under ``reference`` (兑换). The reference makes it happen once.

    Needs a fresh second factor; above the person's signing limit another person orders it. Raises
    NotFound, Forbidden(not_your_side, forbidden, step_up_required, over_signing_limit),
    RuleBroken(amount_not_positive, reference_missing, wallet_missing, wallet_frozen),
    Conflict(duplicate_key) when the reference stands for another amount or wallet.
    """
    wallet = get_wallet(wallet_id, by=by)
    _require_may_issue(wallet, by, amount_minor)
    reference = reference.strip()
    if not 0 < len(reference) <= LONGEST_REFERENCE:
        raise RuleBroken(
            _("请填写核心系统流水号，最多 %(most)s 个字"),
            code="reference_missing",
            most=LONGEST_REFERENCE,
        )
    active_wallet(wallet.owner_id, bank_id=wallet.bank_id, purpose=wallet.purpose, to_receive=True)
    return mint(wallet, amount_minor=amount_minor, key=f"{wallet.bank_id}:{reference}", by=by)


def _require_may_issue(wallet: Wallet, by: Actor, amount_minor: int) -> None:
    if wallet.bank_id != by.organization_id or wallet.purpose not in EXCHANGED:
        raise Forbidden(_("兑换只能由开户银行办理，且只兑入一般钱包"), code="not_your_side")
    if not by.can(Permission.PAYMENT_SIGN):
        raise NotPermitted(Permission.PAYMENT_SIGN)
    require_step_up(by)
    require_within_signing_limit(by, permission=Permission.PAYMENT_SIGN, amount_minor=amount_minor)
