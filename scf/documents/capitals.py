"""Amounts in capital Chinese numerals, as they stand on notes and receipts."""

import cn2an

from scf.core.money import format_yuan


def capital_yuan(minor: int) -> str:
    """Fen in capital numerals: 37260237 -> 叁拾柒万贰仟陆佰零贰元叁角柒分.

    >>> capital_yuan(870000)
    '捌仟柒佰元整'
    """
    sign = "负" if minor < 0 else ""
    return sign + str(cn2an.an2cn(format_yuan(abs(minor)).replace(",", ""), "rmb"))
