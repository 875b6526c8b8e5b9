"""``manage.py check_invariants`` says what holds, and exits 1 with the rows that do not."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from tests.ledger.book import SmallBook, move, opened_book, post

COUNTERS = "ledger.accounts_equal_their_transfers"


@pytest.fixture
def small(db: None) -> SmallBook:
    book = opened_book()
    post(move(book.deposits, book.buyer, 100_000, "mint:buyer"))
    return book


@pytest.fixture
def edited(small: SmallBook) -> SmallBook:
    """Somebody raised both counters of the seller's wallet by one fen."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute(
            "UPDATE ledger_account SET debits_posted_minor = 1, credits_posted_minor = 1"
            " WHERE id = %s",
            [small.seller.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
    return small


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_invariants", *arguments, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_when_all_hold_it_ends_well(small: SmallBook) -> None:
    code, said = run()

    assert code == 0
    assert f"正常 ok    {COUNTERS}" in said
    assert "全部成立 / all hold" in said
    assert small.left("buyer") == 100_000


def test_a_broken_one_is_told_with_its_rows(edited: SmallBook) -> None:
    code, said = run()

    assert code == 1
    assert f"违反 FAIL  {COUNTERS}" in said
    assert f"2011.81:seller  book={edited.book.pk} debits=1 debits_by_transfers=0" in said
    assert "1 行违反" in said


def test_json_for_machines(edited: SmallBook) -> None:
    code, said = run("--json")

    told = json.loads(said)
    assert code == 1
    assert told["ok"] is False
    (row,) = told["checks"][COUNTERS]
    assert row["subject"] == "2011.81:seller"
    assert (row["details"]["debits"], row["details"]["book"]) == (1, edited.book.pk)
    assert told["checks"]["ledger.limits_hold"] == []


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_all_checks_see_one_moment() -> None:
    code, said = run("--json")

    assert code == 0
    assert json.loads(said)["ok"] is True
