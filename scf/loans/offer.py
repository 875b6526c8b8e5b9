"""What a borrower is shown before signing: the offer, the legal rate, the reference rate (K23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from scf.core.money import PPM, half_up, interest_on
from scf.loans.apr import Flow, NoRate, compounded, irr, simple_rate, xirr
from scf.loans.calendars import whole_months
from scf.loans.schedule import Row, schedule
from scf.loans.terms import Terms

YEAR = 12  # months


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The figures of an offer: money in fen, rates as fractions with six decimals.

    ``simple_360`` and ``simple_365`` are interest and every fee over principal held. The rate of
    the law is 年化利率: ``law_simple``, that one on 360 days for a loan repaid at once and, where
    principal is paid in instalments (``is_by_irr``), twelve times the monthly internal rate;
    ``law_compound`` is the internal rate compounded (PBOC 2021 No. 3).
    """

    interest_minor: int
    fees_minor: int
    per_idle_day_minor: int
    simple_360: Decimal
    simple_365: Decimal
    xirr: Decimal
    law_simple: Decimal
    law_compound: Decimal
    is_by_irr: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedMoney:
    """The all-in rate on money really used, for assumed or actual release dates (K23)."""

    cost_minor: int
    simple_360: Decimal
    simple_365: Decimal
    xirr: Decimal


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee tied to the loan, whoever takes it, on the day it is paid."""

    on: date
    amount_minor: int


def offer(terms: Terms, *, fees: Sequence[Fee] = ()) -> Offer:
    """Return the offer of a loan drawn whole on the opening day and paid on time.

    It is the same under either interest_from (golden README): from funding to maturity.
    Raises NoRate when the flows have no rate.
    """
    rows = schedule(terms)
    interest = sum(row.interest_minor for row in rows)
    cost = interest + sum(fee.amount_minor for fee in fees)
    held = sum(row.opening_minor * (row.due_on - row.starts_on).days for row in rows)
    flows = [Flow(terms.opened_on, terms.frame_minor)]
    flows += [Flow(row.due_on, -row.payment_minor) for row in rows]
    flows += [Flow(fee.on, -fee.amount_minor) for fee in fees]
    simple_360, dated = simple_rate(cost, principal_days=held, day_base=360), xirr(flows)
    by_irr = sum(bool(row.principal_minor) for row in rows) > 1
    law = _internal_rates(terms, rows, fees, dated) if by_irr else (simple_360, dated)
    return Offer(
        interest_minor=interest,
        fees_minor=cost - interest,
        per_idle_day_minor=idle_day_cost(terms, amount_minor=terms.frame_minor),
        simple_360=simple_360,
        simple_365=simple_rate(cost, principal_days=held, day_base=365),
        xirr=dated,
        law_simple=law[0],
        law_compound=law[1],
        is_by_irr=by_irr,
        rows=rows,
    )


def _internal_rates(
    terms: Terms, rows: Sequence[Row], fees: Sequence[Fee], dated: Decimal
) -> tuple[Decimal, Decimal]:
    """Return the simple and the compounded annual rate of a loan paid back in instalments.

    By equal periods of whole months where there are such and every fee is paid with the opening
    or a due date, else from the dated rate.
    """
    days = pairwise((terms.opened_on, *terms.agreed_dates))
    spans = {whole_months(one, two, day_of_month=terms.anchor_day) for one, two in days}
    months = next(iter(spans)) if len(spans) == 1 else None
    paid = dict.fromkeys((terms.opened_on, *(row.due_on for row in rows)), 0)
    is_regular = all(fee.on in paid for fee in fees)
    if months is None or YEAR % months or not is_regular:
        monthly = (1 + dated) ** (Decimal(1) / YEAR) - 1
        return round(monthly * YEAR, 6), dated
    for fee in fees:
        paid[fee.on] += fee.amount_minor
    received = terms.frame_minor - paid[terms.opened_on]
    rate = irr([received, *(-row.payment_minor - paid[row.due_on] for row in rows)])
    return rate * (YEAR // months), compounded(rate, periods=YEAR // months)


def used_money(releases: Sequence[Flow], payments: Sequence[Flow]) -> UsedMoney:
    """Return the rate on money the payee really received.

    ``releases`` are the loan parts released (positive), ``payments`` all the borrower pays
    (positive); returned idle money is in neither. Raises NoRate when nothing was released or the
    borrower pays back less than that.
    """
    released = sum(flow.amount_minor for flow in releases)
    cost = sum(flow.amount_minor for flow in payments) - released
    if cost < 0:
        raise NoRate("还款少于用款 / less is paid back than was used", code="not_repaid")
    held = _held(releases, payments)
    return UsedMoney(
        cost_minor=cost,
        simple_360=simple_rate(cost, principal_days=held, day_base=360),
        simple_365=simple_rate(cost, principal_days=held, day_base=365),
        xirr=xirr([*releases, *(Flow(flow.on, -flow.amount_minor) for flow in payments)]),
    )


def idle_day_cost(terms: Terms, *, amount_minor: int) -> int:
    """Return what one day of an idle amount costs in fen: q(amount x rate / year)."""
    return interest_on(amount_minor, rate_ppm=terms.rate_ppm, day_base=terms.day_base)


def idle_interest(terms: Terms, *, amount_minor: int, start: date, end: date) -> int:
    """Return the interest borne by money that came back unused, from funding to its return."""
    days = (end - start).days
    return half_up(amount_minor * terms.rate_ppm * days, terms.day_base * PPM)


def _held(releases: Sequence[Flow], payments: Sequence[Flow]) -> int:
    """Return fen x days of principal in use; a payment pays principal before cost."""
    moves: dict[date, int] = {}
    for flow in releases:
        moves[flow.on] = moves.get(flow.on, 0) + flow.amount_minor
    for flow in payments:
        moves[flow.on] = moves.get(flow.on, 0) - flow.amount_minor
    days = sorted(moves)
    balance = held = 0
    for one, two in pairwise(days):
        balance = max(0, balance + moves[one])
        held += balance * (two - one).days
    return held
