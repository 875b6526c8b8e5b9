"""Wallets as their owner and their bank may see them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from scf.chain.services import OVERTAKEN
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import NotFound, RuleBroken
from scf.core.money import format_yuan
from scf.ledger.selectors import list_balances
from scf.wallets import machine
from scf.wallets.models import Act, StatusOrder, Wallet


def active_wallet(
    owner_id: UUID, *, bank_id: UUID, purpose: str, to_receive: bool = False
) -> Wallet:
    """The owner's wallet of a purpose at a bank; one that pays nothing will do ``to_receive``.
    Raises RuleBroken (wallet_missing, wallet_frozen).
    """
    wallet = wallet_of(owner_id, bank_id=bank_id, purpose=purpose)
    if wallet is None or wallet.status == machine.S.OPENING:
        raise RuleBroken(
            _("钱包尚未开立：请先在该银行开立钱包"),
            code="wallet_missing",
            purpose=str(purpose),
        )
    is_open_to_it = to_receive and wallet.status == machine.S.DEBIT_FROZEN
    if not is_open_to_it:
        require_not_frozen(wallet)
    return wallet


def wallet_of(owner_id: UUID, *, bank_id: UUID, purpose: str) -> Wallet | None:
    """The owner's wallet of a purpose at a bank, in whatever status; None when there is none."""
    found: Wallet | None = Wallet.objects.filter(
        owner_id=owner_id, bank_id=bank_id, purpose=purpose
    ).first()
    return found


@dataclass(frozen=True, slots=True)
class Funds:
    """What a wallet can pay with, in fen: what the ledger has available, and what is being issued
    into it. Acts of a wallet keep their order, so that arrives before anything ordered now is paid.
    """

    available_minor: int
    coming_minor: int

    @property
    def total_minor(self) -> int:
        """The most that can be ordered now, in fen."""
        return self.available_minor + self.coming_minor


def funds_in(wallet: Wallet) -> Funds:
    """What a wallet can pay with now; who may know it is for the caller to decide."""
    balances = list_balances(wallet.bank_id, by=SYSTEM, codes=[wallet.account_code])
    coming = Act.objects.filter(
        subject_id=wallet.pk,
        kind__startswith="mint",
        status__in=(machine.A.ASKED, machine.A.SENT),
    )
    return Funds(
        sum(balance.available_minor for balance in balances),
        int(coming.aggregate(sum=Sum("amount_minor"))["sum"] or 0),
    )


def require_not_frozen(wallet: Wallet) -> None:
    """Refuse a wallet that pays nothing. Raises RuleBroken(wallet_frozen)."""
    if wallet.status in machine.FREEZES:
        raise RuleBroken(
            _("钱包已冻结：请联系开户银行"), code="wallet_frozen", purpose=str(wallet.purpose)
        )


def require_covered(wallet: Wallet, amount_minor: int) -> None:
    """Refuse an order the wallet cannot pay (``funds_in``), before anybody signs it; fen. Raises
    RuleBroken(overdrawn).
    """
    held = funds_in(wallet).total_minor
    if held < amount_minor:
        raise RuleBroken(
            _("钱包余额 %(held)s 元，不足以支付 %(asked)s 元：请先在开户银行兑换"),
            code="overdrawn",
            held=format_yuan(held),
            asked=format_yuan(amount_minor),
        )


def wallet_at(address: str) -> Wallet | None:
    """The wallet at an address of the chain; None for an address that is no wallet of ours."""
    found: Wallet | None = Wallet.objects.filter(address=address.lower()).first()
    return found


def get_wallet(wallet_id: UUID, *, by: Actor) -> Wallet:
    """One wallet; NotFound when the actor's organization neither owns nor keeps it."""
    found = Wallet.objects.visible_to(by).filter(pk=wallet_id).first()
    if found is None:
        raise NotFound(_("没有这个钱包"))
    return found


def list_frozen_wallets(*, by: Actor) -> list[Wallet]:
    """The own wallets of the actor's organization that a lawful order holds."""
    if by.organization_id is None:
        return []
    mine = Wallet.objects.filter(owner_id=by.organization_id)
    return list(mine.filter(status__in=machine.FREEZES))


def order_in_force(wallet: Wallet) -> StatusOrder | None:
    """Under which order a wallet is frozen; None when it is not, or not by us."""
    if wallet.status not in machine.FREEZES:
        return None
    rows = StatusOrder.objects.filter(wallet=wallet, order_id=wallet.frozen_by_order)
    return rows.filter(level=wallet.status).select_related("act").first()


def list_status_orders(wallet: Wallet) -> list[StatusOrder]:
    """Every order given about a wallet, newest first, each with its act; for its bank."""
    return list(StatusOrder.objects.filter(wallet=wallet).select_related("act"))


def list_wallets(*, by: Actor) -> list[Wallet]:
    """The wallets the actor's organization owns or keeps."""
    return list(Wallet.objects.visible_to(by))


def list_kept_wallets(bank_id: UUID) -> list[Wallet]:
    """All wallets a bank keeps, its own among them."""
    return list(Wallet.objects.filter(bank_id=bank_id))


def list_issues(bank_id: UUID, *, limit: int) -> list[tuple[Act, Wallet]]:
    """What was issued into the wallets a bank keeps, newest first, each with its wallet."""
    kept = {wallet.pk: wallet for wallet in list_kept_wallets(bank_id)}
    acts = Act.objects.filter(subject_id__in=kept, kind__startswith="mint").order_by("-id")
    return [(act, kept[act.subject_id]) for act in acts[:limit]]


def list_failed_acts(deal_id: UUID) -> list[Act]:
    """The acts of a deal that failed and still want somebody, oldest first; one query.

    Not those that something else overtook, nor those that were asked for again since: under another
    attempt, or as a new act of the kind on the same subject. Each confirmation is of goods of its
    own, so another one of the line makes up for nothing.
    """
    again = Q(instruction_id=OuterRef("instruction_id")) | Q(
        ~Q(kind="confirm"),
        kind=OuterRef("kind"),
        subject_id=OuterRef("subject_id"),
        pk__gt=OuterRef("pk"),
    )
    later = Act.objects.filter(again).exclude(status=machine.A.FAILED)
    failed = Act.objects.filter(deal_id=deal_id, status=machine.A.FAILED)
    return list(failed.exclude(failure=OVERTAKEN).filter(~Exists(later)))
