"""Nobody edits the ledger, not from SQL either."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from scf.ledger.models import Account
from tests.ledger.book import SmallBook, broken, move, post

RESTRICT_APP_ROLE: str = import_module(
    "scf.ledger.migrations.0003_entries_and_app_role"
).RESTRICT_APP_ROLE

REFUSED = {
    "a transfer's amount": "UPDATE ledger_transfer SET amount_minor = 1",
    "a transfer's key": "UPDATE ledger_transfer SET key = 'other'",
    "a transfer away": "DELETE FROM ledger_transfer",
    "an account away": "DELETE FROM ledger_account",
    "an account's code": "UPDATE ledger_account SET code = 'x' || code",
    "an account's limit": "UPDATE ledger_account SET \"limit\" = 'none'",
    "debits back": "UPDATE ledger_account SET debits_posted_minor = debits_posted_minor - 1",
    "credits back": "UPDATE ledger_account SET credits_posted_minor = credits_posted_minor - 1",
}


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED.keys())
def test_sql_cannot_change(small: SmallBook, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"Cannot (update|delete)"), transaction.atomic():
        run(statement)

    assert small.left("buyer") == 100_000


def test_an_account_cannot_be_opened_with_money_in_it(small: SmallBook) -> None:
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        Account.objects.create(
            book=small.book, code="2011.81:rich", name="x", limit="none", credits_posted_minor=1
        )


INSERT = """
    INSERT INTO ledger_transfer (debit_account_id, credit_account_id, amount_minor, state, kind,
        key, booking_date, value_date, debit_balance_minor, credit_balance_minor)
    VALUES (%s, %s, %s, %s, 'x', 'x', '2026-03-16', '2026-03-16', 0, 0)
"""


@pytest.mark.parametrize(
    ("amount", "state", "rule"),
    [
        (0, "posted", "transfer_amount_positive"),
        (-1, "posted", "transfer_amount_positive"),
        (1, "void_pending", "transfer_state_fits_pending"),
        (1, "unheard of", "transfer_state_fits_pending"),
    ],
)
def test_sql_cannot_insert_what_is_no_transfer(
    small: SmallBook, amount: int, state: str, rule: str
) -> None:
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        run(INSERT, small.buyer.pk, small.seller.pk, amount, state)


def test_sql_cannot_insert_a_circle(small: SmallBook) -> None:
    with pytest.raises(DatabaseError, match="transfer_between_two_accounts"), transaction.atomic():
        run(INSERT, small.buyer.pk, small.buyer.pk, 1, "posted")


def test_sql_cannot_insert_for_an_account_that_is_not_there(small: SmallBook) -> None:
    with pytest.raises(DatabaseError, match="two accounts of one book"), transaction.atomic():
        run(INSERT, small.buyer.pk, -1, 1, "posted")


def test_sql_cannot_overdraw(small: SmallBook) -> None:
    with pytest.raises(DatabaseError, match="account_debits_within_credits"), transaction.atomic():
        run("UPDATE ledger_account SET debits_posted_minor = 100001 WHERE id = %s", small.buyer.pk)
    with pytest.raises(DatabaseError, match="account_credits_within_debits"), transaction.atomic():
        run("UPDATE ledger_account SET credits_posted_minor = 1 WHERE id = %s", small.tokens.pk)


@pytest.fixture
def as_app(small: SmallBook) -> SmallBook:
    """The rest of the test runs as the app role, with the grants of a migrated database."""
    run("DO $$ BEGIN CREATE ROLE scf_app; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO scf_app")
    run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO scf_app")
    run(RESTRICT_APP_ROLE)
    run("SET LOCAL ROLE scf_app")
    return small


def test_the_app_role_posts_through_the_function(as_app: SmallBook) -> None:
    post(move(as_app.buyer, as_app.seller, 10, f"app:{uuid4()}"))

    assert as_app.left("seller") == 10
    assert broken() == {}


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO ledger_transfer (key) VALUES ('x')",
        "UPDATE ledger_transfer SET key = 'x'",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer CASCADE",
        "UPDATE ledger_account SET credits_posted_minor = credits_posted_minor + 1",
        "DELETE FROM ledger_account",
    ],
)
def test_the_app_role_cannot_write_the_ledger_itself(as_app: SmallBook, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        run(statement)

    assert as_app.left("buyer") == 100_000


def test_the_app_role_may_freeze_an_account(as_app: SmallBook) -> None:
    run("UPDATE ledger_account SET is_frozen = true WHERE id = %s", as_app.buyer.pk)

    assert as_app.refreshed("buyer").is_frozen
