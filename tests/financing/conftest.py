"""A chain whose clock begins on 9 March 2026, and golden deal 1 lived on it day by day."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from scf.banks.services import open_collection_account, record_credit
from scf.core import clock
from scf.core.actor import SYSTEM, Actor
from scf.credit.models import Programme
from scf.financing import day_end
from scf.financing.access import content_hash
from scf.financing.models import Application
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
from scf.trade.inputs import ShipmentLineIn
from scf.wallets.models import Purpose
from scf.wallets.selectors import wallet_of
from scf.wallets.services import exchange
from scf.workflow import clocks
from tests.factories.credit import ready_programme
from tests.factories.parties import party, somebody
from tests.factories.trade import confirmed_order
from tests.flows.conftest import Further, Stack, anvil, stack
from tests.loans.deal import EXPIRY, FUNDED, MATURITY

__all__ = ["anvil", "stack"]
BEGINS = date(2026, 3, 9)


@pytest.fixture
def begins() -> date:
    """A chain in the past, with the bank day that belongs to it."""
    return BEGINS


def with_code(key: str) -> Actor:
    """Somebody of the cast, the second factor just shown."""
    return replace(somebody(key), stepped_up_at=clock.now())


@dataclass
class Deal:
    """The deal and the days it lives through."""

    stack: Stack
    application: Application

    def go_to(self, day: date) -> list[str]:
        """Live the days up to the morning of a date; the lines that were told."""
        told: list[str] = []
        day_end.advance_days(to=day, node=self.stack.node, quiet=self.stack.rest, tell=told.append)
        return told

    def accept(self, line_number: int, accepted: str, **rest: str) -> None:
        """A line comes, its carrier confirms, the buyer accepts, the bank has seen the evidence."""
        line = self.application.order.lines.get(line_number=line_number)
        delivery = ship_delivery(
            self.application.pk,
            number=f"FH-{line_number}",
            lines=[ShipmentLineIn(line.pk, line.quantity)],
            by=somebody("ku"),
        )
        row = delivery.lines.get()
        issued = make_evidence_link(self.application.pk, row.pk, by=somebody("ku"))
        confirm_evidence(
            issued.token,
            code=issued.code,
            quantity=line.quantity,
            vehicle="临A12345",
            slip_number=f"BD-{line_number}",
            name="郝",
        )
        found = {name: Decimal(quantity) for name, quantity in rest.items()}
        accept_delivery(
            self.application.pk,
            row.pk,
            accepted=Decimal(accepted),
            reason="数量不符" if found else "",
            by=with_code("ma"),
            **found,
        )
        acceptance = self.application.acceptances.latest("id")
        confirm_acceptance(self.application.pk, acceptance.pk, by=with_code("luo"))
        self.stack.rest()

    def receive(self, amount_minor: int) -> None:
        """A customer of the buyer pays into its collection account."""
        account = open_collection_account(party("jinhe").pk, bank_id=party("yuanfan").pk)
        reference = f"TX-{clocks.business_date()}"
        record_credit(
            account.number,
            reference=reference,
            amount_minor=amount_minor,
            payer_name="某经销商",
            by=SYSTEM,
        )
        self.stack.rest()


def fill(deal: Deal, amount_minor: int) -> None:
    """The buyer has so much more in its general wallet."""
    general = wallet_of(
        deal.application.buyer_id, bank_id=deal.application.bank_id, purpose=Purpose.GENERAL
    )
    exchange(general.pk, amount_minor=amount_minor, reference="HX-fill", by=with_code("luo"))
    deal.stack.rest()


@pytest.fixture
def programme_changes() -> dict[str, object]:
    """What a variant changes in the programme's terms."""
    return {}


def apply_and_approve(stack: Stack, programme: Programme, **changes: object) -> Deal:
    """The order of golden deal 1, or what is changed of it, submitted, recommended and approved."""
    matures_on = changes.pop("matures_on", MATURITY)
    order = confirmed_order(**changes)
    application = submit_application(
        ApplicationIn(
            programme_id=programme.pk,
            order_line_ids=tuple(line.pk for line in order.lines.all()),
            funding_planned_on=FUNDED,
            expires_on=EXPIRY,
            matures_on=matures_on,
            purpose="采购树脂",
        ),
        by=somebody("ma"),
    )
    recommend_application(
        application.pk,
        seen=content_hash(application),
        opinion="贸易背景真实",
        by=somebody("zhou"),
    )
    application.refresh_from_db()
    approve_application(application.pk, seen=content_hash(application), by=with_code("yi"))
    return Deal(stack, application)


def sign(deal: Deal) -> Deal:
    """Signed by buyer, core enterprise and bank."""
    for key in ("nuo", "lan", "luo"):
        sign_application(deal.application.pk, by=with_code(key))
    deal.stack.rest()
    return deal


def fund(deal: Deal) -> Deal:
    """Own funds paid in and the loan part paid out, today."""
    pay_own_funds(deal.application.pk, by=with_code("nuo"))
    deal.stack.rest()
    pay_out(deal.application.pk, by=with_code("luo"))
    deal.stack.rest()
    deal.application.refresh_from_db()
    return deal


LIVED: dict[str, Callable[[Deal], object]] = {
    "approved": lambda deal: deal,
    "signed": sign,
    "deal": lambda deal: fund_in_time(sign(deal)),
}


def fund_in_time(deal: Deal) -> Deal:
    """Own funds on the 11th, paid out on the 12th of March."""
    deal.go_to(date(2026, 3, 11))
    pay_own_funds(deal.application.pk, by=with_code("nuo"))
    deal.stack.rest()
    deal.go_to(FUNDED)
    pay_out(deal.application.pk, by=with_code("luo"))
    deal.stack.rest()
    return deal


@pytest.fixture
def further(request: pytest.FixtureRequest, programme_changes: dict[str, object]) -> Further:
    """Golden deal 1 as far as the test asks for it."""
    reached = [name for name in LIVED if name in request.fixturenames]
    if not reached:
        return Further()

    def live(stack: Stack) -> None:
        LIVED[reached[-1]](apply_and_approve(stack, ready_programme(**programme_changes)))

    return Further(f"{reached[-1]} {programme_changes}", live)


@pytest.fixture
def approved(stack: Stack) -> Deal:
    """Golden deal 1 on 9 March."""
    return Deal(stack, Application.objects.get())


@pytest.fixture
def signed(approved: Deal) -> Deal:
    """All have signed on 9 March."""
    return approved


@pytest.fixture
def deal(signed: Deal) -> Deal:
    """Own funds on the 11th, paid out on the 12th of March."""
    return signed
