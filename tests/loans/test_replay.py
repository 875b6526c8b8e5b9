"""A back-dated act: history is folded again, and only the differences are posted."""

from datetime import date, timedelta

from scf.loans.book import fold
from scf.loans.postings import Kind, Parts, Posting, differences
from scf.loans.quotes import settlement_quote
from tests.loans.deal import EXPIRY, LATE, MATURITY, deal_terms, funded, repaid, returned, the

TODAY = MATURITY + timedelta(days=5)
BEFORE = [funded(), returned(), repaid(400_000_00, MATURITY)]
FOUND_LATE = repaid(100_000_00, date(2026, 5, 20))  # came in on 20 May, seen only in June


def net(postings: tuple[Posting, ...]) -> dict[str, Parts]:
    """What stands for each key, keys that came to nothing left out."""
    sums: dict[str, Parts] = {}
    for posting in postings:
        sums[posting.key] = sums.get(posting.key, Parts()).plus(posting.parts)
    return {key: parts for key, parts in sums.items() if not parts.is_nothing}


def test_nothing_changed_nothing_to_post():
    posted = fold(deal_terms(), BEFORE, as_of=TODAY).postings

    assert differences(posted, posted) == ()


def test_a_back_dated_payment_reverses_what_came_after_it_and_nothing_before():
    posted = fold(deal_terms(), BEFORE, as_of=TODAY).postings
    now = fold(deal_terms(), [*BEFORE, FOUND_LATE], as_of=TODAY).postings

    changes = differences(posted, now)

    assert {posting.key for posting in changes if posting.is_reversal} == {
        "accrual:2026-05-31",
        "accrual:2026-06-09",
        f"repay:{MATURITY}",
        "overdue:1",
    }
    assert min(posting.on for posting in changes) == date(2026, 5, 20)
    assert net(posted + changes) == net(now)
    assert posted == fold(deal_terms(), BEFORE, as_of=TODAY).postings


def test_the_new_figures_are_those_of_a_life_in_the_right_order():
    book = fold(deal_terms(), [*BEFORE, FOUND_LATE], as_of=TODAY)

    # 800,000.00 x 60 d + 627,919.30 x 9 d = 6,482.86 accrued on 20 May.
    assert the(book.postings, Kind.REPAY, date(2026, 5, 20)).parts == Parts(
        interest_minor=6_482_86, principal_minor=93_517_14
    )
    assert settlement_quote(
        book, on=TODAY
    ).principal_minor == 627_919_30 - 93_517_14 - 400_000_00 + (
        the(book.postings, Kind.REPAY, MATURITY).parts.interest_minor
    )


def test_posting_the_differences_twice_is_the_same_as_once():
    posted = fold(deal_terms(), BEFORE, as_of=TODAY).postings
    now = fold(deal_terms(), [*BEFORE, FOUND_LATE], as_of=TODAY).postings
    after = posted + differences(posted, now)

    assert differences(after, now) == ()


def test_an_act_undone_is_reversed_and_the_books_stand_as_before_it():
    without = fold(deal_terms(), BEFORE, as_of=TODAY).postings
    having = fold(deal_terms(), [*BEFORE, FOUND_LATE], as_of=TODAY).postings
    first = without + differences(without, having)

    undone = first + differences(first, without)

    assert net(undone) == net(without)
    assert differences(undone, without) == ()


def test_a_bank_day_closed_late_keeps_the_value_date():
    # The chain's block is of 11 May, the bank posts it on the 13th (K4).
    posted = fold(deal_terms(), [funded()], as_of=date(2026, 5, 13)).postings
    changes = differences(posted, fold(deal_terms(), [funded(), returned()], as_of=LATE).postings)

    assert next(p for p in changes if p.kind is Kind.RETURN).on == EXPIRY
    assert not any(posting.is_reversal for posting in changes)
