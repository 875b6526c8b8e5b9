"""Which agreed fees a loan's state must still claim, and a claim of one. Pure.

A fee is named by its place in ``Terms.fees``, from 1. Fees whose day has not come fall away when
the loan is settled or written off, but those agreed for the loan as a whole, at maturity or added
later: they fall due with whatever settles it.
"""

from dataclasses import replace
from datetime import date

from scf.loans.fees import WITH_SETTLEMENT, AgreedFee, FeeClaim
from scf.loans.state import State, is_settled, undrawn
from scf.loans.terms import InterestFrom, Terms

NumberedFees = tuple[tuple[int, AgreedFee], ...]


def unclaimed(terms: Terms, state: State) -> NumberedFees:
    """Return the fees no claim was made of yet and whose day is the state's own or ahead."""
    if state.written_off_on is not None:
        return ()
    return tuple(
        (nr, fee)
        for nr, fee in enumerate(terms.fees, 1)
        if nr not in state.fees_claimed and fee.on >= state.on
    )


def fees_of_today(terms: Terms, state: State) -> NumberedFees:
    """Return the fees that fall due on the state's day; none of a loan that is settled."""
    if not terms.fees or is_settled(terms, state):
        return ()
    return tuple((nr, fee) for nr, fee in unclaimed(terms, state) if fee.on == state.on)


def fees_of_the_end(terms: Terms, state: State) -> NumberedFees:
    """Return the fees that fall due with a settlement now; none while more can be drawn."""
    is_by_release = terms.interest_from is InterestFrom.RELEASE
    if is_by_release and undrawn(terms, state):
        return ()
    return tuple((nr, fee) for nr, fee in unclaimed(terms, state) if fee.at in WITH_SETTLEMENT)


def fee_dates(terms: Terms, state: State) -> set[date]:
    """Return the days ahead on which a fee falls due: what happens there is no quiet day."""
    return {fee.on for _nr, fee in unclaimed(terms, state) if fee.on > state.on}


def with_claim(state: State, nr: int, fee: AgreedFee) -> State:
    """Return the state with one fee owed since its own day."""
    claimed = (*state.fees_claimed, nr)
    return with_fee(replace(state, fees_claimed=claimed), fee.amount_minor, nr=nr)


def with_fee(state: State, amount_minor: int, *, nr: int = 0) -> State:
    """Return the state with a fee of so many fen owed; ``nr`` is 0 where no terms name it."""
    claim = FeeClaim(nr=nr, due_on=state.on, owed_minor=amount_minor)
    return replace(
        state,
        costs_owed_minor=state.costs_owed_minor + amount_minor,
        fees_owed=(*state.fees_owed, claim),
    )
