"""Legs of one link are posted all or none."""

from uuid import uuid4

import pytest

from scf.core.errors import Conflict
from scf.core.ids import named_id
from scf.ledger.models import Transfer
from scf.ledger.services import freeze_account, open_account
from scf.ledger.transfers import Outcome
from tests.ledger.book import SmallBook, broken, move, post

POSTED, OVERDRAWN, LINK_REFUSED = Outcome.POSTED, Outcome.OVERDRAWN, Outcome.LINK_REFUSED


def test_a_pay_out_is_two_linked_postings(small: SmallBook) -> None:
    loan = open_account(small.book, code="1303.01:loan")
    escrow = open_account(small.book, code="2011.82.loan:deal")
    link = named_id("fund", "deal")
    post(move(small.tokens, small.own, 200_000, "mint:own"))

    verdicts = post(
        move(small.own, escrow, 80_000, "fund:deal:token", kind="fund", link=link),
        move(loan, small.tokens, 80_000, "fund:deal:loan", kind="draw", link=link),
    )

    assert verdicts == [POSTED, POSTED]
    legs = Transfer.objects.filter(link=link)
    assert {leg.link_legs for leg in legs} == {2}
    small.tokens.refresh_from_db()
    small.own.refresh_from_db()
    assert small.tokens.balance_minor == 120_000 == -small.own.balance_minor
    assert broken() == {}


def test_when_one_leg_is_overdrawn_no_leg_is_posted(small: SmallBook) -> None:
    link = uuid4()

    verdicts = post(
        move(small.buyer, small.escrow, 40, "first", link=link),
        move(small.seller, small.escrow, 1, "second", link=link),
        move(small.buyer, small.escrow, 2, "third", link=link),
        move(small.buyer, small.escrow, 100_000, "all of it"),
    )

    assert verdicts == [LINK_REFUSED, OVERDRAWN, LINK_REFUSED, POSTED]
    assert small.left("buyer") == 0
    assert broken() == {}


def test_a_refused_link_gives_back_what_its_legs_had_taken(small: SmallBook) -> None:
    link = uuid4()

    verdicts = post(
        move(small.buyer, small.seller, 60_000, "a", link=link),
        move(small.buyer, small.seller, 60_000, "b", link=link),
        move(small.buyer, small.seller, 60_000, "c"),
        move(small.seller, small.escrow, 60_000, "d"),
    )

    assert verdicts == [LINK_REFUSED, OVERDRAWN, POSTED, POSTED]
    assert broken() == {}


def test_two_links_in_a_row_are_judged_apart(small: SmallBook) -> None:
    one, two = uuid4(), uuid4()

    verdicts = post(
        move(small.seller, small.buyer, 1, "a", link=one),
        move(small.buyer, small.seller, 5, "b", link=one),
        move(small.buyer, small.seller, 5, "c", link=two),
        move(small.seller, small.escrow, 5, "d", link=two),
    )

    assert verdicts == [OVERDRAWN, LINK_REFUSED, POSTED, POSTED]


def test_a_link_stands_where_its_first_leg_stands(small: SmallBook) -> None:
    link = uuid4()

    verdicts = post(
        move(small.buyer, small.seller, 5, "a", link=link),
        move(small.seller, small.escrow, 9, "needs both legs"),
        move(small.buyer, small.seller, 4, "b", link=link),
    )

    assert verdicts == [POSTED, POSTED, POSTED]
    keys = Transfer.objects.order_by("-id").values_list("key", flat=True)[:3]
    assert list(keys) == ["needs both legs", "b", "a"]


def test_a_frozen_account_refuses_the_whole_link(small: SmallBook) -> None:
    freeze_account(small.seller.pk)
    link = uuid4()

    verdicts = post(
        move(small.buyer, small.escrow, 1, "a", link=link),
        move(small.buyer, small.seller, 1, "b", link=link),
        move(small.buyer, small.escrow, 1, "c"),
    )

    assert verdicts == [LINK_REFUSED, Outcome.FROZEN, POSTED]
    assert small.left("escrow") == 1


def test_a_link_repeated_whole_is_a_duplicate_even_under_a_new_link(small: SmallBook) -> None:
    def legs(link: object) -> list[Outcome]:
        return post(
            move(small.buyer, small.escrow, 1, "a", link=link),
            move(small.buyer, small.seller, 1, "b", link=link),
        )

    assert legs(uuid4()) == [POSTED, POSTED]
    assert legs(uuid4()) == [Outcome.DUPLICATE, Outcome.DUPLICATE]


def test_a_link_half_seen_before_is_a_conflict(small: SmallBook) -> None:
    link = uuid4()
    post(move(small.buyer, small.escrow, 1, "a"))

    with pytest.raises(Conflict) as refusal:
        post(
            move(small.buyer, small.escrow, 1, "a", link=link),
            move(small.buyer, small.seller, 1, "b", link=link),
        )

    assert refusal.value.code == "duplicate_key"
    assert small.left("seller") == 0


def test_a_link_cannot_be_added_to_later(small: SmallBook) -> None:
    link = uuid4()
    post(move(small.buyer, small.escrow, 1, "a", link=link))

    with pytest.raises(Conflict):
        post(move(small.buyer, small.escrow, 1, "b", link=link))

    assert broken() == {}
