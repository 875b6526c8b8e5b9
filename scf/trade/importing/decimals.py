"""Numbers out of text, strictly: no NaN, no infinity, no exponent, nothing rounded in silence."""

import re
from decimal import Decimal
from fractions import Fraction

from scf.core.money import half_up

_PLAIN = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})", re.ASCII)
PLACES = 6
QUANTITY_DIGITS = 12  # Decimal(18, 6)
AMOUNT_DIGITS = 15  # 10^15 yuan is 10^17 fen and still fits a big integer


class BadNumber(ValueError):
    """The text is not a number we keep; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def strict_decimal(text: str, *, digits: int = QUANTITY_DIGITS, places: int = PLACES) -> Decimal:
    """The number written in ``text``, exactly.

    Raises BadNumber: ``not_a_number`` (also NaN, Infinity and 1e400), ``too_precise`` when a digit
    other than zero stands beyond ``places``, ``number_too_large`` from 10^``digits`` on.
    """
    text = text.strip()
    if not _PLAIN.fullmatch(text):
        raise BadNumber("not_a_number")
    number = Decimal(text)
    if number.adjusted() >= digits and number:
        raise BadNumber("number_too_large")
    if number != number.quantize(Decimal(1).scaleb(-places)):
        raise BadNumber("too_precise")
    return number + 0  # turns -0 into 0


def to_minor(amount: Fraction, exponent: int = 2) -> int:
    """``amount`` in the smallest unit of its money (fen for CNY), half-up (K1)."""
    scaled = amount * 10**exponent
    return half_up(scaled.numerator, scaled.denominator)


def to_decimal(amount: Fraction, places: int) -> Decimal:
    """``amount`` rounded half-up to ``places`` decimals, for showing."""
    return Decimal(to_minor(amount, places)).scaleb(-places)
