"""What somebody edited behind the ledger's back is reported, row by row."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection

from scf.ledger.services import open_account, open_book, post_pending
from tests.ledger.book import SmallBook, broken, move, post

Sql = Callable[..., None]


@pytest.fixture
def behind(small: SmallBook) -> Sql:
    """Runs SQL with every trigger off, as only the superuser can; checks of columns are dropped."""
    post(
        move(small.buyer, small.escrow, 500, "own:1", link=uuid4()),
        move(small.buyer, small.seller, 300, "hold:1", state="pending"),
        move(small.buyer, small.seller, 100, "hold:2", state="pending"),
    )
    post_pending("hold:2", key="post:2", amount_minor=60)
    assert broken() == {}

    def run(statement: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = 'replica'")
            cursor.execute(statement, values)
            cursor.execute("SET LOCAL session_replication_role = 'origin'")

    return run


COUNTERS = "ledger.accounts_equal_their_transfers"
RUNNING = "ledger.running_balances_follow"
BOOKS = "ledger.debits_equal_credits_in_every_book"
LIMITS = "ledger.limits_hold"
LINKS = "ledger.links_are_complete"
PENDING = "ledger.pending_is_settled_by_its_own_kind"
ROWS = "ledger.transfers_stay_in_one_book_and_day"


def test_a_counter_that_was_raised(small: SmallBook, behind: Sql) -> None:
    behind(
        "UPDATE ledger_account SET credits_posted_minor = credits_posted_minor + 1 WHERE id = %s",
        small.seller.pk,
    )

    assert broken() == {COUNTERS: ["2011.81:seller"], BOOKS: ["江城银行"]}


def test_a_pending_counter_that_was_lowered(small: SmallBook, behind: Sql) -> None:
    behind("UPDATE ledger_account SET debits_pending_minor = 0 WHERE id = %s", small.buyer.pk)

    assert broken() == {COUNTERS: ["2011.81:buyer"], BOOKS: ["江城银行"]}


def test_counters_moved_on_both_sides(small: SmallBook, behind: Sql) -> None:
    behind(
        "UPDATE ledger_account SET debits_posted_minor = debits_posted_minor + 1,"
        " credits_posted_minor = credits_posted_minor + 1 WHERE id = %s",
        small.seller.pk,
    )

    assert broken() == {COUNTERS: ["2011.81:seller"]}


def test_an_amount_that_was_changed(small: SmallBook, behind: Sql) -> None:
    behind("UPDATE ledger_transfer SET amount_minor = 501 WHERE key = 'own:1'")

    found = broken()
    assert set(found) == {COUNTERS, RUNNING}
    assert sorted(found[COUNTERS]) == ["2011.81:buyer", "2011.82.own:deal"]
    assert small.left("escrow") == 500


def test_a_running_balance_that_was_changed(small: SmallBook, behind: Sql) -> None:
    behind("UPDATE ledger_transfer SET credit_balance_minor = 0 WHERE key = 'own:1'")

    assert broken() == {RUNNING: ["own:1"]}
    assert small.left("escrow") == 500


def test_a_transfer_that_was_taken_away(small: SmallBook, behind: Sql) -> None:
    behind("DELETE FROM ledger_transfer WHERE key = 'mint:buyer'")

    assert set(broken()) == {COUNTERS, RUNNING}
    assert small.left("buyer") == 100_000 - 500 - 300 - 60


def test_a_leg_of_a_link_that_was_taken_away(small: SmallBook, behind: Sql) -> None:
    behind("UPDATE ledger_transfer SET link_legs = 2 WHERE key = 'own:1'")

    assert list(broken()) == [LINKS]
    assert small.left("escrow") == 500


def test_an_overdrawn_wallet(small: SmallBook, behind: Sql) -> None:
    behind("ALTER TABLE ledger_account DROP CONSTRAINT account_debits_within_credits")
    behind("UPDATE ledger_account SET debits_posted_minor = 200000 WHERE id = %s", small.buyer.pk)

    assert broken()[LIMITS] == ["2011.81:buyer"]


def test_an_asset_below_zero(small: SmallBook, behind: Sql) -> None:
    behind("ALTER TABLE ledger_account DROP CONSTRAINT account_credits_within_debits")
    behind("UPDATE ledger_account SET credits_posted_minor = 1 WHERE id = %s", small.tokens.pk)

    assert broken()[LIMITS] == ["1031"]


def test_a_pending_transfer_posted_for_more_than_it_held(small: SmallBook, behind: Sql) -> None:
    behind("UPDATE ledger_transfer SET amount_minor = 101 WHERE key = 'post:2'")

    assert broken()[PENDING] == ["post:2"]
    assert small.left("seller") == 60


def test_a_pending_transfer_posted_to_somebody_else(small: SmallBook, behind: Sql) -> None:
    behind(
        "UPDATE ledger_transfer SET credit_account_id = %s WHERE key = 'post:2'", small.escrow.pk
    )

    assert broken()[PENDING] == ["post:2"]


def test_a_transfer_across_two_books(small: SmallBook, behind: Sql) -> None:
    other = open_account(open_book(uuid4(), name="另一家银行"), code="2011.80")
    behind("UPDATE ledger_transfer SET credit_account_id = %s WHERE key = 'own:1'", other.pk)

    assert broken()[ROWS] == ["own:1"]
    assert small.left("escrow") == 500


def test_a_transfer_booked_on_a_day_that_is_not_open_yet(small: SmallBook, behind: Sql) -> None:
    behind("UPDATE ledger_transfer SET booking_date = booking_date + 1 WHERE key = 'own:1'")

    assert broken() == {ROWS: ["own:1"]}
    assert small.left("escrow") == 500
