"""Single values out of UBL elements: dates, amounts, quantities, ids and details."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from scf.trade.importing.decimals import AMOUNT_DIGITS, QUANTITY_DIGITS, BadNumber, strict_decimal
from scf.trade.importing.document_parts import Detail, Identifier, Quantity
from scf.trade.importing.limits import MAX_TEXT_LENGTH
from scf.trade.importing.refusals import ImportRefused
from scf.trade.importing.xml_tree import Node

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_WHY = {
    "not_a_number": ("不是数字", "is not a number"),
    "too_precise": ("小数超过六位", "has more than six decimals"),
    "number_too_large": ("数字过大", "is too large"),
}


def _number(node: Node, digits: int) -> Decimal | None:
    text = node.read()
    if not text:
        return None
    try:
        return strict_decimal(text, digits=digits)
    except BadNumber as bad:
        zh, en = _WHY[bad.code]
        raise ImportRefused(
            bad.code,
            f"{node.name}：“{text[:40]}”{zh}",
            f"{node.name}: “{text[:40]}” {en}",
            where=node.path,
        ) from bad


def amount_of(parent: Node, name: str) -> Decimal | None:
    """The money amount or price in child ``name``; None when absent. At most six decimals."""
    node = parent.first(name)
    if node is None:
        return None
    node.attribute("currencyID")  # checked for the whole document in ubl_currency
    return _number(node, AMOUNT_DIGITS)


def number_of(parent: Node, name: str) -> Decimal | None:
    """The plain number in child ``name`` (percent, factor); None when absent."""
    node = parent.first(name)
    return _number(node, QUANTITY_DIGITS) if node else None


def quantity_of(parent: Node, name: str) -> Quantity | None:
    """The quantity with its unit code in child ``name``; None when absent."""
    node = parent.first(name)
    if node is None:
        return None
    unit = node.attribute("unitCode")
    value = _number(node, QUANTITY_DIGITS)
    return None if value is None else Quantity(value, unit)


def date_of(parent: Node, name: str) -> date | None:
    """The day in child ``name``, a time zone behind it ignored; None when absent."""
    node = parent.first(name)
    text = node.read() if node else ""
    if node is None or not text:
        return None
    found = _DATE.fullmatch(text)
    try:
        return date.fromisoformat(found[1] if found else "")
    except ValueError as bad:
        raise ImportRefused(
            "bad_date",
            f"{node.name}：“{text[:40]}”不是日期（应为 2026-03-01 这样的格式）",
            f"{node.name}: “{text[:40]}” is not a date such as 2026-03-01",
            where=node.path,
        ) from bad


def flag_of(parent: Node, name: str) -> bool | None:
    """The indicator in child ``name``: true, 1, false or 0; None when absent."""
    node = parent.first(name)
    text = node.read() if node else ""
    if node is None or not text:
        return None
    known = {"true": True, "1": True, "false": False, "0": False}
    if text.lower() not in known:
        raise ImportRefused(
            "bad_indicator",
            f"{node.name}：“{text[:40]}”应为 true 或 false",
            f"{node.name}: “{text[:40]}” must be true or false",
            where=node.path,
        )
    return known[text.lower()]


def identifier_of(parent: Node, name: str) -> Identifier | None:
    """The id in child ``name`` with its scheme; None when absent or empty."""
    node = parent.first(name)
    return identifier(node) if node else None


def identifier(node: Node) -> Identifier | None:
    """The id a node holds, with its scheme."""
    scheme = node.attribute("schemeID")
    value = node.read()
    return Identifier(value, scheme) if value else None


def leaves(parent: Node, names: Iterable[str]) -> tuple[Detail, ...]:
    """Every text below the children of these names, kept by path with its attributes."""
    found: list[Detail] = []
    for child in parent.all(*names):
        waiting = [(child, child.name)]
        while waiting:
            node, path = waiting.pop()
            text = node.read()[:MAX_TEXT_LENGTH]
            attributes = tuple((name, node.attribute(name)) for name in sorted(node.attributes))
            if text or attributes:
                found.append(Detail(path, text, attributes))
            waiting.extend((below, f"{path}/{below.name}") for below in reversed(node.children))
    return tuple(found)
