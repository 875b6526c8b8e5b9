"""Amounts in English words, as they stand beside the capital numerals of the Chinese pages."""

ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion")


def english_yuan(minor: int) -> str:
    """Fen in English words.

    >>> english_yuan(37260237)
    'three hundred seventy-two thousand six hundred two yuan and thirty-seven fen'
    >>> english_yuan(870000)
    'eight thousand seven hundred yuan only'
    """
    yuan, fen = divmod(abs(minor), 100)
    sign = "minus " if minor < 0 else ""
    end = f"and {_whole(fen)} fen" if fen else "only"
    return f"{sign}{_whole(yuan)} yuan {end}"


def _whole(number: int) -> str:
    if number == 0:
        return ONES[0]
    words: list[str] = []
    for scale in SCALES:
        number, group = divmod(number, 1000)
        if group:
            words.insert(0, f"{_below_thousand(group)} {scale}".strip())
    return " ".join(words)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{ONES[hundreds]} hundred"] if hundreds else []
    if rest:
        words.append(_below_hundred(rest))
    return " ".join(words)


def _below_hundred(number: int) -> str:
    if number < len(ONES):
        return ONES[number]
    tens, ones = divmod(number, 10)
    return f"{TENS[tens]}-{ONES[ones]}" if ones else TENS[tens]
