"""A bank sees its own book, and nobody else's."""

from datetime import date
from uuid import uuid4

import pytest

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import NotFound
from scf.ledger.chart import Side
from scf.ledger.selectors import (
    get_account,
    get_book,
    get_transfer,
    list_balances,
    list_entries_of_deal,
    list_pending,
    list_statement,
)
from scf.ledger.services import void_pending
from scf.workflow import clocks
from tests.ledger.book import SmallBook, move, post

STRANGER = Actor(organization_id=uuid4(), name="sly")
NOBODY = Actor(name="nobody")


@pytest.fixture
def banker(small: SmallBook) -> Actor:
    return Actor(organization_id=small.book.organization_id, name="shen")


def test_balances_stand_on_their_normal_side(small: SmallBook, banker: Actor) -> None:
    post(
        move(small.tokens, small.own, 500, "mint"),
        move(small.buyer, small.seller, 30_000, "hold", state="pending"),
    )

    rows = {row.code: row for row in list_balances(small.book.organization_id, by=banker)}

    assert list(rows) == sorted(rows)
    assert (rows["1031"].normal, rows["1031"].balance_minor) == (Side.DEBIT, 500)
    assert (rows["2011.80"].normal, rows["2011.80"].balance_minor) == (Side.CREDIT, 500)
    assert rows["2011.81:buyer"].balance_minor == 100_000
    assert rows["2011.81:buyer"].available_minor == 70_000
    assert rows["2011.01:buyer"].balance_minor == -100_000


def test_balances_of_the_accounts_that_were_named(small: SmallBook, banker: Actor) -> None:
    rows = list_balances(small.book.organization_id, by=banker, codes=["1031", "2011.80", "x"])

    assert [row.code for row in rows] == ["1031", "2011.80"]


def test_a_deal_is_told_in_both_sides_of_every_transfer(small: SmallBook, banker: Actor) -> None:
    deal = uuid4()
    post(
        move(small.buyer, small.escrow, 20_000, "own:1", deal_id=deal),
        move(small.buyer, small.escrow, 5, "other"),
        move(small.escrow, small.seller, 20_000, "release:1", deal_id=deal),
        move(small.buyer, small.seller, 1, "hold", deal_id=deal, state="pending"),
    )

    entries = list_entries_of_deal(deal, by=banker)

    told = [(entry.account.code, entry.debit_minor, entry.credit_minor) for entry in entries]
    assert told == [
        ("2011.81:buyer", 20_000, 0),
        ("2011.82.own:deal", 0, 20_000),
        ("2011.82.own:deal", 20_000, 0),
        ("2011.81:seller", 0, 20_000),
    ]
    assert str(entries[0]).startswith("own:1 ")
    assert list_entries_of_deal(deal, by=SYSTEM) == entries
    assert list_entries_of_deal(deal, by=STRANGER) == []


def test_a_statement_runs_from_day_to_day(small: SmallBook, banker: Actor) -> None:
    for day in (14, 15, 16):
        clocks.open_day(date(2026, 3, day))
        post(move(small.buyer, small.seller, day, f"day:{day}"))

    def told(**between: date) -> list[tuple[int, int]]:
        rows = list_statement(small.seller.pk, by=banker, **between)
        return [(row.credit_minor, row.balance_minor) for row in rows]

    assert told() == [(14, -14), (15, -29), (16, -45)]
    assert told(since=date(2026, 3, 15)) == [(15, -29), (16, -45)]
    assert told(since=date(2026, 3, 15), until=date(2026, 3, 15)) == [(15, -29)]
    assert list_statement(small.seller.pk, by=STRANGER) == []


def test_what_is_pending_is_listed_until_it_is_settled(small: SmallBook, banker: Actor) -> None:
    post(*[move(small.buyer, small.seller, 1, f"hold:{n}", state="pending") for n in range(2)])
    void_pending("hold:0", key="void:0")

    rows = list_pending(small.book.organization_id, by=banker)

    assert [str(row) for row in rows] == ["hold:1"]
    assert list_pending(small.book.organization_id, by=STRANGER) == []


def test_a_stranger_finds_nothing(small: SmallBook, banker: Actor) -> None:
    bank = small.book.organization_id
    for who in (STRANGER, NOBODY):
        assert list_balances(bank, by=who) == []
        with pytest.raises(NotFound):
            get_book(bank, by=who)
        with pytest.raises(NotFound):
            get_account(bank, code="1031", by=who)
        with pytest.raises(NotFound):
            get_transfer("mint:buyer", by=who)
    for may in (banker, SYSTEM):
        assert get_book(bank, by=may) == small.book
        assert get_account(bank, code="1031", by=may) == small.tokens
        assert get_transfer("mint:buyer", by=may).amount_minor == 100_000


def test_a_bank_without_a_book_has_none(small: SmallBook) -> None:
    with pytest.raises(NotFound):
        get_book(uuid4(), by=SYSTEM)
    assert list_balances(small.book.organization_id, by=SYSTEM) != []
