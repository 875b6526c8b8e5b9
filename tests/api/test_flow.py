"""One purchase order by API from the first line to the payee's wallet, on a real chain.

What a person must do again with a second factor is done by that person; the rest by machines.
"""

import pytest

from scf.financing.models import Application
from scf.financing.selectors import list_unsigned_acceptances
from scf.financing.services import (
    approve_application,
    confirm_acceptance,
    confirm_evidence,
    make_evidence_link,
    pay_out,
    pay_own_funds,
    sign_acceptance,
    sign_application,
)
from scf.payments.models import Payment
from tests.api.machine import Machine, machine_of
from tests.api.test_applications import asked_for
from tests.api.test_orders import order_body
from tests.factories.credit import ready_programme
from tests.factories.parties import party, stepped_up
from tests.flows.conftest import Stack, anvil, begins, further, stack

__all__ = ["anvil", "begins", "further", "stack"]

pytestmark = pytest.mark.slow


@pytest.fixture
def funded(stack: Stack, ma, wei, zhou, yi, nuo, lan, luo) -> Application:
    """Order, confirmation, application and opinion by machines; the signatures by people."""
    buyer, seller, reviewer = machine_of(ma), machine_of(wei), machine_of(zhou)
    order = buyer.post("/orders", order_body(party("jinhe"), party("hengyan"))).json()
    assert seller.post(f"/orders/{order['id']}/confirm").status_code == 200
    application = Application(order_id=order["id"])
    made = buyer.post("/applications", asked_for(application.order, ready_programme())).json()
    path = f"/applications/{made['id']}"
    seen = reviewer.get(path).json()["seen"]
    reviewer.post(f"{path}/recommend", {"seen": seen, "opinion": "贸易背景真实"})
    seen = reviewer.get(path).json()["seen"]
    approve_application(made["id"], seen=seen, by=yi)
    for signer in (nuo, lan, luo):
        sign_application(made["id"], by=signer)
    stack.rest()
    pay_own_funds(made["id"], by=nuo)
    stack.rest()
    pay_out(made["id"], by=luo)
    stack.rest()
    return Application.objects.get(pk=made["id"])


def accepted(application: Application, line: dict, quantity: str, machines: dict, ku) -> dict:
    """A line shipped by the seller's machine, carried, accepted by the buyer's machine."""
    shipped = machines["seller"].post(
        "/deliveries",
        {
            "application_id": str(application.pk),
            "number": f"FH-{line['line_number']}",
            "vehicle": "临A12345",
            "lines": [{"order_line_id": line["id"], "quantity": quantity}],
        },
    )
    assert shipped.status_code == 201, shipped.content
    row = shipped.json()["lines"][0]
    issued = make_evidence_link(application.pk, row["id"], by=ku)
    confirm_evidence(
        issued.token,
        code=issued.code,
        quantity=issued.link.delivery_line.shipped_quantity,
        vehicle="临A12345",
        slip_number="BD-1",
        name="郝",
    )
    receipt = machines["buyer"].post(
        f"/applications/{application.pk}/delivery-lines/{row['id']}/accept", {"accepted": quantity}
    )
    assert receipt.status_code == 201, receipt.content
    return row


def signed_and_confirmed(application: Application, row: dict, machines: dict, people) -> None:
    """What the buyer's machine recorded is signed by a person of each side; no key can (K24)."""
    (acceptance,) = list_unsigned_acceptances(by=people["buyer"])
    assert acceptance.delivery_line_id == row["id"]
    path = f"/deals/{application.deal_id}"
    assert machines["bank"].get(path).json()["waiting_acceptances"] == []
    assert machines["buyer"].get(path).json()["turn"]["is_mine"]
    sign_acceptance(application.pk, acceptance.pk, by=people["buyer"])
    (waiting,) = machines["bank"].get(path).json()["waiting_acceptances"]
    confirm = f"/applications/{application.pk}/acceptances/{waiting['id']}/confirm"
    refused = machines["bank"].post(confirm)
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
    confirm_acceptance(application.pk, waiting["id"], by=people["bank"])


def test_an_order_goes_by_api_from_its_lines_to_the_payees_wallet(funded, stack, ma, ku, luo, sly):
    machines = {"buyer": machine_of(ma), "seller": machine_of(ku), "bank": machine_of(luo)}
    order = machines["buyer"].get(f"/orders/{funded.order_id}").json()
    for line in order["lines"]:
        row = accepted(funded, line, line["quantity"], machines, ku)
        signed_and_confirmed(funded, row, machines, {"buyer": stepped_up(ma), "bank": luo})
        stack.rest()

    deal = machines["buyer"].get(f"/deals/{funded.deal_id}").json()
    payment = Payment.objects.get(application_id=funded.pk)
    assert deal["statuses"]["escrow"] == payment.status == "settled"
    assert deal["money"]["released_minor"] == order["total_minor"]
    assert stack.balance(payment.payee_wallet) == order["total_minor"]
    releases = [each for each in deal["timeline"] if each["name"] == "payment.released"]
    assert len(releases) == 2
    assert all(each["tx_hash"].startswith("0x") for each in releases)
    assert all(isinstance(each["confirmations"], int) for each in releases)
    _loan_is_shown_and_repaid_by_a_person_only(deal, machines["buyer"])
    _a_stranger_sees_nothing_of_it(deal, machine_of(sly), machines["seller"])


def _loan_is_shown_and_repaid_by_a_person_only(deal: dict, buyer: Machine) -> None:
    loan = buyer.get(f"/loans/{deal['loan_id']}").json()
    assert loan["loan"]["status"] == "active"
    assert loan["settlement"]["principal_minor"] == deal["money"]["outstanding_minor"]
    quote = buyer.get(f"/loans/{deal['loan_id']}/quote", {"on": loan["loan"]["matures_on"]}).json()
    assert (quote["days_early"], quote["saved_minor"]) == (0, 0)
    assert quote["settlement"]["principal_minor"] == loan["settlement"]["principal_minor"]
    past = buyer.get(f"/loans/{deal['loan_id']}/quote", {"on": "2020-01-01"})
    assert (past.status_code, past.json()["code"]) == (422, "day_is_past")
    listed = buyer.get("/loans", {"status": "active"}).json()["results"]
    assert [each["id"] for each in listed] == [deal["loan_id"]]
    refused = buyer.post(f"/loans/{deal['loan_id']}/repay", {"amount_minor": 1})
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")


def _a_stranger_sees_nothing_of_it(deal: dict, stranger: Machine, seller: Machine) -> None:
    delivery = seller.get("/deliveries").json()["results"][0]
    for path in (f"/loans/{deal['loan_id']}", f"/deals/{deal['id']}"):
        assert stranger.get(path).status_code == 404
    assert stranger.get(f"/deliveries/{delivery['id']}").status_code == 404
    assert stranger.get("/loans").json()["results"] == []
    refused = stranger.post(f"/loans/{deal['loan_id']}/repay", {"amount_minor": 1})
    assert refused.status_code == 404


def test_a_line_cannot_be_shipped_before_the_money_is_there(ma, wei, ku, stack):
    buyer, seller = machine_of(ma), machine_of(wei)
    order = buyer.post("/orders", order_body(party("jinhe"), party("hengyan"))).json()
    seller.post(f"/orders/{order['id']}/confirm")
    application = Application(order_id=order["id"])
    made = buyer.post("/applications", asked_for(application.order, ready_programme())).json()
    refused = machine_of(ku).post(
        "/deliveries",
        {
            "application_id": made["id"],
            "number": "FH-1",
            "lines": [{"order_line_id": order["lines"][0]["id"], "quantity": "1"}],
        },
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "not_funded")
