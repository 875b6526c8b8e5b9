"""The page on which a payee claims what its frozen wallet could not receive, in real browsers."""

import re

import pytest

from scf.wallets.services import freeze_wallet, unfreeze_wallet
from tests.browser.desk import Desk
from tests.factories.wallets import LIFT, ORDER
from tests.flows.conftest import begins, stack  # noqa: F401 - the chain as a fixture
from tests.payments.lives import with_code
from tests.portals.deal.conftest import _documents_root, funded, further, walk  # noqa: F401 - fixtures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.usefixtures("funded")
def test_a_payee_claims_what_waits_and_the_bank_agrees(desk: Desk):
    deal = desk.deal
    freeze_wallet(deal.payment.payee_wallet, order=ORDER, by=with_code("luo"))
    deal.rest()
    deal.deliver(1, "50", "FH-1")
    desk.open("lan", "claim")
    desk.look("lan", "30-claim-frozen")

    unfreeze_wallet(deal.payment.payee_wallet, order=LIFT, by=with_code("luo"))
    deal.rest()
    desk.open("lan", "/e/")
    desk.look("lan", "31-claim-home")
    desk.press("lan", "领取待付款项")
    desk.look("lan", "32-claim")
    desk.press("lan", "同意付到这个钱包")
    desk.look("lan", "33-claim-on-its-way")
    desk.open("luo", "claim")
    desk.press("luo", "同意付到这个钱包")
    assert deal.payment.claimable_minor == 0
    desk.open("lan", "claim")
    desk.look("lan", "34-claim-empty")
    deal.client("lan").post("/preferences/", {"language": "en", "next": "/"})
    desk.open("lan", "claim")
    desk.look("lan", "35-claim-english")
    assert not CHINESE.search(desk.page_of("lan").inner_text("main h1"))
