"""The time-value functions every spreadsheet has, in Decimals.

Signs are those of spreadsheets: money received is positive, money paid negative, and present value,
payments and future value balance to nothing. ``due`` is 1 when payments fall at the beginning of a
period, 0 at its end. ArithmeticError (or its subclasses) where a formula has no number.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from scf.loans.rates.roots import NoRate, nearest, roots_over
from scf.loans.rates.worth import DIGITS, Worth

END, BEGIN = 0, 1
ZERO = Decimal(0)
DEFAULT_GUESS = Decimal("0.1")
# Rates a period from almost -100 % to tenfold, finest where loans are.
_RATES = (
    *(Decimal(step) / 100 for step in range(-99, 0)),
    *(Decimal(step) / 200 + Decimal("0.0025") for step in range(200)),
    *(Decimal(step) / 4 for step in range(5, 41)),
)


def future_value(
    rate: Decimal, periods: Decimal, payment: Decimal, present: Decimal, *, due: int = END
) -> Decimal:
    """Return what is there after the last period."""
    with localcontext(prec=DIGITS):
        return -(present * (1 + rate) ** periods + payment * _annuity(rate, periods, due))


def present_value(
    rate: Decimal, periods: Decimal, payment: Decimal, future: Decimal = ZERO, *, due: int = END
) -> Decimal:
    """Return what payments and a final sum are worth at the start."""
    with localcontext(prec=DIGITS):
        return -(future + payment * _annuity(rate, periods, due)) / (1 + rate) ** periods


def payment(
    rate: Decimal, periods: Decimal, present: Decimal, future: Decimal = ZERO, *, due: int = END
) -> Decimal:
    """Return the level payment per period."""
    with localcontext(prec=DIGITS):
        return -(future + present * (1 + rate) ** periods) / _annuity(rate, periods, due)


def periods_needed(
    rate: Decimal, payment: Decimal, present: Decimal, future: Decimal = ZERO, *, due: int = END
) -> Decimal:
    """Return how many periods it takes, perhaps a broken number of them.

    Infinity when nothing is paid and nothing grows; ArithmeticError when the sum is out of reach.
    """
    with localcontext(prec=DIGITS):
        if rate == 0 and payment == 0:
            return Decimal("Infinity")
        if rate == 0:
            return -(future + present) / payment
        perpetuity = payment * (1 + rate * due) / rate
        growth = (perpetuity - future) / (perpetuity + present)
        if growth <= 0:
            raise ArithmeticError("the payments never reach the sum")
        return growth.ln() / (1 + rate).ln()


def interest_part(
    rate: Decimal,
    period: Decimal,
    periods: Decimal,
    present: Decimal,
    future: Decimal = ZERO,
    *,
    due: int = END,
) -> Decimal:
    """Return the interest in one payment, the first being period 1.

    Raises ArithmeticError for a period before the first.
    """
    if period < 1:
        raise ArithmeticError("periods are counted from 1")
    if due == BEGIN and period == 1:
        return ZERO
    with localcontext(prec=DIGITS):
        level = payment(rate, periods, present, future, due=due)
        interest = future_value(rate, period - 1, level, present, due=due) * rate
        return interest / (1 + rate) if due == BEGIN else interest


def principal_part(
    rate: Decimal,
    period: Decimal,
    periods: Decimal,
    present: Decimal,
    future: Decimal = ZERO,
    *,
    due: int = END,
) -> Decimal:
    """Return the principal in one payment. Raises ArithmeticError before period 1."""
    with localcontext(prec=DIGITS):
        level = payment(rate, periods, present, future, due=due)
        return level - interest_part(rate, period, periods, present, future, due=due)


def cumulative_interest(
    rate: Decimal, periods: Decimal, present: Decimal, span: tuple[int, int], *, due: int = END
) -> Decimal:
    """Return the interest of the payments from the first to the last of a span, both counted."""
    numbers = (Decimal(nr) for nr in range(span[0], span[1] + 1))
    with localcontext(prec=DIGITS):
        return sum((interest_part(rate, nr, periods, present, due=due) for nr in numbers), ZERO)


def cumulative_principal(
    rate: Decimal, periods: Decimal, present: Decimal, span: tuple[int, int], *, due: int = END
) -> Decimal:
    """Return the principal of the payments from the first to the last of a span, both counted."""
    numbers = (Decimal(nr) for nr in range(span[0], span[1] + 1))
    with localcontext(prec=DIGITS):
        return sum((principal_part(rate, nr, periods, present, due=due) for nr in numbers), ZERO)


def rate_per_period(
    periods: Decimal,
    payment: Decimal,
    present: Decimal,
    future: Decimal,
    *,
    due: int = END,
    guess: Decimal = DEFAULT_GUESS,
) -> Decimal:
    """Return the rate that balances all five, nearest the guess. Raises NoRate."""

    def balance(rate: Decimal) -> Decimal:
        return future - future_value(rate, periods, payment, present, due=due)

    with localcontext(prec=DIGITS):
        return nearest(roots_over(balance, _RATES), guess)


def net_present(rate: Decimal, values: Sequence[Decimal]) -> Decimal:
    """Return what values one period apart are worth at the first of them."""
    with localcontext(prec=DIGITS):
        total = ZERO
        for value in reversed(values):
            total = total / (1 + rate) + value
        return total


def internal_rate(values: Sequence[Decimal], *, guess: Decimal = ZERO) -> Decimal:
    """Return the rate per period that makes values worth nothing, nearest the guess.

    Raises NoRate when all values have one sign or no rate does it.
    """
    worth = Worth.of((Fraction(nr), value) for nr, value in enumerate(values))
    return nearest(worth.roots(), guess)


def modified_internal_rate(
    values: Sequence[Decimal], finance_rate: Decimal, reinvest_rate: Decimal
) -> Decimal:
    """Return the rate with outlays financed at one rate and returns reinvested at another.

    Raises NoRate (``one_sided``) unless money moves both ways.
    """
    received = [max(value, ZERO) for value in values]
    spent = [min(value, ZERO) for value in values]
    if not any(received) or not any(spent):
        raise NoRate("现金流只有一个方向 / all money moves one way", code="one_sided")
    with localcontext(prec=DIGITS):
        last = len(values) - 1
        grown = net_present(reinvest_rate, received) * (1 + reinvest_rate) ** last
        return (grown / -net_present(finance_rate, spent)) ** (Decimal(1) / last) - 1


def _annuity(rate: Decimal, periods: Decimal, due: int) -> Decimal:
    """Return what payments of 1 have grown to after the last period."""
    if rate == 0:
        return periods
    return (1 + rate * due) * ((1 + rate) ** periods - 1) / rate
