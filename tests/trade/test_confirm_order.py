"""The seller says yes to an order, or somebody takes it back, or shows it to a bank."""

from decimal import Decimal

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound
from scf.documents.services import open_document, store_document
from scf.parties.permissions import Permission
from scf.trade.models import OrderShare
from scf.trade.selectors import get_order
from scf.trade.services import (
    cancel_order,
    confirm_order,
    create_order,
    record_receipt,
    share_order,
)
from scf.workflow.models import Fact
from tests.factories.parties import also
from tests.factories.trade import (
    confirmed_order,
    draft_order,
    lines_of,
    order_given,
    reserved_order,
    shipped_line,
)

pytestmark = pytest.mark.django_db


def test_the_seller_confirms_and_every_line_is_confirmed(wei):
    order = draft_order()

    confirm_order(order.pk, by=wei)

    assert get_order(order.pk, by=wei).status == "confirmed"
    assert {line.status for line in lines_of(order)} == {"confirmed"}
    assert Fact.objects.filter(name="order_line.confirmed").count() == 3


def test_the_buyer_cannot_confirm_for_the_seller(ma):
    order = draft_order()

    with pytest.raises(Forbidden) as refusal:
        confirm_order(order.pk, by=also(ma, Permission.ORDER_CONFIRM))
    assert refusal.value.code == "not_your_side"


def test_a_stranger_finds_no_order_to_confirm(sly):
    with pytest.raises(NotFound):
        confirm_order(draft_order().pk, by=also(sly, Permission.ORDER_CONFIRM))


def test_who_wrote_the_order_for_the_seller_cannot_confirm_it(wei, lan):
    order = create_order(order_given(), by=wei)

    with pytest.raises(Forbidden) as refusal:
        confirm_order(order.pk, by=wei)
    assert refusal.value.code == "four_eyes"
    assert confirm_order(order.pk, by=lan).status == "confirmed"


def test_confirming_twice_is_a_conflict(wei):
    order = confirmed_order()

    with pytest.raises(Conflict) as refusal:
        confirm_order(order.pk, by=wei)
    assert refusal.value.code == "wrong_state"


def test_the_seller_takes_a_confirmed_order_back_and_the_buyer_cannot(ma, wei):
    order = confirmed_order()

    with pytest.raises(Forbidden):
        cancel_order(order.pk, by=ma, reason="不要了")
    cancel_order(order.pk, by=wei, reason="没有货")

    assert get_order(order.pk, by=ma).status == "cancelled"
    assert {line.status for line in lines_of(order)} == {"cancelled"}


def test_a_financed_order_cannot_be_cancelled(wei):
    order, _application_id, _deal_id = reserved_order()

    with pytest.raises(Conflict):
        cancel_order(order.pk, by=wei, reason="没有货")
    assert get_order(order.pk, by=wei).status == "confirmed"
    assert {line.status for line in lines_of(order)} == {"locked"}


def test_a_stranger_finds_no_order_to_cancel(sly):
    with pytest.raises(NotFound):
        cancel_order(draft_order().pk, by=also(sly, Permission.ORDER_IMPORT), reason="-")


def test_a_bank_sees_an_order_once_it_is_shown_to_it(ma, zhou, sly, yuanfan):
    order = confirmed_order()
    with pytest.raises(NotFound):
        get_order(order.pk, by=zhou)

    share_order(order.pk, organization_id=yuanfan.pk, by=ma)

    assert get_order(order.pk, by=zhou) == order
    assert order.pk not in {each.subject_id for each in Fact.objects.visible_to(sly)}
    with pytest.raises(NotFound):
        get_order(order.pk, by=sly)


def test_showing_it_twice_shows_it_once(ma, yuanfan):
    order = confirmed_order()

    for _time in range(2):
        share_order(order.pk, organization_id=yuanfan.pk, by=ma)

    assert OrderShare.objects.filter(organization=yuanfan).count() == 1
    assert Fact.objects.filter(name="order.shared").count() == 1


def test_the_bank_it_was_shown_to_cannot_show_it_on(ma, zhou, yuanfan, dongling):
    order = confirmed_order()
    share_order(order.pk, organization_id=yuanfan.pk, by=ma)

    with pytest.raises(Forbidden):
        share_order(order.pk, organization_id=dongling.pk, by=zhou)


def test_a_stranger_cannot_show_it_to_anybody(sly, dongling):
    with pytest.raises(NotFound):
        share_order(confirmed_order().pk, organization_id=dongling.pk, by=sly)


def test_the_bank_reads_the_papers_of_the_order_before_and_after_it_is_shown(ma, zhou, yuanfan):
    paper = store_document(b"a,b\n1,2\n", name="order.csv", by=ma).pk
    order = confirmed_order(document_id=paper)
    with pytest.raises(NotFound):
        open_document(paper, by=zhou)

    share_order(order.pk, organization_id=yuanfan.pk, by=ma)

    assert open_document(paper, by=zhou)[0].pk == paper
    slip = store_document(b"a,b\n3,4\n", name="slip.csv", by=ma).pk
    delivery_line = shipped_line(lines_of(order)[0], "50")
    record_receipt(delivery_line.pk, accepted=Decimal(50), evidence_document_ids=[slip], by=ma)
    assert open_document(slip, by=zhou)[0].pk == slip
