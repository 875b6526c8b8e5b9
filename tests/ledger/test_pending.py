"""A pending transfer holds money; posting or voiding it is a new row, once."""

import pytest

from scf.core.errors import NotFound, RuleBroken
from scf.ledger.models import Transfer
from scf.ledger.services import freeze_account, post_pending, void_pending
from scf.ledger.transfers import Outcome, posting_of
from tests.ledger.book import SmallBook, broken, move, post


@pytest.fixture
def held(small: SmallBook) -> SmallBook:
    """The buyer's 1,000.00 with 300.00 of it pending towards the seller."""
    post(move(small.buyer, small.seller, 30_000, "hold:1", state="pending"))
    return small


def test_what_is_pending_has_not_moved_but_cannot_be_spent(held: SmallBook) -> None:
    buyer, seller = held.refreshed("buyer"), held.refreshed("seller")
    assert (buyer.balance_minor, seller.balance_minor) == (-100_000, 0)
    assert (buyer.debits_pending_minor, seller.credits_pending_minor) == (30_000, 30_000)

    verdicts = post(
        move(held.buyer, held.escrow, 70_001, "too much"),
        move(held.buyer, held.escrow, 70_000, "just right"),
        move(held.seller, held.escrow, 1, "not there yet"),
    )

    assert verdicts == [Outcome.OVERDRAWN, Outcome.POSTED, Outcome.OVERDRAWN]
    assert broken() == {}


def test_posting_moves_it(held: SmallBook) -> None:
    verdict = post_pending("hold:1", key="post:1")

    row = Transfer.objects.get(pk=verdict.transfer_id)
    assert (row.state, row.pending.key, row.amount_minor) == ("post_pending", "hold:1", 30_000)
    buyer, seller = held.refreshed("buyer"), held.refreshed("seller")
    assert (buyer.balance_minor, seller.balance_minor) == (-70_000, -30_000)
    assert (buyer.debits_pending_minor, seller.credits_pending_minor) == (0, 0)
    assert broken() == {}


def test_posting_a_part_frees_the_rest(held: SmallBook) -> None:
    post_pending("hold:1", key="post:1", amount_minor=10_000)

    assert held.left("buyer") == 90_000
    assert held.left("seller") == 10_000
    assert broken() == {}


@pytest.mark.usefixtures("held")
def test_more_than_is_pending_cannot_be_posted() -> None:
    with pytest.raises(RuleBroken) as refusal:
        post_pending("hold:1", key="post:1", amount_minor=30_001)

    assert refusal.value.code == "more_than_pending"


def test_voiding_frees_it(held: SmallBook) -> None:
    assert void_pending("hold:1", key="void:1").outcome == Outcome.POSTED

    assert held.left("buyer") == 100_000
    assert held.left("seller") == 0
    assert broken() == {}


def test_it_is_settled_once(held: SmallBook) -> None:
    post_pending("hold:1", key="post:1")

    assert void_pending("hold:1", key="void:1").outcome == Outcome.SETTLED
    assert post_pending("hold:1", key="post:2").outcome == Outcome.SETTLED
    assert post_pending("hold:1", key="post:1").outcome == Outcome.DUPLICATE
    assert held.left("buyer") == 70_000


@pytest.mark.usefixtures("held")
def test_both_ways_to_settle_in_one_batch_are_our_bug() -> None:
    pending = Transfer.objects.get(key="hold:1")

    with pytest.raises(AssertionError, match="settled twice in one batch"):
        post(posting_of(pending, key="post:1"), posting_of(pending, key="post:2"))


def test_an_unknown_key_is_not_found(held: SmallBook) -> None:
    with pytest.raises(NotFound):
        post_pending("nothing", key="post:1")
    with pytest.raises(NotFound):
        void_pending("mint:buyer", key="void:1")
    assert held.left("buyer") == 70_000


def test_only_a_pending_transfer_can_be_settled(held: SmallBook) -> None:
    with pytest.raises(AssertionError, match="not pending"):
        posting_of(Transfer.objects.get(key="mint:buyer"), key="post:1")
    assert held.left("buyer") == 70_000


def test_on_a_frozen_account_it_can_be_voided_and_not_posted(held: SmallBook) -> None:
    freeze_account(held.seller.pk)

    assert post_pending("hold:1", key="post:1").outcome == Outcome.FROZEN
    assert void_pending("hold:1", key="void:1").outcome == Outcome.POSTED


def test_what_posting_frees_can_be_spent_in_the_same_batch(held: SmallBook) -> None:
    pending = Transfer.objects.get(key="hold:1")

    verdicts = post(
        posting_of(pending, key="post:1", amount_minor=1),
        move(held.buyer, held.escrow, 99_999, "the rest"),
        move(held.buyer, held.escrow, 1, "one too many"),
        move(held.seller, held.escrow, 1, "what came"),
    )

    posted = Outcome.POSTED
    assert verdicts == [posted, posted, Outcome.OVERDRAWN, posted]
    assert broken() == {}
