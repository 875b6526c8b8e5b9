"""What happens to a story's deal is there to be found: slips, plates, papers, invoices, receipts.

Lived on the real ledger and a real chain, as the demo's world lives it.
"""

from datetime import date, timedelta

import pytest

from scf.banks.models import BankCredit
from scf.core import clock
from scf.documents.models import Document
from scf.financing.models import EvidenceLink
from scf.rehearsal.planted import TRANSITION
from scf.rehearsal.stack import OwnStack
from scf.rehearsal.stories import Plan, line
from scf.rehearsal.world_life import WorldLife
from scf.trade.models import Delivery, Invoice, Order, ReceiptLine
from scf.workflow.models import Fact

FUNDED_ON = date(2026, 3, 12)
UNTIL = FUNDED_ON + timedelta(days=31)


def told():
    """A deal with a slip, a plate and a test report, a bill that is taken back, and early money;
    another that is taken over in the minute it was shipped.
    """
    lines = [line("T30S", "32.500", "7350.00"), line("T30S", "31.500", "7360.00")]
    first = Plan("PO-JH-0001", "jinhe", FUNDED_ON, 30, lines[:1]).funded()
    first.shipped(1, 5, slip="BD-1", vehicle="临A12345")
    first.taken_over(1, 7, (TRANSITION,))
    first.invoiced(8).happens(13, "red_letter").repaid()
    first.happens(9, "receive", amount=10_000_00, payer="云岫三和塑业有限公司")
    second = Plan("ＰＯ－ＬＨ－０１", "liheng", FUNDED_ON, 60, lines[1:]).funded()
    second.on(FUNDED_ON - timedelta(days=9), "review_kyb", note="法定代表人变更")
    second.taken_over(1, 8)
    return [first.story("settled"), second.story("running")]


@pytest.fixture
def lived(start_anvil, settings, tmp_path, db):
    begins = FUNDED_ON - timedelta(days=20)
    settings.RPC_URL = start_anvil(timestamp=int(clock.shanghai_midnight(begins).timestamp())).url
    settings.SIGNER_KEYSTORES = str(tmp_path / "keystores")
    settings.DOCUMENTS_ROOT = str(tmp_path / "documents")
    stack = OwnStack.opened()
    life = WorldLife(stack, told(), str)
    life.live(until=UNTIL)
    yield life
    stack.node.close()


def test_what_a_story_plants_is_found_in_the_rows(lived):
    assert [row.rsplit("  ", 1)[-1].strip() for row in lived.standings()] == [
        "funded / settled / settled",
        "funded / settled / active",
    ]
    links = {link.delivery_line.delivery.order.number: link for link in EvidenceLink.objects.all()}
    first, second = links["PO-JH-0001"], links["ＰＯ－ＬＨ－０１"]
    assert (first.record["slip_number"], first.record["vehicle"]) == ("BD-1", "临A12345")
    assert second.record["vehicle"] not in ("", "临A12345")
    assert 0.998 <= float(first.record["quantity"]) / 32.5 <= 1

    (report,) = Document.objects.filter(purpose="evidence")
    receipt = ReceiptLine.objects.get(delivery_line__delivery__order__number="PO-JH-0001")
    assert receipt.evidence_document_ids == [report.pk]

    blue, red = Invoice.objects.order_by("issued_on")
    assert (blue.gross_minor, red.gross_minor) == (23_887_500, -23_887_500)
    assert red.blue_invoice == blue
    assert (red.issued_on - blue.issued_on).days == 5

    sent, taken = (
        Delivery.objects.get(order__number="ＰＯ－ＬＨ－０１"),
        ReceiptLine.objects.get(delivery_line__delivery__order__number="ＰＯ－ＬＨ－０１"),
    )
    assert abs((taken.signed_at - sent.shipped_at).total_seconds()) < 180
    assert Order.objects.get(number="PO-JH-0001").delivery_place.startswith("云岫市")
    assert BankCredit.objects.filter(payer_name="云岫三和塑业有限公司").count() == 1
    assert Fact.objects.filter(
        name="organization.verified", details__note="法定代表人变更"
    ).exists()


def test_at_rest_one_question_is_asked_and_none_of_the_chain(own_stack, django_assert_num_queries):
    own_stack.rest()
    own_stack.node.mine(1)
    own_stack.node.close()  # a question to the node would open its connection again

    with django_assert_num_queries(1):
        own_stack.rest()
