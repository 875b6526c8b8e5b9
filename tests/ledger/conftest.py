"""A small book for every test of the ledger."""

import pytest

from tests.ledger.book import SmallBook, move, opened_book, post


@pytest.fixture
def small(db: None) -> SmallBook:
    """A book in which the buyer's wallet holds 1,000.00."""
    book = opened_book()
    post(move(book.deposits, book.buyer, 100_000, "mint:buyer"))
    return book
