"""A customer's payment becomes money in the buyer's collection wallet, once."""

import pytest

from scf.banks.services import open_collection_account, record_credit
from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, Forbidden, NotFound
from scf.wallets.models import Purpose
from scf.wallets.selectors import wallet_of
from tests.factories.parties import party


@pytest.fixture
def account(stack):
    return open_collection_account(party("jinhe").pk, bank_id=party("yuanfan").pk)


def credit(account, **changes):
    given = {
        "reference": "TX-1",
        "amount_minor": 400_000_00,
        "payer_name": "某经销商",
        "by": SYSTEM,
    }
    return record_credit(account.number, **{**given, **changes})


def test_a_credit_fills_the_collection_wallet_once(stack, account):
    credit(account)
    credit(account)
    stack.rest()

    wallet = wallet_of(party("jinhe").pk, bank_id=party("yuanfan").pk, purpose=Purpose.COLLECTION)
    assert stack.balance(wallet) == 400_000_00


def test_one_reference_cannot_stand_for_two_amounts(account):
    credit(account)
    with pytest.raises(Conflict):
        credit(account, amount_minor=1)


def test_a_stranger_and_an_unknown_account_are_refused(account, sly):
    with pytest.raises(Forbidden):
        credit(account, by=sly)
    with pytest.raises(NotFound):
        record_credit("0000", reference="TX-1", amount_minor=1, payer_name="某", by=SYSTEM)
