"""Living a scenario on a stack of its own, day by day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from scf.financing.day_end import DAY, close_day, start_day
from scf.financing.machine import S as Applied
from scf.financing.services import decide_dispute, open_dispute, withdraw_application
from scf.loans.machine import PAID
from scf.loans.models import Loan
from scf.loans.services import repay_loan
from scf.rehearsal.cast import BANK, ENTERPRISE, GOLDEN_BUYER, SUPPLIER, doer
from scf.rehearsal.deal import Asked, Deal, Found
from scf.rehearsal.opening import confirmed_order, open_balances, ready_programme
from scf.rehearsal.people import acting
from scf.rehearsal.positions import Positions
from scf.rehearsal.scenario import Event, Scenario
from scf.rehearsal.stack import OwnStack
from scf.rehearsal.world import build_world
from scf.trade.models import DeliveryLine, OrderLine
from scf.trade.selectors import open_quantity
from scf.wallets.models import Wallet
from scf.wallets.services import freeze_wallet, unfreeze_wallet


@dataclass
class Life:
    """One scenario being lived."""

    scenario: Scenario
    stack: OwnStack
    deal: Deal
    programme_id: UUID
    positions: Positions
    lines: dict[str, OrderLine] = field(default_factory=dict)
    deliveries: int = 0

    @classmethod
    def begun(cls, scenario: Scenario, stack: OwnStack) -> "Life":
        """World, programme, opening balances and the confirmed order, on the morning of the first
        event.
        """
        start_day(scenario.begins_on, node=stack.node, quiet=stack.rest)
        buyer, seller = (
            (ENTERPRISE, SUPPLIER) if scenario.buyer_is_anchor else (GOLDEN_BUYER, ENTERPRISE)
        )
        build_world(stack, keys=(BANK, buyer, seller))
        programme_id = ready_programme(scenario, buyer, seller)
        open_balances(scenario, stack, buyer, seller)
        deal = Deal(stack, buyer, seller, confirmed_order(scenario, buyer, seller))
        lines = dict(zip(scenario.line_ids, deal.order.lines.order_by("line_number"), strict=True))
        labels = {str(line.pk): name for name, line in lines.items()}
        positions = Positions(deal, label=labels.__getitem__)
        stack.watchers.append(positions.look)
        return cls(scenario, stack, deal, programme_id, positions, lines)

    def live(self, *, tell: Callable[[str], object] = str) -> None:
        """From the first event to the end: settled, or the later of last event and maturity."""
        events = list(self.scenario.events)
        day = self.scenario.begins_on
        while True:
            while events and events[0].on == day:
                event = events.pop(0)
                tell(f"{day} {event.do}")
                self.happen(event)
                self._rest()
            close_day(day, quiet=self._rest)
            if self._is_settled() or day >= self.scenario.lasts_until:
                return
            day += DAY
            start_day(day, node=self.stack.node, quiet=self._rest)

    def happen(self, event: Event) -> None:
        """Do what the event says; the chain comes to rest afterwards."""
        does: dict[str, Callable[[Event], None]] = {
            "submit": self._submit,
            "pay_own_funds": self._pay_own_funds,
            "pay_out": self._pay_out,
            "ship": self._ship,
            "accept": self._accept,
            "return_line": self._return,
            "withdraw_by_seller": self._withdraw,
            "dispute": self._dispute,
            "resolve": self._resolve,
            "freeze": self._freeze,
            "unfreeze": self._unfreeze,
            "receive": self._receive,
            "repay": self._repay,
        }
        # The morning's reclaim and the evening's close come by themselves.
        if event.do not in ("expire", "close_day"):
            does[event.do](event)

    def _submit(self, _event: Event) -> None:
        terms = self.scenario.terms
        self.deal.submit(
            Asked(
                self.programme_id,
                matures_on=self.scenario.maturity,
                planned_on=self.scenario.funded_on,
                expires_on=self.scenario.expiry,
                own_funds_minor=int(terms["own_funds"]),
            )
        )

    def _pay_own_funds(self, _event: Event) -> None:
        self._get_signed()
        self.deal.pay_own_funds()

    def _pay_out(self, _event: Event) -> None:
        self._get_signed()
        self.deal.pay_out()

    def _receive(self, event: Event) -> None:
        reference = f"R{event.on}:{self._count()}"
        self.deal.receive(int(event.given["amount"]), reference=reference)

    def _return(self, event: Event) -> None:
        self.deal.give_back([self._line(event.given["line"])])

    def _freeze(self, event: Event) -> None:
        freeze_wallet(self._wallet(event), order=f"order of {event.on}", by=acting("luo"))

    def _unfreeze(self, event: Event) -> None:
        unfreeze_wallet(self._wallet(event), by=acting("luo"))

    def _get_signed(self) -> None:
        # As late as the scenario lets it: an approval and a signature do not wait for ever.
        self.deal.recommend()
        self.deal.approve()
        self._rest()
        self.deal.sign()
        self._rest()

    def _repay(self, event: Event) -> None:
        by = acting(doer(self.deal.buyer, "repay"))
        amount, key = int(event.given["amount"]), f"repay-{self._count()}"
        repay_loan(self.deal.loan.pk, amount_minor=amount, key=key, by=by)

    def _ship(self, event: Event) -> None:
        named = [event.given["line"]] if "line" in event.given else list(self.lines)
        quantities = {}
        for name in named:
            line = self._line(name)
            quantity = event.quantity("quantity") or open_quantity(line)
            if quantity:
                quantities[line.pk] = quantity
        self.deal.ship(f"FH-{self._count()}", quantities)
        self.deal.confirm()

    def _accept(self, event: Event) -> None:
        found = Found(
            **{name: event.quantity(name) for name in ("accepted", "short", "damaged", "rejected")}
        )
        row = self._awaiting(event.given["line"], found)
        self._rest()
        self.deal.accept(row, found)
        self.deal.confirm()

    def _awaiting(self, name: str, found: Found) -> DeliveryLine:
        line = self._line(name)
        rows = DeliveryLine.objects.filter(order_line=line, receipt_line__isnull=True)
        on_its_way = list(rows.order_by("id"))
        fitting = [row for row in on_its_way if row.shipped_quantity == found.total]
        if fitting or on_its_way:
            return (fitting or on_its_way)[0]
        self.deal.ship(f"FH-{self._count()}", {line.pk: found.total})
        self.deal.confirm()
        return rows.get()

    def _withdraw(self, _event: Event) -> None:
        if self.deal.application.status == Applied.FUNDED:
            self.deal.give_back([self._line(name) for name in self.lines])
        else:
            by = acting(doer(self.deal.buyer, "apply"))
            withdraw_application(self.deal.application.pk, by=by, note="卖方撤回供货")

    def _dispute(self, event: Event) -> None:
        line = self.lines[event.given["line"]]
        by = acting(doer(self.deal.buyer, "sign"))
        open_dispute(self.deal.application.pk, line.pk, reason="质量异议", by=by)

    def _resolve(self, event: Event) -> None:
        decide_dispute(
            self.deal.application.pk,
            self.lines[event.given["line"]].pk,
            payee_gets_minor=int(event.given["to_payee"]),
            decision="按独立质检报告裁定",
            by=acting("luo"),
        )

    def _wallet(self, event: Event) -> Wallet:
        payment = self.deal.payment
        frozen: dict[str, Wallet] = {
            "seller": payment.payee_wallet,
            "payee": payment.payee_wallet,
            "buyer": payment.buyer_wallet,
            "buyer_general": payment.buyer_wallet,
            "buyer_collection": payment.collection_wallet,
            "bank": payment.bank_wallet,
        }
        return Wallet.objects.get(pk=frozen[event.given["who"]].pk)

    def _line(self, name: str) -> OrderLine:
        return OrderLine.objects.get(pk=self.lines[name].pk)

    def _count(self) -> int:
        self.deliveries += 1
        return self.deliveries

    def _is_settled(self) -> bool:
        deal_id = self.deal.deal_id
        return (
            deal_id is not None and Loan.objects.filter(deal_id=deal_id, status__in=PAID).exists()
        )

    def _rest(self) -> None:
        self.stack.rest()
        if self.deal.application_id and self.positions.rows:
            self.positions.check_chain()
