"""Two persons press the same button in the same second: one succeeds, one hears why not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import DomainError, NotFound
from scf.financing.access import content_hash
from scf.financing.models import Application
from scf.financing.services import (
    accept_delivery,
    approve_application,
    confirm_evidence,
    make_evidence_link,
    pay_out,
    submit_application,
)
from scf.parties.services import grant_role
from scf.trade.models import Reservation
from scf.wallets.models import Act, Purpose, StatusOrder
from scf.wallets.selectors import wallet_of
from scf.wallets.services import exchange, freeze_wallet
from scf.workflow.models import Fact
from tests.factories.credit import ready_programme
from tests.factories.parties import also, party, somebody
from tests.factories.trade import confirmed_order
from tests.factories.wallets import LIFT, ORDER
from tests.payments.lives import asked, broken, funded, signed, submitted, with_code

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def begins() -> None:
    """A chain of today, unlike that of the golden deal in this room."""


def at_once(*presses: Callable[[], object]) -> list[str]:
    """Press all of them in the same second; what each hears, in order of words."""
    start = Barrier(len(presses))

    def press(one: Callable[[], object]) -> str:
        try:
            start.wait(10)
            one()
        except DomainError as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(presses)) as threads:
        return sorted(threads.map(press, presses))


def another(key: str, role: str, permission: str) -> Actor:
    """A second person of the bank with this role."""
    actor = with_code(key)
    grant_role(party("yuanfan").pk, person_id=actor.person_id, role=role, by=SYSTEM)
    return also(actor, permission)


def test_of_two_approvers_one_approves(stack):
    life = submitted(stack).recommend()
    life.application.refresh_from_db()
    seen, pk = content_hash(life.application), life.application.pk
    approvers = with_code("yi"), another("chen", "bank_approver", "application:approve")

    answers = at_once(
        *(lambda by=by: approve_application(pk, seen=seen, by=by) for by in approvers)
    )

    assert answers == ["done", "wrong_state"]
    assert Fact.objects.filter(name="application.approved").count() == 1
    life.sign()
    assert life.status() == ("signed", "open")


def test_of_two_pay_outs_one_is_ordered_and_paid(stack, settings, anvil):
    settings.RPC_URL = anvil.url
    life = signed(stack).own_funds()
    pk = life.application.pk
    payers = with_code("luo"), another("shen", "bank_operations", "application:pay_out")

    answers = at_once(*(lambda by=by: pay_out(pk, by=by) for by in payers))

    assert answers == ["done", "wrong_state"]
    stack.rest()
    assert Act.objects.filter(kind="fund").count() == 1
    assert life.payment.funded_minor == 800_000_00
    assert broken() == {}


def test_of_two_applications_for_the_same_lines_one_is_submitted():
    order, programme = confirmed_order(), ready_programme()
    given, ma = asked(order, programme.pk), somebody("ma")

    answers = at_once(*[lambda: submit_application(given, by=ma)] * 4)

    assert answers == ["done", "line_locked", "line_locked", "line_locked"]
    assert Application.objects.count() == 1
    assert Reservation.objects.count() == 3


def test_two_applications_of_one_second_get_two_numbers():
    orders = confirmed_order(), confirmed_order(number="PO-2026-0306")
    programme, ma = ready_programme(borrower_minor=2_000_000_00), somebody("ma")
    wishes = [asked(order, programme.pk) for order in orders]
    presses = [lambda given=given: submit_application(given, by=ma) for given in wishes]

    assert at_once(*presses) == ["done", "done"]
    assert len(set(Application.objects.values_list("number", flat=True))) == 2


def test_a_delivery_accepted_twice_at_once_is_paid_once(stack, settings, anvil):
    settings.RPC_URL = anvil.url
    life = funded(stack)
    row = life.ship(1, "50")
    life.prove(row)
    pk, ma = life.application.pk, with_code("ma")

    answers = at_once(*[lambda: accept_delivery(pk, row.pk, accepted=Decimal(50), by=ma)] * 2)

    assert answers == ["already_received", "done"]
    life.confirm(life.application.acceptances.get())
    stack.rest()
    assert life.line(1).released_minor == 380_206_50
    assert broken() == {}


def test_an_exchange_ordered_twice_at_once_is_one_and_of_two_orders_about_a_wallet_one_goes(stack):
    luo = with_code("luo")
    mine = wallet_of(party("jinhe").pk, bank_id=party("yuanfan").pk, purpose=Purpose.GENERAL)
    issues = Act.objects.filter(kind="mint", amount_minor=7_77)

    def issue() -> object:
        return exchange(mine.pk, amount_minor=7_77, reference="HX-7", by=luo)

    assert at_once(*[issue] * 3) == ["done"] * 3
    assert issues.count() == 1

    orders = [
        lambda order=order: freeze_wallet(mine, order=order, by=luo) for order in (ORDER, LIFT)
    ]
    assert at_once(*orders)[0] == "done"
    assert Act.objects.filter(kind="freeze").count() == StatusOrder.objects.count() == 1


def test_codes_guessed_at_once_are_counted_one_by_one(stack):
    life = funded(stack)
    row = life.ship(1, "50")
    issued = make_evidence_link(life.application.pk, row.pk, by=somebody("ku"))
    wrong = f"{(int(issued.code) + 1) % 1_000_000:06d}"
    said = {"quantity": Decimal(50), "vehicle": "临A1", "slip_number": "BD-1", "name": "郝"}

    def guess() -> object:
        return confirm_evidence(issued.token, code=wrong, **said)

    assert at_once(*[guess] * 8) == ["link_gone"] * 3 + ["wrong_code"] * 5
    with pytest.raises(NotFound):
        confirm_evidence(issued.token, code=issued.code, **said)
