"""A financing lived on a chain of its own, step by step, each by the person whose step it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from scf.chain.models import ChainCommand, ChainEvent
from scf.chain.services import approve_retry, retry_command
from scf.core import clock
from scf.core.actor import Actor
from scf.financing.access import content_hash
from scf.financing.models import Acceptance, Application
from scf.financing.services import (
    ApplicationIn,
    accept_delivery,
    approve_application,
    confirm_acceptance,
    confirm_evidence,
    make_evidence_link,
    pay_out,
    pay_own_funds,
    recommend_application,
    ship_delivery,
    sign_application,
    submit_application,
)
from scf.payments.models import Payment, PaymentLine
from scf.trade.inputs import OrderLineIn, ShipmentLineIn
from scf.trade.models import DeliveryLine, Order, OrderLine
from scf.workflow import clocks
from scf.workflow.invariants import run_checks
from tests.factories.credit import ready_programme
from tests.factories.parties import somebody
from tests.factories.trade import confirmed_order
from tests.flows.conftest import Stack


def with_code(key: str) -> Actor:
    """Somebody of the cast, the second factor just shown."""
    return replace(somebody(key), stepped_up_at=clock.now())


def lines_at(*priced: tuple[str, str]) -> tuple[OrderLineIn, ...]:
    """Order lines of so many tonnes at such a price."""
    return tuple(
        OrderLineIn(
            f"货品 {number}", "TNE", Decimal(quantity), Decimal(price), 130_000, f"G-{number}"
        )
        for number, (quantity, price) in enumerate(priced, 1)
    )


@dataclass
class Life:
    """One application and its escrow, with every step by its own person."""

    stack: Stack
    application: Application
    delivered: int = 0

    @property
    def payment(self) -> Payment:
        """The escrow as it stands now."""
        return Payment.objects.get(application_id=self.application.pk)

    def status(self) -> tuple[str, str]:
        """Where application and escrow stand."""
        self.application.refresh_from_db()
        return self.application.status, self.payment.status

    def line(self, number: int) -> PaymentLine:
        """The escrow's line of an order line's number."""
        return PaymentLine.objects.get(
            payment=self.payment, order_line_id=self.order_line(number).pk
        )

    def order_line(self, number: int) -> OrderLine:
        """The order line of a number."""
        return OrderLine.objects.get(order=self.application.order_id, line_number=number)

    def recommend(self) -> "Life":
        """Zhou recommends what she was shown."""
        self.application.refresh_from_db()
        seen = content_hash(self.application)
        recommend_application(
            self.application.pk, seen=seen, opinion="贸易背景真实", by=somebody("zhou")
        )
        return self

    def approve(self) -> "Life":
        """Yi approves what he was shown."""
        self.application.refresh_from_db()
        seen = content_hash(self.application)
        approve_application(self.application.pk, seen=seen, by=with_code("yi"))
        return self

    def sign(self, *keys: str) -> "Life":
        """Buyer, core enterprise and bank sign, or only who is named."""
        for key in keys or ("nuo", "lan", "luo"):
            sign_application(self.application.pk, by=with_code(key))
        self.stack.rest()
        return self

    def own_funds(self) -> "Life":
        """Nuo pays the buyer's part."""
        pay_own_funds(self.application.pk, by=with_code("nuo"))
        self.stack.rest()
        return self

    def pay_out(self) -> "Life":
        """Luo pays the loan into the escrow."""
        pay_out(self.application.pk, by=with_code("luo"))
        self.stack.rest()
        self.application.refresh_from_db()
        return self

    def ship(self, number: int, quantity: str, **given: Any) -> DeliveryLine:
        """So much of one line leaves the seller's warehouse."""
        self.delivered += 1
        delivery = ship_delivery(
            self.application.pk,
            number=f"FH-{self.delivered}",
            lines=[ShipmentLineIn(self.order_line(number).pk, Decimal(quantity))],
            by=with_code("ku"),
            **given,
        )
        return delivery.lines.get()

    def prove(self, row: DeliveryLine) -> None:
        """The carrier confirms by its one-time link."""
        issued = make_evidence_link(self.application.pk, row.pk, by=somebody("ku"))
        confirm_evidence(
            issued.token,
            code=issued.code,
            quantity=row.shipped_quantity,
            vehicle="临A12345",
            slip_number=f"BD-{row.pk}",
            name="郝",
        )

    def accept(self, row: DeliveryLine, accepted: str, **found: str) -> Acceptance | None:
        """The buyer accepts; the acceptance that asks for money, if it does."""
        known = set(self.application.acceptances.values_list("pk", flat=True))
        accept_delivery(
            self.application.pk,
            row.pk,
            accepted=Decimal(accepted),
            reason="与合同不符" if found else "",
            by=with_code("ma"),
            **{name: Decimal(quantity) for name, quantity in found.items()},
        )
        return self.application.acceptances.exclude(pk__in=known).first()

    def confirm(self, acceptance: Acceptance | None) -> None:
        """The bank has seen the evidence."""
        assert acceptance is not None
        confirm_acceptance(self.application.pk, acceptance.pk, by=with_code("luo"))

    def deliver(self, number: int, shipped: str, accepted: str, **found: str) -> None:
        """Shipped, proved, accepted, confirmed and paid."""
        row = self.ship(number, shipped)
        self.prove(row)
        acceptance = self.accept(row, accepted, **found)
        if acceptance:
            self.confirm(acceptance)
        self.stack.rest()

    def command_of(self, key: str) -> ChainCommand:
        """The command of an act on its way to the chain."""
        return ChainCommand.objects.get(key=key)

    def give_up(self, command: ChainCommand) -> None:
        """Operations ask that a blocked command be ended, accounting agrees."""
        retry = retry_command(command.pk, by=somebody("luo"), note="放弃", gives_up=True)
        approve_retry(retry.pk, by=somebody("shen"))
        self.stack.rest()


def asked(order: Order, programme_id: Any, **changes: Any) -> ApplicationIn:
    """What the buyer asks for on all lines of an order."""
    given = ApplicationIn(
        programme_id=programme_id,
        order_line_ids=tuple(line.pk for line in order.lines.order_by("line_number")),
        matures_on=clocks.business_date() + timedelta(days=90),
        purpose="采购树脂",
    )
    return replace(given, **changes)


def submitted(
    stack: Stack,
    *,
    lines: Sequence[OrderLineIn] | None = None,
    application: dict[str, Any] | None = None,
    **terms: Any,
) -> Life:
    """Ma submits an order of the golden lines, or of those given, under a programme of its own."""
    order = confirmed_order(lines=tuple(lines)) if lines else confirmed_order()
    given = asked(order, ready_programme(**terms).pk, **(application or {}))
    return Life(stack, submit_application(given, by=somebody("ma")))


def approved(stack: Stack, **given: Any) -> Life:
    """Recommended and approved."""
    return submitted(stack, **given).recommend().approve()


def signed(stack: Stack, **given: Any) -> Life:
    """Signed by all three; the agreement stands on the chain."""
    return approved(stack, **given).sign()


def funded(stack: Stack, **given: Any) -> Life:
    """Own funds and loan part in the escrow."""
    life = signed(stack, **given)
    if life.application.own_funds_minor:
        life.own_funds()
    return life.pay_out()


def broken() -> dict[str, Any]:
    """The invariants that do not hold, and what is stuck on the way to the chain and back."""
    found: dict[str, Any] = {name: rows for name, rows in run_checks().items() if rows}
    commands = ChainCommand.objects.exclude(state="mined")
    events = ChainEvent.objects.filter(applied_at=None)
    found.update({each.key: (each.state, each.error) for each in commands})
    found.update({each.name: each.error for each in events})
    return found
