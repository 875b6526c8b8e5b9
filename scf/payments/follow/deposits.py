"""What the chain said about a deposit: pledged, used for the loan, back with the buyer."""

from django.db.models import F

from scf.core.actor import SYSTEM
from scf.payments.machine import DEPOSIT
from scf.payments.models import Deposit
from scf.payments.services.deposit import PLEDGE, RETURN, USE
from scf.workflow.models import Fact

ACTS = (PLEDGE, USE, RETURN)


def moved(fact: Fact) -> None:
    """Money came into the deposit wallet, or left it, for one deal: its deposit counts it."""
    kind, amount = fact.details["act_kind"], fact.details["amount_minor"]
    if kind not in ACTS:
        return
    deposit = Deposit.objects.select_related("payment").get(deal_id=fact.deal_id)
    if kind == PLEDGE:
        _count(deposit, pledged_minor=amount)
        step = "pledged"
    elif kind == RETURN:
        _count(deposit, returned_minor=amount)
        step = "returned"
    else:
        Deposit.objects.filter(pk=deposit.pk).update(using_minor=0, reason="")
        _count(deposit, applied_minor=amount)
        step = "applied" if deposit.held_minor else "used"
    DEPOSIT.fire(
        deposit,
        step,
        by=SYSTEM,
        amount_minor=amount,
        held_minor=deposit.held_minor,
        tx_hash=fact.details["tx_hash"],
        value_date=fact.details["value_date"],
    )


def use_failed(fact: Fact) -> None:
    """The bank's draw was refused: the deposit lies pledged as before, and may be used again."""
    if fact.details["act_kind"] != USE:
        return
    deposit = Deposit.objects.select_related("payment").get(deal_id=fact.deal_id)
    amount = deposit.using_minor
    Deposit.objects.filter(pk=deposit.pk).update(using_minor=0, reason="")
    DEPOSIT.fire(
        deposit, "use_failed", by=SYSTEM, amount_minor=amount, reason=fact.details["reason"]
    )


def _count(deposit: Deposit, **by_minor: int) -> None:
    changes = {name: F(name) + minor for name, minor in by_minor.items()}
    Deposit.objects.filter(pk=deposit.pk).update(**changes)
    deposit.refresh_from_db(fields=list(by_minor))
