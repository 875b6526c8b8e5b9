"""The bank's desk for its customers' wallets: 兑换, and what their payers paid in."""

import pytest

from scf.banks.services import open_collection_account
from scf.core.actor import SYSTEM
from scf.parties.permissions import Role
from scf.parties.services import set_signing_limit
from scf.wallets.models import Act, Purpose, Wallet
from tests.factories.parties import party, somebody
from tests.flows.conftest import anvil, begins, further, stack
from tests.portals.rooms import browser_of, text_of

__all__ = ["anvil", "begins", "further", "stack"]


@pytest.fixture
def general(stack) -> Wallet:
    open_collection_account(party("jinhe").pk, bank_id=party("yuanfan").pk)
    return Wallet.objects.get(owner_id=party("jinhe").pk, purpose=Purpose.GENERAL)


def address(wallet: Wallet) -> str:
    return f"/b/wallets/{wallet.pk}/exchange"


@pytest.mark.slow
def test_the_desk_exchanges_a_deposit_once_and_writes_down_a_receipt(general, stack):
    luo = browser_of("luo")
    before = stack.balance(general)
    given = {"amount": "1,234.56", "reference": "HX-1"}
    for _twice in range(2):
        assert luo.post(address(general), given).status_code == 302
    stack.rest()
    assert stack.balance(general) == before + 1_234_56

    other = luo.post(address(general), given | {"amount": "1.00"})
    assert other.status_code == 400
    assert "这个指令编号已用于另一笔业务" in text_of(other)
    assert 'value="HX-1"' in text_of(other)

    paid = {"amount": "400.00", "payer_name": "某经销商", "reference": "TX-9"}
    assert luo.post(f"/b/wallets/{general.owner_id}/credit", paid).status_code == 302
    stack.rest()
    page = text_of(luo.get("/b/wallets/"))
    for shown in ("金禾", "400.00", "存款兑换数字人民币", "客户回款入账"):
        assert shown in page, shown


@pytest.mark.slow
def test_wrong_amounts_and_whoever_may_not_sign_so_much_are_refused(general):
    given = {"amount": "1.00", "reference": "HX-2"}
    for key in ("zhou", "yi", "nuo", "lan"):
        browser = browser_of(key)
        assert browser.get("/b/wallets/").status_code in (403, 404), key
        assert browser.post(address(general), given).status_code in (403, 404), key
    luo = browser_of("luo")
    for amount in ("0", "-1", "1.001", "1e9", "十元", ""):
        answer = luo.post(address(general), given | {"amount": amount})
        assert answer.status_code == 400, amount
    # The sign that counts attempts would make it a second attempt of another exchange.
    answer = luo.post(address(general), given | {"reference": "HX-2#2"})
    assert answer.status_code == 400
    assert "编号不能含有 #" in text_of(answer)
    bank, person = party("yuanfan").pk, somebody("luo").person_id
    set_signing_limit(bank, person_id=person, role=Role.BANK_OPERATIONS, limit_minor=99, by=SYSTEM)
    assert luo.post(address(general), given).status_code == 403
    paid = {"amount": "1.00", "payer_name": "某经销商", "reference": "TX-10"}
    assert luo.post(f"/b/wallets/{general.owner_id}/credit", paid).status_code == 403
    assert not Act.objects.filter(key__contains="HX-2").exists()
