"""Escrows as their parties may see them."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from scf.chain.models import ChainEvent
from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.payments.machine import LIVE, OPEN_LINES, D, L
from scf.payments.models import Deposit, Payment, PaymentLine
from scf.wallets.machine import A
from scf.wallets.models import Act, Wallet
from scf.workflow.deals import lock_deal
from scf.workflow.models import Fact


def get_payment(payment_id: UUID, *, by: Actor) -> Payment:
    """One escrow; NotFound when the actor's organization is no party to it."""
    found = Payment.objects.visible_to(by).filter(pk=payment_id).first()
    if found is None:
        raise NotFound(_("没有这笔托管"))
    return found


def payment_with_lines(payment_id: UUID) -> Payment | None:
    """An escrow with its lines, for reckoning; None where the loan has none."""
    found: Payment | None = Payment.objects.filter(pk=payment_id).prefetch_related("lines").first()
    return found


def payment_of(application_id: UUID, *, by: Actor) -> Payment:
    """The escrow of an application; NotFound before its terms are prepared."""
    found = Payment.objects.visible_to(by).filter(application_id=application_id).first()
    if found is None:
        raise NotFound(_("这笔申请还没有托管"))
    return found


def payment_of_agreement(agreement_id: str) -> Payment | None:
    """The escrow of an agreement on the chain; None for a stranger's agreement."""
    return Payment.objects.filter(agreement_id=agreement_id).first()


def deposit_of(payment_id: UUID) -> Deposit | None:
    """The deposit pledged for an escrow's financing; None where the programme asks for none."""
    found: Deposit | None = (
        Deposit.objects.filter(payment_id=payment_id)
        .select_related("payment__bank_wallet", "payment__buyer_wallet", "wallet")
        .first()
    )
    return found


def list_deposits(*, by: Actor, status: str) -> list[Deposit]:
    """The deposits of a status between the actor's organization and its bank or buyer."""
    rows = Deposit.objects.visible_to(by).filter(status=status)
    return list(rows.select_related("payment"))


def deposits_awaited(payment_ids: Iterable[UUID]) -> dict[UUID, bool]:
    """Of these escrows those whose deposit is not there yet; true where it is on its way."""
    rows = Deposit.objects.filter(payment_id__in=list(payment_ids), status=D.AWAITED)
    deals = {row.deal_id: row.payment_id for row in rows}
    under_way = Act.objects.filter(
        deal_id__in=deals, kind="pledge", status__in=(A.ASKED, A.SENT)
    ).values_list("deal_id", flat=True)
    return dict.fromkeys(deals.values(), False) | {deals[deal]: True for deal in under_way}


def lock_payment(payment_id: UUID, *, by: Actor) -> Payment:
    """One escrow, read again after its deal is locked."""
    lock_deal(get_payment(payment_id, by=by).deal_id)
    return get_payment(payment_id, by=by)


def line_of(payment: Payment, order_line_id: UUID) -> PaymentLine:
    """The escrow's line of an order line. Raises NotFound when the agreement does not hold it."""
    found = payment.lines.filter(order_line_id=order_line_id).select_related("payment").first()
    if found is None:
        raise NotFound(_("这一行不在托管范围内"))
    return found


def line_by_chain_id(payment: Payment, line_id: str) -> PaymentLine:
    """The line an event speaks of."""
    return payment.lines.select_related("payment").get(line_id=line_id)


def lines_taking_confirmations(order_line_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Of these order lines those of which more may be confirmed now, as pairs of application and
    order line; two queries.
    """
    rows = PaymentLine.objects.filter(
        order_line_id__in=list(order_line_ids),
        payment__status__in=LIVE,
        status__in=OPEN_LINES,
    ).select_related("payment")
    lines = {line.pk: (line.payment.application_id, line.order_line_id) for line in rows}
    disputed = Fact.objects.filter(subject_id__in=lines, name="payment_line.disputed")
    gone = set(disputed.values_list("subject_id", flat=True))
    return {pair for pk, pair in lines.items() if pk not in gone}


def free_of(line: PaymentLine, *, is_past_long_stop: bool) -> int:
    """What of a line goes back at expiry, in fen: neither paid nor confirmed nor disputed (K10).

    Past the long stop the whole rest of a disputed line goes back too.
    """
    if line.status == L.DISPUTED:
        rest = line.cap_minor - line.released_minor - line.returned_minor
        return rest if is_past_long_stop else 0
    return line.cap_minor - line.confirmed_minor - line.returned_minor


def list_expired(moment: datetime) -> list[Payment]:
    """The running escrows whose expiry has come and that hold something to go back, soonest
    first.
    """
    rows = Payment.objects.filter(status__in=LIVE, expires_at__lte=moment)
    found = rows.order_by("expires_at").prefetch_related("lines")
    return [payment for payment in found if _has_free(payment, moment)]


def _has_free(payment: Payment, moment: datetime) -> bool:
    is_past = payment.terms["long_stop"] <= moment.timestamp()
    return any(free_of(line, is_past_long_stop=is_past) for line in payment.lines.all())


def list_owing_lines(moment: datetime) -> list[PaymentLine]:
    """The lines of running escrows that owe their payee, and short ones that may give back before
    the expiry.
    """
    rows = PaymentLine.objects.filter(payment__status__in=LIVE).exclude(status=L.DISPUTED)
    owes = Q(confirmed_minor__gt=F("released_minor"))
    is_short = Q(
        status=L.SHORT_CLOSED, payment__terms__return_short=True, payment__expires_at__gt=moment
    )
    return list(rows.filter(owes | is_short).select_related("payment"))


def list_uncollected(day: date) -> list[Act]:
    """The newest attempt to issue a payer's money, where it failed before a business day: the
    money is still owed.
    """
    return _failed_before(day, kind="mint_collection")


def list_unreturned_deposits(day: date) -> list[Deposit]:
    """The deposits whose way home failed before a business day: their owners' money, held back."""
    acts = _failed_before(day, kind="return_deposit")
    deals = [act.deal_id for act in acts]
    rows = Deposit.objects.filter(deal_id__in=deals, status=D.RETURNING)
    return list(rows.select_related("payment__buyer_wallet", "wallet"))


def _failed_before(day: date, *, kind: str) -> list[Act]:
    alive = Act.objects.filter(instruction_id=OuterRef("instruction_id")).exclude(status=A.FAILED)
    rows = Act.objects.filter(kind=kind, status=A.FAILED).filter(~Exists(alive))
    newest = list(rows.order_by("instruction_id", "-id").distinct("instruction_id"))
    failed = Fact.objects.filter(name="act.failed", subject_id__in=[act.pk for act in newest])
    today = set(failed.filter(business_date__gte=day).values_list("subject_id", flat=True))
    return [act for act in newest if act.pk not in today]


def list_lapsed(moment: datetime) -> list[Payment]:
    """The agreements that were not funded by their ``fundBy``, soonest first."""
    rows = Payment.objects.filter(
        status__in=["prepared", "open", "own_funds_in"], fund_by__lte=moment
    )
    return list(rows.order_by("fund_by"))


def claimable_of(payment: Payment, wallet: Wallet) -> int:
    """What waits inside the escrow for one wallet that could not receive, in fen."""
    told = ChainEvent.objects.filter(
        reference=payment.agreement_id, applied_at__isnull=False, args__wallet=wallet.address
    )
    waiting = 0
    for name, amount in told.values_list("name", "args__amount"):
        waiting += {"BecameClaimable": 1, "Claimed": -1}.get(name, 0) * amount
    return waiting


def kept_txs(agreement_ids: Iterable[str]) -> set[str]:
    """The transactions by which these escrows released what their payee could not receive, and
    what was not claimed since.
    """
    told = ChainEvent.objects.filter(
        reference__in=tuple(agreement_ids), name__in=("BecameClaimable", "Claimed")
    )
    waiting: dict[tuple[str, str], set[str]] = {}
    for event in told.order_by("block_number", "log_index"):
        here = waiting.setdefault((event.reference, event.args["wallet"]), set())
        if event.name == "Claimed":
            here.clear()
        else:
            here.add(event.tx_hash)
    return set().union(*waiting.values())


def claims_of(payment: Payment, wallet: Wallet) -> int:
    """How often what waited for a wallet was paid out."""
    rows = ChainEvent.objects.filter(reference=payment.agreement_id, name="Claimed")
    return rows.filter(applied_at__isnull=False, args__wallet=wallet.address).count()
