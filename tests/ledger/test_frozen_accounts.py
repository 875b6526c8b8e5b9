"""A frozen account takes no transfer, and still answers a repeat."""

import pytest

from scf.ledger.services import freeze_account, unfreeze_account
from scf.ledger.transfers import Outcome
from tests.ledger.book import SmallBook, move, post


def test_nothing_is_posted_to_a_frozen_account(small: SmallBook) -> None:
    freeze_account(small.seller.pk)

    verdicts = post(
        move(small.buyer, small.seller, 5, "in"),
        move(small.seller, small.buyer, 5, "out"),
        move(small.buyer, small.escrow, 5, "elsewhere"),
    )

    assert verdicts == [Outcome.FROZEN, Outcome.FROZEN, Outcome.POSTED]
    unfreeze_account(small.seller.pk)
    assert post(move(small.buyer, small.seller, 5, "in")) == [Outcome.POSTED]


def test_a_repeat_on_a_frozen_account_is_still_a_duplicate(small: SmallBook) -> None:
    pay = move(small.buyer, small.seller, 5, "pay:1")
    post(pay)
    freeze_account(small.seller.pk)

    assert post(pay) == [Outcome.DUPLICATE]


@pytest.mark.django_db
def test_freezing_an_unknown_account_is_our_bug() -> None:
    with pytest.raises(AssertionError, match="no account"):
        freeze_account(-1)
