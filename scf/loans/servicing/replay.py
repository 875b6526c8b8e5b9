"""The replay: a loan's entries in order, from nothing to where it stands.

`replay(terms, entries, today)` builds the rows of the schedule, walks the entries and returns what
every entry came to. Nothing is remembered between replays, so a back-dated entry, an undone one or
a changed one needs no code of its own. Amounts in minor units.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from scf.loans.servicing import charge_off, charging, credits, paying, paying_out, re_aging
from scf.loans.servicing.entries import PAYMENTS, Entry, Kind
from scf.loans.servicing.overdue import recalculate_to
from scf.loans.servicing.schedule import DateChange, initial_rows, plan_for, plan_moves
from scf.loans.servicing.state import Outcome, State
from scf.loans.servicing.terms import Terms


def replay(
    terms: Terms,
    entries: Iterable[Entry],
    today: date,
    changes: tuple[DateChange, ...] = (),
) -> State:
    """Return the loan after all entries, with interest on arrears up to ``today``."""
    follows = terms.recalculates and not terms.is_progressive
    until = today if follows and terms.down_payment is None else None
    state = _history(terms, tuple(entries), changes, until).copied()
    recalculate_to(state, today)
    _close(state)
    return state


@lru_cache(maxsize=64)
def _history(
    terms: Terms,
    entries: tuple[Entry, ...],
    changes: tuple[DateChange, ...],
    until: date | None,
) -> State:
    # Pure, so that it may be remembered: most days only ask how far interest has run since.
    rows = initial_rows(terms, entries, changes, until)
    state = State(terms, rows, plan_for(terms, entries, changes))
    state.moves = plan_moves(terms, entries, changes)
    state.again = lambda others: replay(terms, others, terms.submitted_on, changes)
    for entry in entries:
        _live(state, entry)
    return state


def _live(state: State, entry: Entry) -> None:
    state.history.append(entry)
    if entry.kind is Kind.CHARGE:
        charging.add_charge(state, entry)
        return
    if entry.kind in {Kind.RATE_CHANGE, Kind.INTEREST_PAUSE}:
        paying_out.change_interest(state, entry)
        return
    recalculate_to(state, entry.day)
    outcome = _process(state, entry)
    state.outcomes[entry.number] = outcome
    state.done.append(entry)


def _process(state: State, entry: Entry) -> Outcome:
    if entry.kind is Kind.INTEREST_REFUND:
        return paying.refund_interest(state, entry)
    if entry.kind in PAYMENTS:
        return paying.pay(state, entry)
    handler = {
        Kind.DISBURSEMENT: paying_out.disburse,
        Kind.CAPITALISED_INCOME: paying_out.capitalise,
        Kind.CHARGEBACK: credits.charge_back,
        Kind.CREDIT_REFUND: credits.refund_credit,
        Kind.PAYMENT_REFUND: paying.refund_payment,
        Kind.CHARGE_OFF: charge_off.charge_off,
        Kind.WRITE_OFF: charge_off.write_off,
        Kind.CHARGE_WAIVER: charging.waive_charge,
        Kind.RE_AGE: re_aging.re_age,
        Kind.RE_AMORTISE: re_aging.re_amortise,
    }[entry.kind]
    return handler(state, entry)


def _close(state: State) -> None:
    last = state.rows[-1]
    if last.is_additional and not last.total_due:
        state.rows.remove(last)
    for row in state.rows:
        if row.total_outstanding > 0:
            row.met_on = None
