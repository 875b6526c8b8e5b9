"""The papers of a deal: issued once by what happened, read by whom it is for, verified by all."""

import re
from collections import Counter

import pytest
from django.test import Client

from scf.core.actor import SYSTEM
from scf.core.errors import NotFound
from scf.documents.models import Paper
from scf.financing.models import PaperDue
from scf.financing.services.issue_papers import make_due_papers, make_paper, note_papers
from scf.rehearsal.people import acting
from scf.workflow.models import Fact

pytestmark = pytest.mark.slow


def kinds() -> Counter[str]:
    return Counter(Paper.objects.values_list("kind", flat=True))


def test_every_step_of_a_deal_leaves_its_papers(funded):
    assert make_due_papers() == 3
    assert kinds() == {"loan_contract": 1, "pay_out_notice": 1, "drawdown_note": 1}

    funded.deliver(1, "49.9", "FH-1", short="0.1", accepted="49.9")
    for number in (2, 3):
        for key in ("nuo", "lan"):
            funded.done(funded.post(key, f"return/{funded.line(number).pk}"))
    funded.repay()
    while make_due_papers():
        pass

    payment = funded.payment
    receipts = Paper.objects.filter(kind="payment_receipt")
    # One release, two returns with a loan part and an own part each, one repayment.
    assert kinds() == {
        "loan_contract": 1,
        "pay_out_notice": 1,
        "drawdown_note": 1,
        "delivery_receipt": 1,
        "payment_receipt": 6,
        "repayment_note": 1,
        "settlement_certificate": 1,
    }
    assert {paper.data["amount_minor"] for paper in receipts} >= {payment.released_minor}
    returned = [paper for paper in receipts if "退回" in paper.data["reason"]]
    assert sum(paper.data["amount_minor"] for paper in returned) == payment.returned_minor
    assert Paper.objects.get(kind="settlement_certificate").data["amount_minor"] == 800_000_00


def test_who_a_paper_is_for_downloads_it_and_anybody_verifies_it(funded):
    make_due_papers()
    page = funded.text("ma")
    number = re.search(r"JJ\d{8}-\w+", page)[0]
    document = re.search(r"/documents/([\w-]+)", page)[0]

    assert funded.client("ma").get(document).content.startswith(b"%PDF-")
    assert "放款通知书" in funded.text("lan")
    assert "借据" not in funded.text("lan")
    note = Paper.objects.get(number=number)
    assert funded.client("lan").get(f"/documents/{note.document_id}").status_code == 404
    verified = Client().get(f"/verify/{number}").content.decode()
    assert "800,000.00" in verified
    assert note.tx_hash in verified


def test_a_paper_wanted_before_the_worker_is_made_at_once(funded):
    due = PaperDue.objects.get(kind="drawdown_note")
    answer = funded.post("ma", f"papers/{due.pk}")
    assert answer.headers["Location"].startswith("/documents/")
    assert funded.client("ma").get(answer.headers["Location"]).content.startswith(b"%PDF-")
    assert funded.post("ma", f"papers/{due.pk}").headers["Location"] == funded.url()
    assert funded.post("lan", f"papers/{due.pk}").headers["Location"] == funded.url()
    with pytest.raises(NotFound):
        make_paper(due.pk, by=acting("lan"))


def test_a_fact_heard_twice_calls_for_one_paper(funded):
    fact = Fact.objects.get(name="payment.funded")
    before = PaperDue.objects.count()
    note_papers(fact)
    assert PaperDue.objects.count() == before
    due = PaperDue.objects.get(kind="pay_out_notice")
    assert make_paper(due.pk, by=SYSTEM) == make_paper(due.pk, by=SYSTEM)
