"""The deposit on the pages of the deal and of its loan, for buyer, bank and seller."""

import pytest

from scf.loans.models import Loan
from scf.payments.models import Deposit
from tests.financing.conftest import (
    anvil,
    approved,
    begins,
    fund,
    further,
    signed,
    stack,
)
from tests.financing.test_day_end import DAY
from tests.financing.test_deposit import pledged
from tests.loans.deal import MATURITY
from tests.portals.rooms import browser_of, text_of

__all__ = ["anvil", "approved", "begins", "further", "signed", "stack"]
YUAN = "40,000.00"


@pytest.fixture
def programme_changes():
    return {"deposit_ppm": 50_000, "own_funds_ppm": 200_000}


@pytest.mark.slow
def test_the_buyer_pledges_it_on_the_deals_page_and_the_seller_reads_no_amount_of_it(signed):
    deal = f"/deals/{signed.application.deal_id}/"
    nuo, luo, lan = browser_of("nuo"), browser_of("luo"), browser_of("lan")
    nuo.post(f"{deal}own-funds")
    signed.stack.rest()
    page = text_of(nuo.get(deal))
    assert f"缴存保证金 {YUAN} 元" in page
    assert "保证金（待缴存）" in page
    assert "缴存保证金" in text_of(lan.get(deal))  # what the deal waits for, and no more
    assert YUAN not in text_of(lan.get(deal))
    assert "应缴保证金" in text_of(luo.get(f"{deal}pay-out"))
    assert luo.post(f"{deal}pay-out").status_code == 422

    assert nuo.post(f"{deal}deposit").status_code == 302
    assert "保证金在途" in text_of(nuo.get(deal))
    signed.stack.rest()
    assert "保证金已缴存并质押" in text_of(nuo.get(deal))
    assert "保证金" not in text_of(lan.get(deal))
    assert luo.post(f"{deal}pay-out").status_code == 302
    assert "保证金钱包" in text_of(nuo.get("/m/"))


@pytest.mark.slow
def test_two_people_of_the_bank_use_it_on_the_loans_page(signed, settings, anvil):
    settings.RPC_URL = anvil.url
    pledged(signed)
    fund(signed)
    signed.accept(1, "50")
    signed.go_to(MATURITY + DAY)
    loan = Loan.objects.get()
    address = f"/loans/{loan.pk}/"
    luo, yi, nuo = browser_of("luo"), browser_of("yi"), browser_of("nuo")
    assert f"可用于还款 {YUAN} 元" in text_of(luo.get(address))
    assert f"{address}deposit" not in nuo.get(address).content.decode()
    assert luo.post(f"{address}deposit", {"reason": "到期未还"}).status_code == 302

    assert "到期未还" in text_of(yi.get("/b/"))
    assert "须由提出人以外的审批人复核" in text_of(luo.get(address))
    assert f'value="{40_000_00}"' in text_of(yi.get(address))
    for seen, status in (("1", 409), ("all", 422), (str(40_000_00), 302)):
        assert yi.post(f"{address}deposit/approve", {"seen": seen}).status_code == status, seen
    signed.stack.rest()
    assert Deposit.objects.get().status == "used"
    assert "质押保证金" in text_of(nuo.get(address))
    assert "保证金还款入账" in text_of(nuo.get(f"/deals/{loan.deal_id}/"))
