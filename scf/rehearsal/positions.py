"""Where the money of one deal is after each movement: read from the bank's book and held against
the chain.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.conf import settings

from scf.chain.contracts import address_of
from scf.core.actor import SYSTEM
from scf.ledger.selectors import list_balances
from scf.loans.entries import Codes
from scf.payments.models import Payment
from scf.rehearsal.deal import Deal
from scf.wallets.ledger_accounts import bank_number_of
from scf.workflow import clocks
from scf.workflow.models import Fact


@dataclass(frozen=True)
class Position:
    """Balances in fen after one movement."""

    on: str
    event: str
    bank: int
    escrow_own: int
    escrow_loan: int
    seller: int
    buyer_general: int
    buyer_collection: int
    principal: int
    claimable: int = 0

    def as_row(self) -> dict[str, Any]:
        """The row of the golden form; ``claimable`` only when there is any."""
        row = asdict(self)
        if not self.claimable:
            del row["claimable"]
        return row

    def money(self) -> tuple[int, ...]:
        """The balances alone."""
        return tuple(value for value in asdict(self).values() if isinstance(value, int))


class Positions:
    """Watches one deal: ``look`` after each applied event adds a row when money moved."""

    def __init__(self, deal: Deal, *, label: Callable[[str], str]) -> None:
        self.rows: list[Position] = []
        self._deal, self._label = deal, label
        self._last_fact = Fact.objects.order_by("-id").values_list("pk", flat=True).first() or 0
        self._before: tuple[int, ...] | None = None
        self._checked: tuple[int, ...] | None = None

    def look(self) -> None:
        """Read the book; a movement without a name of its own belongs to the row before it."""
        if self._deal.application_id is None:
            return
        payment = Payment.objects.filter(application_id=self._deal.application_id).first()
        if payment is None:
            return
        name = self._name()
        now = self._read(payment, name)
        if self._before is None:
            self._before = now.money()
            return
        if now.money() == self._before:
            return
        self._before = now.money()
        if self._belongs_to_last(now):
            self.rows[-1] = replace(now, event=self.rows[-1].event)
        else:
            self.rows.append(now)

    def check_chain(self) -> None:
        """Hold the book's last figures against the chain's. Raises AssertionError when they
        differ.
        """
        if self._checked == self._before:
            return  # nothing moved since
        self._checked = self._before
        payment = self._deal.payment
        wallets = {
            "bank": payment.bank_wallet,
            "seller": payment.payee_wallet,
            "buyer_general": payment.buyer_wallet,
            "buyer_collection": payment.collection_wallet,
        }
        node, now = self._deal.stack.node, self._read(payment, "")
        held = {
            name: int(node.call("DigitalYuan", "balanceOf", [wallet.address]))
            for name, wallet in wallets.items()
        }
        vault = address_of(f"EscrowVault:{bank_number_of(payment.bank_id)}")
        held["escrow"] = int(node.call("DigitalYuan", "balanceOf", [vault]))
        booked = {name: getattr(now, name) for name in wallets}
        booked["escrow"] = now.escrow_own + now.escrow_loan + now.claimable
        if held != booked:
            raise AssertionError(f"chain {settings.CHAIN_ID} holds {held}, the book says {booked}")

    def _belongs_to_last(self, now: Position) -> bool:
        if not self.rows:
            return False
        last = self.rows[-1]
        if not now.event:
            return True
        # Interest paid at closing stands inside the return; one act on many lines is one row.
        is_closing = now.event == "escrow_interest" and now.escrow_own + now.escrow_loan == 0
        goes_on = is_closing or now.event == "reclaim"
        return last.event == "reclaim" and last.on == now.on and goes_on

    def _read(self, payment: Payment, event: str) -> Position:
        codes = Codes(self._deal.loan.pk)
        named = {
            "bank": payment.bank_wallet.account_code,
            "escrow_own": f"2011.82.own:{payment.pk}",
            "escrow_loan": f"2011.82.loan:{payment.pk}",
            "claimable": f"2011.82.claim:{payment.pk}",
            "seller": payment.payee_wallet.account_code,
            "buyer_general": payment.buyer_wallet.account_code,
            "buyer_collection": payment.collection_wallet.account_code,
            "principal": codes.principal,
            "overdue": codes.overdue,
        }
        rows = list_balances(payment.bank_id, by=SYSTEM, codes=named.values())
        booked = {row.code: row.balance_minor for row in rows}
        figures = {name: booked.get(code, 0) for name, code in named.items()}
        figures["principal"] += figures.pop("overdue")
        return Position(on=clocks.business_date().isoformat(), event=event, **figures)

    def _name(self) -> str:
        new = Fact.objects.filter(pk__gt=self._last_fact).order_by("id")
        found = [(fact, _name_of(fact, self._label)) for fact in new]
        if found:
            self._last_fact = found[-1][0].pk
        return next((name for _fact, name in found if name), "")


PLAIN = {
    "payment.own_funds_in": "pay_own_funds",
    "payment.funded": "pay_out",
    "payment.cancelled": "cancel",
    "payment.returned": "reclaim",
}
ACTS = {
    "mint_collection": "receive",
    "mint_interest": "escrow_interest",
    "sweep": "sweep",
    "free_rest": "free_rest",
    "repay": "repay",
}


def _name_of(fact: Fact, label: Callable[[str], str]) -> str:
    if fact.name == "payment.released":
        return f"release {label(fact.details['line_id'])}"
    if fact.name in ("wallet.minted", "wallet.moved"):
        return ACTS.get(fact.details["act_kind"], "")
    return PLAIN.get(fact.name, "")
