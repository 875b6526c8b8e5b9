"""Before a borrower repays it sees what each wallet holds, what is missing, and how to get it."""

import re

import pytest

from scf.banks.services import open_collection_account
from scf.core.actor import SYSTEM
from scf.core.errors import RuleBroken
from scf.core.money import format_yuan
from scf.loans.models import Loan
from scf.loans.selectors import quote_settlement
from scf.loans.services import repay_loan
from scf.wallets.services import freeze_wallet, mint
from scf.workflow import clocks
from tests.factories.parties import user_of
from tests.factories.wallets import ORDER
from tests.payments.lives import with_code
from tests.portals.loans.test_english import chinese_left

pytestmark = pytest.mark.slow
ROOM = "可用来还款的钱包"


def proposed(page: str) -> str:
    return re.search(r'name="amount" value="([\d,.]+)"', page)[1]


def test_what_is_missing_is_said_before_anything_is_submitted(funded):
    loan = Loan.objects.get()
    account = open_collection_account(loan.buyer_id, bank_id=loan.bank_id)
    owed = quote_settlement(loan, on=clocks.business_date()).total_minor

    page = funded.text("ma", "repay")

    # 250,000.00 came in at first, 200,000.00 of it are own funds in the escrow.
    for shown in (ROOM, "一般钱包", "50,000.00", "回款监管钱包", "办理兑换", account.number):
        assert shown in page, shown
    assert format_yuan(owed - 50_000_00) in page
    assert proposed(page) == "50,000.00"
    assert "今天到期应还" not in page  # nothing is due yet

    mint(
        funded.payment.buyer_wallet, amount_minor=900_000_00, key="k", standing="opening", by=SYSTEM
    )
    page = funded.text("ma", "repay")
    assert "兑换在途" in page
    assert "办理兑换" not in page
    assert proposed(page) == format_yuan(owed)
    funded.rest()
    page = funded.text("ma", "repay")
    assert "950,000.00" in page
    assert "兑换在途" not in page


def test_a_frozen_wallet_repays_nothing_and_the_page_says_so_instead_of_asking_for_money(funded):
    stale = proposed(funded.text("ma", "repay"))
    freeze_wallet(
        funded.payment.buyer_wallet, order=ORDER, level="debit_frozen", by=with_code("luo")
    )
    funded.rest()

    page = funded.text("ma", "repay")
    assert "解冻前不能还款" in page
    assert "办理兑换" not in page
    assert 'name="amount"' not in page

    refused = funded.post("ma", "repay", amount=stale, key="k")
    assert refused.status_code == 400
    with pytest.raises(RuleBroken) as refusal:
        repay_loan(Loan.objects.get().pk, amount_minor=1_00, key="k", by=with_code("ma"))
    assert refusal.value.code == "wallet_frozen"


def test_it_is_said_in_english_and_only_to_the_borrower(funded):
    user = user_of("ma")
    user.language = "en"
    user.save()
    page = funded.text("ma", "repay")
    assert "Exchange at" in page
    assert chinese_left(page) == set()
    for key in ("luo", "lan"):
        assert funded.get(key, "repay").status_code == 404
