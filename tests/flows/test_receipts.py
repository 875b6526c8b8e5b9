"""A customer's payment becomes money in the buyer's collection wallet, once."""

from datetime import timedelta

import pytest

from scf.banks.services import open_collection_account, record_credit
from scf.chain.models import ChainCommand
from scf.chain.services import approve_retry, retry_command
from scf.core import clock
from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, Forbidden, NotFound
from scf.financing import day_end
from scf.wallets.models import Act, Purpose
from scf.wallets.selectors import wallet_of
from scf.wallets.services import freeze_wallet, unfreeze_wallet
from scf.workflow import clocks
from scf.workflow.invariants import run_checks
from tests.factories.parties import party, somebody
from tests.factories.wallets import LIFT, ORDER
from tests.payments.lives import with_code


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


def test_a_credit_whose_issue_was_given_up_is_issued_on_the_next_day_once(
    stack, account, settings, anvil
):
    settings.RPC_URL = anvil.url
    clocks.open_day(clock.today() - timedelta(days=1))
    wallet = wallet_of(party("jinhe").pk, bank_id=party("yuanfan").pk, purpose=Purpose.COLLECTION)
    freeze_wallet(wallet, order=ORDER, by=with_code("luo"))
    stack.rest()
    credit(account)
    stack.rest()
    command = ChainCommand.objects.get(key__startswith="mint_collection:")
    assert (command.state, command.error) == ("blocked", "wallet_frozen")
    retry = retry_command(command.pk, by=somebody("luo"), gives_up=True)
    approve_retry(retry.pk, by=somebody("shen"))
    wallet.refresh_from_db()
    unfreeze_wallet(wallet, order=LIFT, by=with_code("luo"))
    stack.rest()

    assert day_end.relay_all() == 0
    clocks.open_day(clock.today())
    for _each in range(2):
        day_end.relay_all()
        stack.rest()

    assert stack.balance(wallet) == 400_000_00
    assert list(Act.objects.filter(kind="mint_collection").values_list("status", flat=True)) == [
        "failed",
        "done",
    ]
    assert not any(run_checks().values())


def test_one_reference_cannot_stand_for_two_amounts(account):
    credit(account)
    with pytest.raises(Conflict):
        credit(account, amount_minor=1)


def test_a_stranger_and_an_unknown_account_are_refused(account, sly):
    with pytest.raises(Forbidden):
        credit(account, by=sly)
    with pytest.raises(NotFound):
        record_credit("0000", reference="TX-1", amount_minor=1, payer_name="某", by=SYSTEM)
