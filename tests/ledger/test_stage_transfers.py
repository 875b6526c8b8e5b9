"""Legs staged during an act are posted last, together, and all or nothing."""

import pytest

from scf.core.errors import Conflict, RuleBroken
from scf.ledger.models import Transfer
from scf.ledger.services import freeze_account, post_pending, stage_transfers
from scf.ledger.services.stage import _refusal
from scf.ledger.transfers import LedgerUnbalanced, Outcome, TransferIn, Verdict, posting_of
from scf.workflow.closing import closing_act
from tests.ledger.book import SmallBook, broken, move, post


@closing_act()
def act(*legs: TransferIn) -> None:
    """An act whose rooms stage one leg each."""
    for leg in legs:
        stage_transfers([leg])


@closing_act()
def act_that_fails(leg: TransferIn) -> None:
    """An act that meets a refusal after it staged."""
    stage_transfers([leg])
    raise RuleBroken("no", code="no")


def test_nothing_moves_before_the_act_ends(small: SmallBook) -> None:
    with closing_act():
        stage_transfers([move(small.buyer, small.escrow, 10, "a")])
        stage_transfers([move(small.escrow, small.seller, 10, "b")])
        assert small.left("seller") == 0

    assert small.left("seller") == 10
    assert broken() == {}


def test_rooms_that_stage_in_inner_acts_post_at_the_outermost_end(small: SmallBook) -> None:
    with closing_act():
        with closing_act():
            stage_transfers([move(small.buyer, small.seller, 10, "a")])
        assert small.left("seller") == 0

    assert small.left("seller") == 10


def test_an_error_discards_what_was_staged(small: SmallBook) -> None:
    with pytest.raises(RuleBroken):
        act_that_fails(move(small.buyer, small.seller, 10, "a"))

    with closing_act():
        pass
    assert small.left("seller") == 0


def test_an_inner_act_that_fails_takes_back_only_its_own_legs(small: SmallBook) -> None:
    with closing_act():
        stage_transfers([move(small.buyer, small.seller, 10, "kept")])
        with pytest.raises(RuleBroken):
            act_that_fails(move(small.buyer, small.seller, 5, "dropped"))

    assert small.left("seller") == 10


def test_an_overdrawn_leg_undoes_the_whole_act(small: SmallBook) -> None:
    with pytest.raises(RuleBroken) as refusal:
        act(
            move(small.buyer, small.seller, 10, "a"),
            move(small.seller, small.escrow, 11, "b"),
        )

    assert refusal.value.code == "overdrawn"
    assert refusal.value.extra == {"key": "b"}
    assert small.left("seller") == 0
    assert not Transfer.objects.filter(key="a").exists()


def test_of_a_refused_link_the_leg_that_is_the_reason_is_named(small: SmallBook) -> None:
    link = small.book.organization_id
    with pytest.raises(RuleBroken) as refusal:
        act(
            move(small.buyer, small.seller, 10, "a", link=link),
            move(small.escrow, small.seller, 1, "b", link=link),
        )

    assert refusal.value.extra == {"key": "b"}


def test_a_frozen_account_undoes_the_act(small: SmallBook) -> None:
    freeze_account(small.seller.pk)

    with pytest.raises(RuleBroken) as refusal, closing_act():
        stage_transfers([move(small.buyer, small.seller, 10, "a")])

    assert refusal.value.code == "account_frozen"


def test_a_pending_transfer_settled_before_undoes_the_act(small: SmallBook) -> None:
    post(move(small.buyer, small.seller, 10, "hold", state="pending"))
    post_pending("hold", key="post:1")

    with pytest.raises(Conflict) as refusal, closing_act():
        stage_transfers([posting_of(Transfer.objects.get(key="hold"), key="post:2")])

    assert refusal.value.code == "wrong_state"


def test_a_leg_posted_before_is_no_reason_to_refuse(small: SmallBook) -> None:
    for _time in range(2):
        with closing_act():
            stage_transfers([move(small.buyer, small.seller, 10, "a")])

    assert small.left("seller") == 10


def test_staging_outside_an_act_is_our_bug(small: SmallBook) -> None:
    with pytest.raises(AssertionError, match="outside an act"):
        stage_transfers([move(small.buyer, small.seller, 10, "a")])


def test_a_link_refused_without_a_reason_is_a_broken_ledger() -> None:
    refusal = _refusal(Verdict("a", Outcome.LINK_REFUSED, None))

    assert isinstance(refusal, LedgerUnbalanced)
