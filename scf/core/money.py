"""Money as integer fen: rounding, splitting, reading and writing. Only `loans` rounds besides.

q is half-up with ties away from zero (K1); rates are integer ppm a year; nothing here is a float.
"""

import re
from decimal import Decimal

PPM = 1_000_000
MAX_MINOR = 2**63 - 1  # what a bigint column and the chain's uint64 limits both hold

_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)


class MoneyRefused(ValueError):
    """A text or figure that is not an amount this system takes. The message may be shown."""

    code = "money_refused"


class NotANumber(MoneyRefused):
    """The text is not a plain decimal number (words, NaN, exponent, wrong grouping)."""

    code = "money_not_a_number"


class TooManyDecimals(MoneyRefused):
    """More than two decimals: there is nothing below a fen."""

    code = "money_too_many_decimals"


class NegativeMoney(MoneyRefused):
    """An amount below zero where only zero or more can be meant."""

    code = "money_negative"


class TooMuchMoney(MoneyRefused):
    """Larger than any account can hold."""

    code = "money_too_large"


def half_up(numerator: int, denominator: int) -> int:
    """Round ``numerator / denominator`` to an integer, ties away from zero (K1).

    Raises ZeroDivisionError for a zero denominator.
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -rounded if numerator < 0 else rounded


def split_loan_part(out: int, loan: int, total: int, booked: int) -> int:
    """Return the loan part, in fen, of the act that brought ``out`` to its present value (K6).

    ``out`` is all that left the escrow so far, this act included; ``loan`` and ``total`` are the
    agreement's; ``booked`` is the loan part of the acts before. The own part is the act's amount
    minus this. The same integer formula stands in Solidity and SQL.
    Raises ValueError when the figures cannot belong to one agreement.
    """
    if not 0 <= loan <= total or total == 0:
        raise ValueError(f"loan {loan} is not part of total {total}")
    if not 0 <= out <= total:
        raise ValueError(f"{out} left an escrow of {total}")
    part = (out * loan * 2 + total) // (2 * total) - booked
    if booked < 0 or part < 0:
        raise ValueError(f"{booked} of the loan part was booked before, more than its share now")
    return part


def line_value(quantity: Decimal, unit_price: Decimal) -> int:
    """Return the value of a line in fen: q(quantity x unit price including tax) (K7).

    Both have at most six decimals. Raises MoneyRefused for NaN, negative or finer figures.
    """
    scaled = _micro(quantity, "数量", "quantity") * _micro(unit_price, "单价", "unit price")
    return _within(half_up(scaled * 100, PPM * PPM))


def interest_on(principal_days: int, *, rate_ppm: int, day_base: int) -> int:
    """Return q of simple interest in fen on a sum of fen x days, as 积数 of an account (K15)."""
    return half_up(principal_days * rate_ppm, day_base * PPM)


def parse_yuan(text: str) -> int:
    """Read an amount in yuan ("372,602.37", "8700", "¥ 12.5") as fen, strictly.

    Raises NotANumber, TooManyDecimals, NegativeMoney or TooMuchMoney; never guesses.
    """
    body = text.strip().removeprefix("¥").removeprefix("￥").strip()
    if body.startswith(("-", "−", "(")):
        raise NegativeMoney(f"金额不能为负：{text} / an amount cannot be negative: {text}")
    if not (_PLAIN.fullmatch(body) or _GROUPED.fullmatch(body)):
        raise NotANumber(f"不是金额：{text} / not an amount: {text}")
    whole, _, decimals = body.replace(",", "").partition(".")
    if len(decimals) > 2:
        raise TooManyDecimals(
            f"金额最多两位小数：{text} / an amount has at most two decimals: {text}"
        )
    if len(whole) > 20:
        raise TooMuchMoney(f"金额过大：{text} / the amount is too large: {text}")
    return _within(int(whole) * 100 + int(decimals.ljust(2, "0")))


def fen_of(yuan: Decimal) -> int:
    """Turn an exact Decimal in yuan into fen. Raises MoneyRefused, never rounds."""
    _refuse_unwritable(yuan, "金额", "the amount")
    return parse_yuan(f"{yuan.normalize():f}")


def format_yuan(minor: int) -> str:
    """Write fen as yuan with thousands grouped: 37260237 -> "372,602.37", -5 -> "-0.05"."""
    whole, fen = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{whole:,}.{fen:02d}"


def _micro(figure: Decimal, zh: str, en: str) -> int:
    _refuse_unwritable(figure, zh, en)
    if figure < 0:
        raise NegativeMoney(f"{zh}不能为负：{figure} / {en} cannot be negative: {figure}")
    numerator, denominator = figure.as_integer_ratio()
    if PPM % denominator:
        raise TooManyDecimals(
            f"{zh}最多六位小数：{figure} / {en} has at most six decimals: {figure}"
        )
    return numerator * (PPM // denominator)


def _refuse_unwritable(figure: Decimal, zh: str, en: str) -> None:
    # A Decimal may carry an exponent of a million: it is refused before its digits are written out.
    if not figure.is_finite():
        raise NotANumber(f"{zh}不是数字：{figure} / {en} is not a number: {figure}")
    if figure and figure.adjusted() > 18:
        raise TooMuchMoney(f"{zh}过大：{figure} / {en} is too large: {figure}")
    if figure and figure.adjusted() < -18:
        raise TooManyDecimals(f"{zh}小数位过多：{figure} / {en} has too many decimals: {figure}")


def _within(minor: int) -> int:
    if minor > MAX_MINOR:
        raise TooMuchMoney("金额过大 / the amount is too large")
    return minor
