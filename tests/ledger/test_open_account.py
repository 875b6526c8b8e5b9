"""A bank has one book; its accounts follow the chart."""

from uuid import uuid4

import pytest

from scf.core.errors import Conflict
from scf.ledger.chart import CHART, Side, heading_of
from scf.ledger.models import BalanceLimit
from scf.ledger.services import open_account, open_book

pytestmark = pytest.mark.django_db


def test_a_bank_has_one_book() -> None:
    bank = uuid4()

    assert open_book(bank, name="江城银行") == open_book(bank, name="江城银行")
    assert str(open_book(bank, name="别的名字")) == "江城银行"


def test_an_account_takes_name_and_limit_from_the_chart() -> None:
    book = open_book(uuid4(), name="江城银行")

    account = open_account(book, code="2011.81:wallet")

    assert (account.name, account.limit) == ("客户钱包", "debits_within_credits")
    assert str(account) == "2011.81:wallet"
    assert account.balance_minor == 0


def test_opening_twice_opens_once() -> None:
    book = open_book(uuid4(), name="江城银行")

    first = open_account(book, code="2011.81:wallet", name="丁公司通用钱包")

    assert open_account(book, code="2011.81:wallet") == first
    assert book.accounts.count() == 1


def test_the_limit_of_an_open_account_does_not_change() -> None:
    book = open_book(uuid4(), name="江城银行")
    open_account(book, code="2011.01:payer", limit=BalanceLimit.DEBITS_WITHIN_CREDITS)

    with pytest.raises(Conflict) as refusal:
        open_account(book, code="2011.01:payer")

    assert refusal.value.code == "content_changed"
    assert "2011.01:payer" in refusal.value.text()


def test_a_code_outside_the_chart_is_our_bug() -> None:
    with pytest.raises(LookupError, match="4711"):
        open_account(open_book(uuid4(), name="江城银行"), code="4711:x")


def test_every_heading_is_named_in_two_languages_and_guards_its_normal_side() -> None:
    guarded = {
        Side.DEBIT: {BalanceLimit.NONE, BalanceLimit.CREDITS_WITHIN_DEBITS},
        Side.CREDIT: {BalanceLimit.NONE, BalanceLimit.DEBITS_WITHIN_CREDITS},
    }
    for code, heading in CHART.items():
        assert heading_of(f"{code}:somebody") is heading
        assert heading.zh
        assert heading.en
        assert heading.limit in guarded[heading.normal]
