"""One deal walked through its pages: every step is what a person posts."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.http import HttpResponse
from django.test import Client

from scf.core.actor import SYSTEM
from scf.core.ids import new_id
from scf.financing.models import Application
from scf.financing.services import ApplicationIn, submit_application
from scf.payments.models import Payment
from scf.rehearsal.people import acting
from scf.trade.models import DeliveryLine, OrderLine
from scf.wallets.services import mint
from scf.workflow import clocks
from tests.factories.credit import ready_programme
from tests.factories.trade import confirmed_order
from tests.flows.conftest import Stack
from tests.portals.deal.people import logged_in

HIDDEN = re.compile(r'name="(seen|key)" value="([^"]+)"')


@dataclass
class Walk:
    """A deal, its chain, and a browser for each person who is needed."""

    stack: Stack
    application: Application
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, key: str) -> Client:
        if key not in self.clients:
            self.clients[key] = logged_in(key)
        return self.clients[key]

    def url(self, page: str = "") -> str:
        return f"/deals/{self.application.deal_id}/{page}"

    def get(self, key: str, page: str = "") -> HttpResponse:
        return self.client(key).get(self.url(page))

    def post(self, who: str, page: str, **data: object) -> HttpResponse:
        return self.client(who).post(self.url(page), data)

    def text(self, key: str, page: str = "") -> str:
        answer = self.get(key, page)
        assert answer.status_code == 200, (key, page, answer.status_code)
        return answer.content.decode()

    def hidden(self, key: str, page: str) -> dict[str, str]:
        """The hidden fields of a form: the hash of what was shown, the key of the act."""
        return dict(HIDDEN.findall(self.text(key, page)))

    def rest(self) -> None:
        self.stack.rest()
        self.application.refresh_from_db()

    def done(self, answer: HttpResponse) -> None:
        """The step led back to the deal's page."""
        assert answer.status_code == 302, answer.content.decode()[:3000]
        assert answer.headers["Location"] == self.url()
        self.rest()

    @property
    def payment(self) -> Payment:
        return Payment.objects.get(application_id=self.application.pk)

    def line(self, number: int) -> OrderLine:
        return OrderLine.objects.get(order=self.application.order, line_number=number)

    def recommend(self) -> None:
        seen = self.hidden("zhou", "review")["seen"]
        self.done(self.post("zhou", "recommend", seen=seen, opinion="贸易背景真实"))

    def approve(self) -> None:
        self.done(self.post("yi", "approve", seen=self.hidden("yi", "review")["seen"]))

    def sign(self) -> None:
        for key in ("nuo", "lan", "luo"):
            self.done(self.post(key, "sign"))

    def pay_own_funds(self) -> None:
        self.done(self.post("nuo", "own-funds"))

    def pay_out(self) -> None:
        self.done(self.post("luo", "pay-out"))

    def until(self, status: str) -> None:
        """Walk on to where the application (then the escrow) has this status."""
        for reached, step in (
            ("in_review", None), ("recommended", self.recommend), ("approved", self.approve),
            ("signed", self.sign), ("own_funds_in", self.pay_own_funds), ("funded", self.pay_out),
        ):  # fmt: skip
            if step:
                step()
            if reached == status:
                return
        raise AssertionError(f"no way to {status}")

    def ship(self, number: int, quantity: str, note: str) -> tuple[DeliveryLine, str, str]:
        """Ship of one line; the delivered line, the token and the code of its QR link."""
        given = {"number": note, "carrier": "驭程物流", "vehicle": "临A12345"}
        answer = self.post("ku", "ship", **given, **{f"line_{number}": quantity})
        page = answer.content.decode()
        assert answer.status_code == 200, page
        token = re.search(r"/evidence/([\w-]+)", page)[1]
        code = re.search(r'fs-2">(\d{6})<', page)[1]
        return DeliveryLine.objects.latest("id"), token, code

    def give_evidence(self, token: str, code: str, quantity: str) -> None:
        given = {"code": code, "quantity": quantity, "vehicle": "临A12345", "name": "郝"}
        assert "已确认" in Client().post(f"/evidence/{token}", given).content.decode()

    def deliver(self, number: int, quantity: str, note: str, **found: str) -> None:
        """Shipped, proved by the carrier, accepted by the buyer, confirmed by the bank."""
        row, token, code = self.ship(number, quantity, note)
        self.give_evidence(token, code, quantity)
        self.done(self.post("ma", f"accept/{row.pk}", **({"accepted": quantity} | found)))
        acceptance = self.application.acceptances.latest("id")
        self.done(self.post("luo", f"confirm/{acceptance.pk}"))

    def repay(self) -> None:
        """The buyer gets money of its own and settles the loan."""
        wallet = self.payment.buyer_wallet
        mint(wallet, amount_minor=900_000_00, key=str(new_id()), standing="opening", by=SYSTEM)
        self.rest()
        page = self.text("ma", "repay")
        key = dict(HIDDEN.findall(page))["key"]
        amount = re.search(r'name="amount" value="([\d,.]+)"', page)[1]
        self.done(self.post("ma", "repay", key=key, amount=amount))


def submitted(stack: Stack) -> Application:
    """Submitted by Ma on the order of golden deal 1."""
    order = confirmed_order()
    given = ApplicationIn(
        programme_id=ready_programme().pk,
        order_line_ids=tuple(line.pk for line in order.lines.all()),
        matures_on=clocks.business_date() + timedelta(days=90),
        purpose="采购树脂",
    )
    return submit_application(given, by=acting("ma"))
