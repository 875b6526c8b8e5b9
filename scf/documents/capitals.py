"""Amounts in capital Chinese numerals, as they stand on notes and receipts."""

from functools import cache
from importlib import import_module
from typing import Any

from scf.core.money import format_yuan


def capital_yuan(minor: int) -> str:
    """Fen in capital numerals: 37260237 -> 叁拾柒万贰仟陆佰零贰元叁角柒分.

    >>> capital_yuan(870000)
    '捌仟柒佰元整'
    """
    sign = "负" if minor < 0 else ""
    figures = format_yuan(abs(minor)).replace(",", "")
    return sign + str(_library().an2cn(figures, "rmb"))


@cache
def _library() -> Any:
    # It takes a third of a second to load: only a process that writes such amounts pays that.
    return import_module("cn2an")
