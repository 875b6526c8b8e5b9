"""What a frozen payee could not receive is claimed on a page, by the payee and the bank."""

import re

import pytest

from scf.financing.models import PaperDue
from scf.notifications.services import tell
from scf.payments.claims import list_claims
from scf.wallets.services import freeze_wallet, unfreeze_wallet
from scf.workflow.models import Fact
from tests.factories.wallets import LIFT, ORDER
from tests.payments.lives import with_code
from tests.portals.deal.walk import Walk

pytestmark = pytest.mark.slow
WAITS = "380,206.50"


@pytest.fixture
def waiting(funded: Walk) -> Walk:
    """The first line is delivered and accepted while the payee's wallet is frozen."""
    walk = funded
    freeze_wallet(walk.payment.payee_wallet, order=ORDER, by=with_code("luo"))
    walk.rest()
    walk.deliver(1, "50", "FH-1")
    assert walk.payment.claimable_minor == 380_206_50
    return walk


def test_a_frozen_payee_sees_what_waits_and_claims_it_once_it_can_receive(waiting: Walk):
    shown = waiting.text("lan", "claim")
    assert WAITS in shown
    assert "冻结中" in shown
    assert '<button type="submit" class="btn btn-primary btn-lg"' not in shown
    wallet = waiting.payment.payee_wallet
    assert waiting.post("lan", "claim", wallet=wallet.pk).status_code == 422

    unfreeze_wallet(wallet, order=LIFT, by=with_code("luo"))
    waiting.rest()
    home = waiting.client("lan").get("/e/").content.decode()
    assert re.search(r"领取待付款项.*380,206\.50", home, re.S)
    assert "领取待付款项" in waiting.text("lan")
    waiting.done(waiting.post("lan", "claim", wallet=wallet.pk))
    assert "同意付到这个钱包" not in waiting.text("lan", "claim")
    assert waiting.payment.claimable_minor == 380_206_50  # the bank has still to agree

    waiting.done(waiting.post("luo", "claim", wallet=wallet.pk))
    assert waiting.payment.claimable_minor == 0
    assert waiting.stack.balance(wallet) == 380_206_50
    assert "没有等待领取的款项" in waiting.text("lan", "claim")
    assert waiting.post("lan", "claim", wallet=wallet.pk).status_code == 404


def test_what_could_not_be_received_is_nowhere_said_to_have_arrived(waiting: Walk):
    def home() -> str:
        return waiting.client("lan").get("/e/").content.decode()

    assert f"{WAITS} 元付不进您的钱包" in home()
    assert "元已到账" not in home()
    assert "付不进您的钱包，留在托管" in inbox_of(waiting, "bai")
    assert "留在托管待其领取" in inbox_of(waiting, "ma")
    page = waiting.text("lan")
    assert "须先由开户银行凭有权机关的通知解冻" in page
    assert "收款人的钱包暂不能收款：留在托管待领取" in page
    assert re.search(r'待领取 <span class="figure">380,206\.50', page)
    assert "须先由开户银行" not in waiting.text("nuo")
    assert not receipts(waiting)

    wallet = waiting.payment.payee_wallet
    unfreeze_wallet(wallet, order=LIFT, by=with_code("luo"))
    waiting.rest()
    for key in ("lan", "luo"):
        waiting.done(waiting.post(key, "claim", wallet=wallet.pk))
    assert "380,206.50 元已到账" in home()
    assert "待领取的货款 380,206.50 元已到账" in inbox_of(waiting, "bai")
    assert "待领取的款项已付到收款人钱包" in waiting.text("lan")
    assert receipts(waiting) == [380_206_50]


def inbox_of(walk: Walk, key: str) -> str:
    names = ("payment.released", "payment.claimed")
    tell(list(Fact.objects.filter(name__in=names).order_by("id")))
    return walk.client(key).get("/inbox/").content.decode()


def receipts(walk: Walk) -> list[int]:
    """The amounts for which the deal calls for a receipt of the payee's."""
    due = PaperDue.objects.filter(deal_id=walk.application.deal_id, kind="payment_receipt")
    payee = walk.payment.payee_wallet.address
    return [row.data["amount_minor"] for row in due if row.data["payee_account"] == payee]


def test_who_may_not_sign_or_does_not_own_the_wallet_claims_nothing(waiting: Walk):
    wallet = waiting.payment.payee_wallet
    unfreeze_wallet(wallet, order=LIFT, by=with_code("luo"))
    waiting.rest()
    for key in ("ku", "wei", "nuo", "sly"):
        assert waiting.post(key, "claim", wallet=wallet.pk).status_code == 404, key
    assert waiting.post("lan", "claim", wallet="nonsense").status_code == 404
    assert waiting.get("sly", "claim").status_code == 404
    assert WAITS not in waiting.text("nuo", "claim")
    assert [each.agreed for each in list_claims(waiting.payment, by=with_code("luo"))] == [
        {waiting.payment.bank_id: False, waiting.payment.seller_id: False}
    ]
