"""A deal of the cast driven step by step through the services the portals call. Every step is safe
twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from scf.banks.services import open_collection_account, record_credit
from scf.core.actor import SYSTEM
from scf.financing.access import content_hash
from scf.financing.machine import S as Applied
from scf.financing.models import Acceptance, Application
from scf.financing.services import (
    ApplicationIn,
    accept_delivery,
    agree_return,
    approve_application,
    confirm_acceptance,
    confirm_evidence,
    make_evidence_link,
    pay_out,
    pay_own_funds,
    pledge_deposit,
    recommend_application,
    ship_delivery,
    sign_application,
    submit_application,
)
from scf.loans.models import Loan
from scf.loans.selectors import loan_of, quote_settlement
from scf.payments.machine import D, L
from scf.payments.machine import S as Escrow
from scf.payments.models import Payment
from scf.payments.selectors import deposit_of, line_of, payment_of
from scf.payments.services.give_back import rest_of
from scf.rehearsal.cast import BANK, doer
from scf.rehearsal.loads import USUAL, Load, driver, weighed
from scf.rehearsal.people import acting, organization
from scf.rehearsal.stack import Stack
from scf.trade.inputs import ShipmentLineIn
from scf.trade.models import Delivery, DeliveryLine, Order, OrderLine, ReceiptLine
from scf.workflow import clocks

NOTHING = Decimal(0)
CUSTOMER = "下游客户"


@dataclass(frozen=True)
class Asked:
    """What the buyer applies for. ``own_funds_minor`` is fen; empty means the programme's share."""

    programme_id: UUID
    matures_on: date
    planned_on: date | None = None
    expires_on: date | None = None
    own_funds_minor: int | None = None


@dataclass(frozen=True)
class Found:
    """What the buyer's people find in one delivered line."""

    accepted: Decimal
    short: Decimal = NOTHING
    damaged: Decimal = NOTHING
    rejected: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        """All four together: what was in the delivery, or should have been."""
        return self.accepted + self.short + self.damaged + self.rejected


@dataclass
class Deal:
    """One order of the cast on its way; ``buyer`` and ``seller`` are keys of the cast."""

    stack: Stack
    buyer: str
    seller: str
    order: Order
    application_id: UUID | None = field(default=None)

    @property
    def application(self) -> Application:
        """The application as its row stands now."""
        if self.application_id is None:
            raise LookupError(f"nobody applied for {self.order} yet")
        return Application.objects.get(pk=self.application_id)

    @property
    def payment(self) -> Payment:
        """The escrow as its row stands now."""
        return payment_of(self.application.pk, by=SYSTEM)

    @property
    def loan(self) -> Loan:
        """The loan as its row stands now."""
        return loan_of(self.application.pk, by=SYSTEM)

    @property
    def deal_id(self) -> UUID | None:
        """The deal's id once there is an application."""
        return self.application.deal_id if self.application_id else None

    def require_deal_id(self) -> UUID:
        """The deal's id. Raises LookupError before anybody applied."""
        if self.application.deal_id is None:
            raise LookupError(f"{self.application} has no deal")
        return self.application.deal_id

    def rest(self) -> None:
        """Let what was asked of the chain for this deal come to its end."""
        if self.application_id is not None:
            self.stack.rest(self.deal_id)

    def submit(self, asked: Asked) -> None:
        """The buyer's maker applies for every line that is worth something."""
        known = Application.objects.filter(order=self.order).exclude(status__in=ENDED).first()
        if known is None:
            lines = self.order.lines.filter(amount_minor__gt=0).order_by("line_number")
            given = ApplicationIn(
                programme_id=asked.programme_id,
                order_line_ids=tuple(lines.values_list("pk", flat=True)),
                matures_on=asked.matures_on,
                funding_planned_on=asked.planned_on,
                expires_on=asked.expires_on,
                own_funds_minor=asked.own_funds_minor,
                purpose="采购货物",
            )
            known = submit_application(given, by=acting(doer(self.buyer, "apply")))
        self.application_id = known.pk

    def recommend(self) -> None:
        """The bank's reviewer, with an opinion."""
        if self.application.status == Applied.IN_REVIEW:
            seen = content_hash(self.application)
            by = acting("zhou")
            recommend_application(self.application.pk, seen=seen, opinion="贸易背景真实", by=by)

    def approve(self) -> None:
        """The bank's approver."""
        if self.application.status == Applied.RECOMMENDED:
            seen = content_hash(self.application)
            approve_application(self.application.pk, seen=seen, by=acting("yi"))

    def sign(self) -> None:
        """Buyer, seller and bank; the third signature opens the agreement on the chain."""
        for signer in (doer(self.buyer, "sign"), doer(self.seller, "sign"), "luo"):
            self.sign_by(signer)

    def sign_by(self, signer: str) -> None:
        """One of the three signs."""
        if self.application.status == Applied.APPROVED:
            sign_application(self.application.pk, by=acting(signer))

    def pay_own_funds(self) -> None:
        """The buyer's part of the price."""
        if self.payment.status == Escrow.OPEN and self.payment.own_funds_minor:
            pay_own_funds(self.application.pk, by=acting(doer(self.buyer, "sign")))

    def pledge(self) -> None:
        """The buyer's deposit, where its programme asks for one."""
        deposit = deposit_of(self.payment.pk)
        if self.application.status == Applied.SIGNED and deposit and deposit.status == D.AWAITED:
            pledge_deposit(self.application.pk, by=acting(doer(self.buyer, "sign")))

    def pay_out(self) -> None:
        """The loan part, by the bank's operations."""
        if self.application.status == Applied.SIGNED:
            pay_out(self.application.pk, by=acting("luo"))

    def ship(self, number: str, quantities: dict[UUID, Decimal], load: Load = USUAL) -> Delivery:
        """A delivery of the seller, confirmed by a carrier's one-time link, line by line."""
        delivery = Delivery.objects.filter(order=self.order, number=number).first()
        shipper = acting(doer(self.seller, "ship"))
        if delivery is None:
            lines = [ShipmentLineIn(line, quantity) for line, quantity in quantities.items()]
            delivery = ship_delivery(
                self.application.pk,
                number=number,
                lines=lines,
                carrier=load.carrier,
                vehicle=load.plate(Delivery.objects.count()),
                evidence_document_ids=load.document_ids,
                by=shipper,
            )
        for row in delivery.lines.exclude(evidence_links__used_at__isnull=False):
            self._give_evidence(row, load)
        return delivery

    def accept(self, row: DeliveryLine, found: Found, document_ids: Sequence[UUID] = ()) -> None:
        """The buyer takes over one delivered line."""
        if ReceiptLine.objects.filter(delivery_line=row).exists():
            return
        accept_delivery(
            self.application.pk,
            row.pk,
            accepted=found.accepted,
            short=found.short,
            damaged=found.damaged,
            rejected=found.rejected,
            reason="到货验收" if found.damaged or found.rejected else "",
            evidence_document_ids=document_ids,
            by=acting(doer(self.buyer, "accept")),
        )

    def confirm(self) -> None:
        """The bank's operations see the evidence and sign every acceptance that waits for them."""
        waiting = Acceptance.objects.filter(
            application=self.application, confirmed_by_bank__isnull=True
        )
        by = acting("luo")
        for acceptance in waiting:
            confirm_acceptance(self.application.pk, acceptance.pk, by=by)

    def give_back(self, lines: Sequence[OrderLine]) -> None:
        """Buyer and seller agree that what is left of these lines goes back."""
        for side in (self.buyer, self.seller):
            self.agree_to_return(lines, doer(side, "sign"))

    def agree_to_return(self, lines: Sequence[OrderLine], signer: str) -> None:
        """One side agrees that what is left of these lines goes back."""
        by = acting(signer)
        for line in lines:
            held = line_of(self.payment, line.pk)
            if held.status != L.RETURNED and rest_of(held) > 0:
                agree_return(self.application.pk, line.pk, by=by)

    def owed_minor(self) -> int:
        """What settles the loan today, in fen."""
        today = clocks.business_date()
        return quote_settlement(self.loan, on=max(today, self.loan.lived_to or today)).total_minor

    def receive(self, amount_minor: int, *, reference: str, payer: str = CUSTOMER) -> None:
        """A customer of the buyer pays into its collection account. Once a reference."""
        account = open_collection_account(
            organization(self.buyer).pk, bank_id=organization(BANK).pk
        )
        record_credit(
            account.number,
            reference=reference,
            amount_minor=amount_minor,
            payer_name=payer,
            by=SYSTEM,
        )

    def _give_evidence(self, row: DeliveryLine, load: Load) -> None:
        by = acting(doer(self.seller, "ship"))
        issued = make_evidence_link(self.application.pk, row.pk, by=by)
        serial = Delivery.objects.count()
        confirm_evidence(
            issued.token,
            code=issued.code,
            quantity=weighed(row.shipped_quantity, serial),
            vehicle=row.delivery.vehicle,
            slip_number=load.slip_number(clocks.business_date(), serial),
            name=driver(serial),
        )


ENDED = (Applied.WITHDRAWN, Applied.REJECTED, Applied.EXPIRED, Applied.CANCELLED_BY_BANK)
