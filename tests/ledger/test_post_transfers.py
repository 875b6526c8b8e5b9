"""Transfers move money once, in order, and refuse by verdict."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from scf.core.errors import Conflict, RuleBroken
from scf.ledger.models import Transfer
from scf.ledger.services import (
    open_account,
    open_book,
    post_transfers,
)
from scf.ledger.transfers import Outcome, TransferIn
from scf.workflow import clocks
from tests.ledger.book import SmallBook, broken, move, post, post_one


def test_a_transfer_debits_one_account_and_credits_the_other(small: SmallBook) -> None:
    deal = uuid4()

    verdict = post_one(move(small.buyer, small.escrow, 20_000, "own:1", deal_id=deal))

    assert verdict.outcome == Outcome.POSTED
    assert verdict.is_done
    row = Transfer.objects.get(pk=verdict.transfer_id)
    assert (row.debit_balance_minor, row.credit_balance_minor) == (-80_000, -20_000)
    assert (row.state, row.kind, row.key, row.deal_id) == ("posted", "test", "own:1", deal)
    assert small.left("buyer") == 80_000
    assert small.left("escrow") == 20_000
    assert broken() == {}


@pytest.mark.django_db
def test_an_empty_batch_moves_nothing() -> None:
    assert post_transfers([]) == []


def test_running_balances_follow_the_order_of_the_batch(small: SmallBook) -> None:
    post(
        move(small.buyer, small.seller, 10, "a"),
        move(small.seller, small.buyer, 4, "b"),
        move(small.buyer, small.seller, 1, "c"),
    )

    rows = Transfer.objects.filter(key__in="abc").order_by("id")
    assert [row.key for row in rows] == ["a", "b", "c"]
    assert [row.debit_balance_minor for row in rows] == [-99_990, -6, -99_993]
    assert [row.credit_balance_minor for row in rows] == [-10, -99_994, -7]


def test_the_same_key_answers_with_its_first_transfer(small: SmallBook) -> None:
    first = post_one(move(small.buyer, small.seller, 10, "pay:1"))
    again = post_one(move(small.buyer, small.seller, 10, "pay:1"))

    assert again.outcome == Outcome.DUPLICATE
    assert again.is_done
    assert again.transfer_id == first.transfer_id
    assert small.left("seller") == 10


def test_the_same_key_twice_in_a_batch_moves_once(small: SmallBook) -> None:
    pay = move(small.buyer, small.seller, 10, "pay:1")

    first, again = post_transfers([pay, pay])

    assert (first.outcome, again.outcome) == (Outcome.POSTED, Outcome.DUPLICATE)
    assert first.transfer_id == again.transfer_id
    assert small.left("seller") == 10


def test_a_refused_key_twice_in_a_batch_is_refused_twice(small: SmallBook) -> None:
    pay = move(small.seller, small.buyer, 10, "pay:1")

    assert post(pay, pay) == [Outcome.OVERDRAWN, Outcome.OVERDRAWN]


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 11},
        {"kind": "other"},
        {"deal_id": uuid4()},
        {"state": "pending"},
        {"value_date": date(2020, 1, 1)},
    ],
)
def test_the_same_key_with_other_contents_is_a_conflict_and_moves_nothing(
    small: SmallBook, change: dict[str, object]
) -> None:
    post(move(small.buyer, small.seller, 10, "pay:1"))
    values = {"amount_minor": 10, "kind": "test", "key": "pay:1"} | change
    other = TransferIn(small.buyer.pk, small.seller.pk, **values)

    with pytest.raises(Conflict) as refusal:
        post(move(small.buyer, small.seller, 5, "pay:2"), other)

    assert refusal.value.code == "duplicate_key"
    assert small.left("seller") == 10
    assert not Transfer.objects.filter(key="pay:2").exists()


def test_two_contents_for_one_key_in_a_batch_are_a_conflict(small: SmallBook) -> None:
    with pytest.raises(Conflict) as refusal:
        post(
            move(small.buyer, small.seller, 5, "pay:1"), move(small.buyer, small.seller, 6, "pay:1")
        )

    assert refusal.value.code == "duplicate_key"


def test_a_refused_key_may_be_used_again_when_there_is_money(small: SmallBook) -> None:
    pay = move(small.seller, small.buyer, 10, "pay:1")
    assert post(pay) == [Outcome.OVERDRAWN]
    post(move(small.buyer, small.seller, 10, "feed"))

    assert post(pay) == [Outcome.POSTED]


def test_more_than_the_wallet_holds_is_overdrawn_and_the_rest_goes_on(small: SmallBook) -> None:
    verdicts = post(
        move(small.buyer, small.seller, 60_000, "a"),
        move(small.buyer, small.seller, 60_000, "b"),
        move(small.buyer, small.seller, 40_000, "c"),
    )

    assert verdicts == [Outcome.POSTED, Outcome.OVERDRAWN, Outcome.POSTED]
    assert small.left("buyer") == 0
    assert broken() == {}


def test_money_that_comes_later_in_the_batch_does_not_help_what_came_before(
    small: SmallBook,
) -> None:
    verdicts = post(
        move(small.seller, small.escrow, 50, "too early"),
        move(small.buyer, small.seller, 50, "feed"),
        move(small.seller, small.escrow, 50, "in time"),
    )

    assert verdicts == [Outcome.OVERDRAWN, Outcome.POSTED, Outcome.POSTED]


def test_what_a_refused_transfer_would_have_brought_cannot_be_spent(small: SmallBook) -> None:
    verdicts = post(
        move(small.buyer, small.seller, 100_001, "refused"),
        move(small.seller, small.escrow, 100_001, "spends it"),
        move(small.deposits, small.seller, 7, "other money"),
        move(small.seller, small.escrow, 7, "spends that"),
    )

    assert verdicts == [Outcome.OVERDRAWN, Outcome.OVERDRAWN, Outcome.POSTED, Outcome.POSTED]
    assert broken() == {}


def test_an_asset_account_cannot_be_credited_beyond_its_debits(small: SmallBook) -> None:
    verdicts = post(
        move(small.tokens, small.own, 500, "mint"),
        move(small.own, small.tokens, 501, "too much"),
        move(small.deposits, small.tokens, 400, "loan leg"),
        move(small.deposits, small.tokens, 101, "one too many"),
    )

    assert verdicts == [Outcome.POSTED, Outcome.OVERDRAWN, Outcome.POSTED, Outcome.OVERDRAWN]
    assert broken() == {}


def test_only_what_touches_a_scarce_account_is_judged_again(small: SmallBook) -> None:
    verdicts = post(
        move(small.buyer, small.escrow, 1, "elsewhere 1"),
        move(small.seller, small.escrow, 1, "nothing there"),
        move(small.deposits, small.seller, 5, "feed"),
        move(small.buyer, small.escrow, 1, "elsewhere 2"),
        move(small.seller, small.escrow, 5, "all of it"),
    )

    posted = Outcome.POSTED
    assert verdicts == [posted, Outcome.OVERDRAWN, posted, posted, posted]
    assert broken() == {}


def test_it_is_booked_on_the_open_day_and_valued_when_it_happened(small: SmallBook) -> None:
    clocks.open_day(date(2026, 3, 16))

    post(
        move(small.buyer, small.seller, 5, "today"),
        move(small.buyer, small.seller, 5, "earlier", value_date=date(2026, 3, 14)),
        move(small.buyer, small.seller, 5, "past midnight", value_date=date(2026, 3, 17)),
    )

    rows = Transfer.objects.filter(booking_date=date(2026, 3, 16)).order_by("id")
    assert [row.value_date.day for row in rows] == [16, 14, 17]


def test_a_value_date_far_ahead_is_refused(small: SmallBook) -> None:
    ahead = clocks.business_date() + timedelta(days=2)

    with pytest.raises(DatabaseError, match="transfer_value_date_not_ahead"), transaction.atomic():
        post(move(small.buyer, small.seller, 5, "ahead", value_date=ahead))


def test_a_repeat_on_a_later_day_is_a_duplicate(small: SmallBook) -> None:
    clocks.open_day(date(2026, 3, 16))
    post(move(small.buyer, small.seller, 5, "pay:1"))
    clocks.open_day(date(2026, 3, 17))

    assert post(move(small.buyer, small.seller, 5, "pay:1")) == [Outcome.DUPLICATE]


def test_accounts_of_two_books_are_never_joined_by_a_transfer(small: SmallBook) -> None:
    other = open_account(open_book(uuid4(), name="另一家银行"), code="2011.80")

    with pytest.raises(DatabaseError, match="two accounts of one book"), transaction.atomic():
        post(move(small.buyer, other, 5, "across"))


def test_one_batch_may_hold_transfers_of_several_books(small: SmallBook) -> None:
    book = open_book(uuid4(), name="另一家银行")
    tokens, own = open_account(book, code="1031"), open_account(book, code="2011.80")

    verdicts = post(move(small.buyer, small.seller, 5, "here"), move(tokens, own, 9, "there"))

    assert verdicts == [Outcome.POSTED, Outcome.POSTED]


@pytest.mark.parametrize("amount", [0, -1, 2**63, True, 1.0])
def test_an_amount_that_is_none_is_refused(small: SmallBook, amount: int) -> None:
    with pytest.raises(RuleBroken) as refusal:
        move(small.buyer, small.seller, amount, "pay:1")

    assert refusal.value.code == "amount_not_positive"


@pytest.mark.parametrize("key", ["", "x" * 201, "nul\x00"])
def test_an_unusable_key_is_refused(small: SmallBook, key: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        move(small.buyer, small.seller, 1, key)

    assert refusal.value.code == "key_unusable"


def test_one_account_on_both_sides_is_our_bug(small: SmallBook) -> None:
    with pytest.raises(AssertionError, match="one account"):
        move(small.buyer, small.buyer, 1, "circle")


def test_the_largest_amount_is_judged_without_overflow(small: SmallBook) -> None:
    assert post(move(small.buyer, small.seller, 2**63 - 1, "all")) == [Outcome.OVERDRAWN]


@pytest.mark.parametrize(
    "key", ["'; DROP TABLE x; --", '{"a": 1}', "back\\slash", "付款,1", "NULL"]
)
def test_keys_of_any_letters_come_back_unchanged(small: SmallBook, key: str) -> None:
    assert post_one(move(small.buyer, small.seller, 1, key)).key == key
    assert Transfer.objects.filter(key=key).exists()


def _rows_written() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'ledger_account'"
        )
        written: int = cursor.fetchone()[0]
        return written


def test_a_hot_account_is_written_once_a_batch(small: SmallBook) -> None:
    before = _rows_written()

    verdicts = post(*[move(small.buyer, small.seller, 1, f"hot:{n}") for n in range(1_000)])

    assert set(verdicts) == {Outcome.POSTED}
    assert small.left("seller") == 1_000
    assert _rows_written() - before == 2
    assert broken() == {}
