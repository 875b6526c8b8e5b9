"""A joint loan (联合贷) on the chain, from the programme to its settlement, every fen shared."""

from datetime import date, timedelta

import pytest

from scf.credit.partners import Partner
from scf.financing.access import content_hash
from scf.financing.models import PaperDue
from scf.financing.services import approve_as_lender
from scf.loans.funders import funder_shares, list_acts
from scf.loans.models import Loan
from scf.loans.reports.settlement import settles_minor
from scf.notifications.selectors import list_inbox
from scf.notifications.services import tell
from scf.notifications.wording import said_of
from scf.payments.models import Payment
from scf.workflow.models import Fact
from scf.workflow.selectors import timeline
from tests.factories.credit import ready_programme
from tests.factories.parties import party
from tests.financing.conftest import apply_and_approve, fund_in_time, sign, with_code
from tests.loans.deal import EXPIRY, MATURITY
from tests.payments.lives import broken
from tests.portals.rooms import browser_of, text_of


@pytest.mark.slow
def test_a_joint_deal_ends_with_every_lenders_book_at_zero(stack, settings):
    settings.RPC_URL = stack.chain.url
    partner = party("dongling").pk
    deal = apply_and_approve(stack, ready_programme(partners=(Partner(str(partner), 333_333),)))
    deal.application.refresh_from_db()
    approve_as_lender(deal.application.pk, seen=content_hash(deal.application), by=with_code("sly"))
    fund_in_time(sign(deal))
    deal.go_to(date(2026, 3, 23))
    deal.accept(1, "49", short="1")
    deal.go_to(EXPIRY)
    deal.receive(500_000_00)
    deal.go_to(MATURITY + timedelta(days=1))

    loan = Loan.objects.get()
    assert loan.status == "settled"
    books = {book.funder: book for book in funder_shares(loan)}
    own, other = books[str(loan.bank_id)], books[str(partner)]
    assert other.lent_minor == 266_666_40  # 33.3333 % of 800,000.00
    assert own.outstanding_minor == other.outstanding_minor == 0
    assert own.lent_minor + other.lent_minor == loan.drawn_minor
    earned = own.got_back.interest_minor + other.got_back.interest_minor
    assert earned == loan.interest_paid_minor > 0
    kinds = [row.kind.value for row in list_acts(loan)]
    assert kinds == ["draw", "return", "repay"]
    assert sum(settles_minor(row, other.funder) for row in list_acts(loan)) == (
        other.got_back.interest_minor
    )
    assert broken() == {}

    sly = with_code("sly")
    note = PaperDue.objects.get(kind="drawdown_note")
    assert note.data["lender"] == (
        f"{party('yuanfan').name} 66.6667 %；{party('dongling').name} 33.3333 %"
    )
    assert partner in note.audience
    assert Payment.objects.visible_to(sly).get().agreement_id == Payment.objects.get().agreement_id
    told = {fact.name for fact in timeline(deal.application.deal_id, by=sly)}
    assert {"payment.funded", "payment.released", "loan.settled"} <= told
    tell(list(Fact.objects.order_by("id")))
    titles = [said.title for said in said_of(list(list_inbox(by=sly)))]
    assert sum("联合贷款发生借款 800,000.00 元" in title for title in titles) == 1
    assert sum("的联合贷款还款" in title for title in titles) == 2  # the return, and the sweep
    page = text_of(browser_of("sly").get(f"/loans/{loan.pk}/lenders"))
    assert "266,666.40" in page
