"""Amounts in capital Chinese numerals, as they stand on notes and receipts."""

from functools import cache
from importlib import import_module
from typing import Any

from scf.core.money import format_yuan

_HUNDRED_MILLION = 10**10  # fen
_KNOWN = 10**8  # of them: sixteen digits of yuan


def capital_yuan(minor: int) -> str:
    """Fen in capital numerals: 37260237 -> 叁拾柒万贰仟陆佰零贰元叁角柒分.

    >>> capital_yuan(870000)
    '捌仟柒佰元整'
    """
    sign = "负" if minor < 0 else ""
    most, rest = divmod(abs(minor), _HUNDRED_MILLION)
    if most < _KNOWN:
        return sign + _capital(abs(minor))
    # The library knows sixteen digits: what is above stands in hundreds of millions of its own.
    whole = _capital(most * 100).removesuffix("元整")
    if rest < 100:
        return f"{sign}{whole}亿元{_capital(100 + rest).removeprefix('壹元')}"
    gap = "零" if rest < _HUNDRED_MILLION // 10 else ""
    return f"{sign}{whole}亿{gap}{_capital(rest)}"


def _capital(minor: int) -> str:
    return str(_library().an2cn(format_yuan(minor).replace(",", ""), "rmb"))


@cache
def _library() -> Any:
    # It takes a third of a second to load: only a process that writes such amounts pays that.
    return import_module("cn2an")
