"""What each event of a scenario is: the acts of the cast, through the services the portals call."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from scf.documents.services import store_document
from scf.financing.machine import S as Applied
from scf.financing.services import (
    decide_dispute,
    open_dispute,
    reject_application,
    resubmit_application,
    return_application,
    withdraw_application,
)
from scf.loans.services import repay_loan
from scf.rehearsal.billing import bill_order, take_back
from scf.rehearsal.cast import doer
from scf.rehearsal.deal import CUSTOMER, Asked, Deal, Found
from scf.rehearsal.loads import Load
from scf.rehearsal.people import acting, review_again
from scf.rehearsal.scenario import WHAT_IS_OWED, Event, Scenario
from scf.trade.models import DeliveryLine, OrderLine
from scf.trade.selectors import open_quantity
from scf.wallets.lawful import LawfulOrder
from scf.wallets.models import Wallet
from scf.wallets.services import freeze_wallet, unfreeze_wallet


@dataclass
class Happening:
    """One scenario's deal, to which its events happen one after another."""

    scenario: Scenario
    deal: Deal
    programme_id: UUID
    lines: dict[str, OrderLine]
    counted: int = 0

    @classmethod
    def of(cls, scenario: Scenario, deal: Deal, programme_id: UUID) -> "Happening":
        """Before the first event, with the order confirmed."""
        lines = deal.order.lines.order_by("line_number")
        named = dict(zip(scenario.line_ids, lines, strict=True))
        return cls(scenario, deal, programme_id, named)

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
            # Known to the demo's own deals alone.
            "recommend": lambda _event: self.deal.recommend(),
            "approve": lambda _event: self.deal.approve(),
            "send_back_to_buyer": self._send_back_to_buyer,
            "resubmit": self._resubmit,
            "reject": self._reject,
            "invoice": self._invoice,
            "red_letter": self._red_letter,
            "review_kyb": self._review_kyb,
            "order": lambda _event: None,
        }
        # The morning's reclaim and the evening's close come by themselves.
        if event.do not in ("expire", "close_day"):
            does[event.do](event)

    def _submit(self, _event: Event) -> None:
        self.deal.submit(
            Asked(
                self.programme_id,
                matures_on=self.scenario.maturity,
                planned_on=self.scenario.funded_on,
                expires_on=self.scenario.expiry,
                own_funds_minor=self.scenario.own_funds_minor,
            )
        )

    def _pay_own_funds(self, _event: Event) -> None:
        self._get_signed()
        self.deal.pay_own_funds()
        self.deal.pledge()

    def _pay_out(self, _event: Event) -> None:
        self._get_signed()
        self.deal.pay_out()

    def _receive(self, event: Event) -> None:
        amount = event.given["amount"]
        minor = self.deal.owed_minor() if amount == WHAT_IS_OWED else int(amount)
        reference = f"{self.deal.order.number}:{event.on}:{self._count()}"
        payer = str(event.given.get("payer", CUSTOMER))
        self.deal.receive(minor, reference=reference, payer=payer)

    def _return(self, event: Event) -> None:
        self.deal.give_back([self._line(event.given["line"])])

    def _freeze(self, event: Event) -> None:
        order = LawfulOrder(f"order of {event.on}", "court", "freeze")
        freeze_wallet(self._wallet(event), order=order, by=acting("luo"))

    def _unfreeze(self, event: Event) -> None:
        order = LawfulOrder(f"order of {event.on}", "court", "lift")
        unfreeze_wallet(self._wallet(event), order=order, by=acting("luo"))

    def _get_signed(self) -> None:
        # As late as the scenario lets it: an approval and a signature do not wait for ever.
        self.deal.recommend()
        self.deal.approve()
        self.deal.stack.rest()
        self.deal.sign()
        self.deal.stack.rest()

    def _repay(self, event: Event) -> None:
        by = acting(doer(self.deal.buyer, "repay"))
        amount = event.given["amount"]
        minor = self.deal.owed_minor() if amount == WHAT_IS_OWED else int(amount)
        repay_loan(self.deal.loan.pk, amount_minor=minor, key=f"repay-{self._count()}", by=by)

    def _ship(self, event: Event) -> None:
        named = [event.given["line"]] if "line" in event.given else list(self.lines)
        quantities = {}
        for name in named:
            line = self._line(name)
            quantity = event.quantity("quantity") or open_quantity(line)
            if quantity:
                quantities[line.pk] = quantity
        self._send(quantities, event)

    def _send(self, quantities: dict[UUID, Decimal], event: Event) -> None:
        load = Load(
            vehicle=str(event.given.get("vehicle", "")),
            slip=str(event.given.get("slip", "")),
            document_ids=self._stored(event, self.deal.seller, "ship")
            if event.do == "ship"
            else (),
        )
        self.deal.ship(f"FH-{self.deal.order.number}-{self._count()}", quantities, load)
        self.deal.confirm()

    def _stored(self, event: Event, who: str, act: str) -> list[UUID]:
        """The papers of an event as documents of those who bring them."""
        by = acting(doer(who, act))
        return [
            store_document(text.encode(), name=name, purpose="evidence", by=by).pk
            for name, text in event.given.get("papers", ())
        ]

    def _accept(self, event: Event) -> None:
        found = Found(
            **{name: event.quantity(name) for name in ("accepted", "short", "damaged", "rejected")}
        )
        row = self._awaiting(event, found)
        self.deal.stack.rest()
        self.deal.accept(row, found, self._stored(event, self.deal.buyer, "accept"))
        self.deal.confirm()

    def _awaiting(self, event: Event, found: Found) -> DeliveryLine:
        line = self._line(event.given["line"])
        rows = DeliveryLine.objects.filter(order_line=line, receipt_line__isnull=True)
        on_its_way = list(rows.order_by("id"))
        fitting = [row for row in on_its_way if row.shipped_quantity == found.total]
        if fitting or on_its_way:
            return (fitting or on_its_way)[0]
        self._send({line.pk: found.total}, event)
        return rows.get()

    def _send_back_to_buyer(self, event: Event) -> None:
        codes, note = [str(event.given["code"])], str(event.given["note"])
        return_application(self.deal.application.pk, codes=codes, note=note, by=acting("zhou"))

    def _resubmit(self, event: Event) -> None:
        by = acting(doer(self.deal.buyer, "apply"))
        resubmit_application(self.deal.application.pk, purpose=str(event.given["note"]), by=by)

    def _reject(self, event: Event) -> None:
        codes, note = [str(event.given["code"])], str(event.given["note"])
        reject_application(self.deal.application.pk, codes=codes, note=note, by=acting("zhou"))

    def _withdraw(self, _event: Event) -> None:
        if self.deal.application.status == Applied.FUNDED:
            self.deal.give_back([self._line(name) for name in self.lines])
        else:
            by = acting(doer(self.deal.buyer, "apply"))
            withdraw_application(self.deal.application.pk, by=by, note="卖方撤回供货")

    def _invoice(self, _event: Event) -> None:
        bill_order(self.deal.order, by=acting(doer(self.deal.seller, "invoice")))

    def _red_letter(self, _event: Event) -> None:
        take_back(self.deal.order, by=acting(doer(self.deal.seller, "invoice")))

    def _review_kyb(self, event: Event) -> None:
        review_again(self.deal.buyer, note=str(event.given["note"]))

    def _dispute(self, event: Event) -> None:
        line = self.lines[event.given["line"]]
        by = acting(doer(self.deal.buyer, "sign"))
        reason = str(event.given.get("note", "质量异议"))
        open_dispute(self.deal.application.pk, line.pk, reason=reason, by=by)

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
        self.counted += 1
        return self.counted
