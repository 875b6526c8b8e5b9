"""Taking what is due from the buyer's collection wallet, and freeing what is left (K12)."""

from datetime import date
from uuid import UUID

from django.db.models import Sum

from scf.core.actor import SYSTEM
from scf.ledger.selectors import list_balances
from scf.loans import machine
from scf.loans.book import Book
from scf.loans.fee_views import fee_views
from scf.loans.models import Loan, SweepWhen
from scf.loans.quotes import due_quote, settlement_quote
from scf.loans.services.life import book_of
from scf.loans.services.under_way import on_the_way
from scf.loans.state import oldest_due
from scf.payments.selectors import get_payment
from scf.payments.services.collect import free_rest, sweep
from scf.wallets.attempts import failed_wish
from scf.wallets.machine import A
from scf.wallets.machine import S as WalletStatus
from scf.wallets.models import Act, Purpose, Wallet
from scf.wallets.selectors import wallet_of
from scf.workflow.closing import closing_act
from scf.workflow.deals import lock_deals

UNDER_WAY = (A.ASKED, A.SENT)
OUT = ("sweep", "free_rest")


@closing_act()
def collect_due(
    buyer_id: UUID, *, bank_id: UUID, on: date, is_evening: bool, unposted_minor: int = 0
) -> list[Act]:
    """Sweep what the buyer's loans may take today, the earliest due first; free what is left.

    ``on_due`` takes on the evening of the due date, and after it whatever comes in, at once;
    ``on_receipt`` takes at once what is accrued and owed. Never more than the wallet's balance in
    the ledger without what is under way, nor than the loan owes without what is on its way to it.
    ``unposted_minor`` is what the running act itself moves into (or out of, below zero) the wallet
    and posts only at its end. What is left when nothing is owed goes to the general wallet. Safe
    twice: what was asked for is under way.
    """
    wallet = wallet_of(buyer_id, bank_id=bank_id, purpose=Purpose.COLLECTION)
    if wallet is None or wallet.status != WalletStatus.ACTIVE:
        return []
    # Most evenings the wallet is empty: then no loan need be locked and folded to know it. What
    # comes in a moment later brings its own collection.
    if _available(wallet) + unposted_minor <= 0:
        return []
    loans = _lock_loans(buyer_id, bank_id)
    available = _available(wallet) + unposted_minor
    acts: list[Act] = []
    for loan, book in _by_due_date(loans, on):
        amount = min(available, _takes(loan, book, on, is_evening=is_evening))
        if amount > 0:
            acts.append(_sweep(loan, amount, on))
            available -= amount
    if available > 0 and loans and not any(_owes(loan, on) for loan in loans):
        acts.append(_free(loans[0], available, on))
    return acts


def borrowers() -> list[tuple[UUID, UUID]]:
    """Every (buyer, bank) with a loan that was opened: its collection wallet may hold money."""
    rows = Loan.objects.exclude(status__in=[machine.S.AWAITING, machine.S.CANCELLED])
    return list(rows.order_by().values_list("buyer_id", "bank_id").distinct())


def _lock_loans(buyer_id: UUID, bank_id: UUID) -> list[Loan]:
    """The buyer's opened loans, newest first, behind their deals' locks in the order of ids."""
    rows = Loan.objects.filter(buyer_id=buyer_id, bank_id=bank_id, opened_on__isnull=False)
    running = rows.filter(status__in=machine.RUNNING)
    lock_deals(running.values_list("deal_id", flat=True))
    return list(rows.order_by("-id"))


def _by_due_date(loans: list[Loan], on: date) -> list[tuple[Loan, Book]]:
    books = [(loan, _book(loan, on)) for loan in loans if loan.status in machine.RUNNING]
    return sorted(books, key=lambda pair: (_next_due(pair[1]), pair[0].pk))


def _book(loan: Loan, on: date) -> Book:
    return book_of(loan, on=max(on, loan.opened_on or on))


def _next_due(book: Book) -> date:
    unpaid = (row.due_on for row in book.state.rows if row.owed_minor)
    return oldest_due(book.state) or next(unpaid, book.terms.maturity_on)


def _takes(loan: Loan, book: Book, on: date, *, is_evening: bool) -> int:
    """What a sweep may take for this loan now, in fen, without what is on its way to it already."""
    if loan.sweep == SweepWhen.ON_RECEIPT:
        owed = settlement_quote(book, on=book.state.on).total_minor
    elif is_evening or _is_late(book, on):
        owed = due_quote(book, on=book.state.on).total_minor
    else:
        owed = 0
    return owed - on_the_way(loan)


def _is_late(book: Book, on: date) -> bool:
    """Whether a due date or the day of a fee has passed unpaid: then what comes in is taken."""
    rows = any(row.due_on < on and row.owed_minor for row in book.state.rows)
    return rows or any(fee.on < on and fee.owed_minor for fee in fee_views(book))


def _owes(loan: Loan, on: date) -> bool:
    if loan.status not in machine.RUNNING:
        return False
    book = _book(loan, on)
    return settlement_quote(book, on=book.state.on).total_minor > 0


def _available(wallet: Wallet) -> int:
    """The wallet's balance in the ledger, in fen, without what is on its way out."""
    balances = list_balances(wallet.bank_id, by=SYSTEM, codes=[wallet.account_code])
    leaving = Act.objects.filter(subject_id=wallet.pk, kind__in=OUT, status__in=UNDER_WAY)
    held = int(leaving.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
    return sum(balance.available_minor for balance in balances) - held


def _sweep(loan: Loan, amount_minor: int, on: date) -> Act:
    payment = get_payment(loan.payment_id, by=SYSTEM)
    return sweep(payment, amount_minor=amount_minor, key=_key(loan, "sweep", on))


def _free(loan: Loan, amount_minor: int, on: date) -> Act:
    payment = get_payment(loan.payment_id, by=SYSTEM)
    return free_rest(payment, amount_minor=amount_minor, key=_key(loan, "free_rest", on))


def _key(loan: Loan, kind: str, on: date) -> str:
    """The day and a count of its acts; one that failed and the next are a single wish."""
    before = f"{kind}:{loan.payment_id}:"
    if failed := failed_wish(kind, deal_id=loan.deal_id):
        return failed.removeprefix(before)
    count = Act.objects.filter(deal_id=loan.deal_id, kind=kind).count()
    return f"{on.isoformat()}:{count + 1}"
