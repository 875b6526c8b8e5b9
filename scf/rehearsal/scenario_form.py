"""What a scenario must say and may say: every word of it is looked at before anything is lived.

A word that is not known and says something would change nothing in silence, so it is refused like a
wrong figure; remarks in words, and names that say nothing, are let be.
"""

import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from scf.core.money import MAX_MINOR

LONGEST_LIFE = 1_100  # days from the first event to the last
_EARLIEST = date(2000, 1, 1)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_QUANTITY = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)
_REMARKS = frozenset({"note", "title", "description", "source"})
_TOP = frozenset({"id", "order", "terms", "opening", "events", "expect"})
_ORDER = frozenset({"number", "lines", "currency"})
_LINE = frozenset({"id", "name", "unit", "quantity", "unit_price", "tax_ppm"})
_FOUND = ("accepted", "short", "damaged", "rejected")
_WHO = ("seller", "payee", "buyer", "buyer_general", "buyer_collection", "bank")
_SIDES = ("seller", "buyer")
_DAYS = ("funded_on", "maturity", "expiry")
_MAY_BE_NULL = ("expiry", "escrow_interest_to", "escrow_interest_ppm", "limit")
_MONEY = ("own_funds", "loan", "limit", "escrow_interest_ppm")
_WORDS = {"policy": str, "anchor_side": str, "escrow_interest_to": str, "is_revolving": bool}
# What each act needs, and what it may say besides its line.
_NEEDS = {
    "accept": ("line",), "return_line": ("line",), "dispute": ("line",),
    "resolve": ("line", "to_payee"), "freeze": ("who",), "unfreeze": ("who",),
    "receive": ("amount",), "repay": ("amount",),
}  # fmt: skip
_MAY = {"ship": ("line", "quantity"), "accept": _FOUND}


class WrongForm(ValueError):
    """What is wrong with a scenario and where, in both languages."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        super().__init__(f"{where}：{zh} / {where}: {en}")
        self.where, self.zh, self.en = where, zh, en


def check_form(given: Any, *, acts: Collection[str], terms: Mapping[str, object]) -> None:
    """Look at every word of a scenario's JSON; ``terms`` are the programme terms it may name, each
    with a value of its kind. Raises WrongForm.
    """
    _object(given, "", _TOP, needs=("id", "order", "terms", "events"))
    _text(given["id"], "id", 60)
    order = _object(given["order"], "order", _ORDER, needs=("number", "lines"))
    if order.get("currency", "CNY") != "CNY":
        raise WrongForm("order.currency", "须为 CNY", "must be CNY")
    _text(order["number"], "order.number", 120)
    lines = _lines(order["lines"])
    _check_terms(given["terms"], terms)
    opening = _object(given.get("opening", {}), "opening", ("bank", "seller", *_WHO[3:5]))
    for name, minor in opening.items():
        _minor(minor, f"opening.{name}")
    _check_events(given["events"], acts, lines)


def day_of(value: object, where: str) -> date:
    """A day as 2026-03-05. Raises WrongForm."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            day = date.fromisoformat(value)
            if day >= _EARLIEST:
                return day
    except ValueError:
        pass  # a day that is not in the calendar: refused below with the rest
    raise WrongForm(where, f"不是日期（如 2026-03-05）：{_said(value)}", f"no day: {_said(value)}")


def quantity_of(value: object, where: str) -> Decimal:
    """A quantity or price from 0 up, at most six decimals. Raises WrongForm."""
    text = str(value) if isinstance(value, (str, int, Decimal)) else ""
    if isinstance(value, bool) or not _QUANTITY.fullmatch(text):
        raise WrongForm(
            where, f"不是数量或价格：{_said(value)}", f"no quantity or price: {_said(value)}"
        )
    try:
        return Decimal(text)
    except InvalidOperation as wrong:
        raise WrongForm(where, "不是数字", "is not a number") from wrong


def _lines(given: Any) -> list[str]:
    if not isinstance(given, list) or not 0 < len(given) <= 200:
        raise WrongForm("order.lines", "须有 1 至 200 行", "1 to 200 lines are needed")
    for number, line in enumerate(given):
        where = f"order.lines[{number}]"
        _object(line, where, _LINE, needs=("id", "quantity", "unit_price"))
        _text(line["id"], f"{where}.id", 60)
        for name in ("quantity", "unit_price"):
            if not quantity_of(line[name], f"{where}.{name}"):
                raise WrongForm(f"{where}.{name}", "须大于零", "must be above zero")
        if not 0 <= _whole(line.get("tax_ppm", 0), f"{where}.tax_ppm") <= 1_000_000:
            raise WrongForm(f"{where}.tax_ppm", "须为 0 至 1000000", "must be 0 to 1000000")
    names = [str(line["id"]) for line in given]
    if len(set(names)) != len(names):
        raise WrongForm("order.lines", "行号重复", "a line id stands twice")
    return names


def _check_terms(given: Any, terms: Mapping[str, object]) -> None:
    kinds = {name: type(value) for name, value in terms.items()} | _WORDS
    known = {*kinds, *_DAYS, *_MONEY, "waterfall"}
    _object(given, "terms", known, needs=("policy", "funded_on", "maturity", "rate_ppm"))
    for name, value in given.items():
        if value is not None or name not in _MAY_BE_NULL:
            _check_term(name, value, kinds.get(name))
    if given.get("anchor_side", "seller") not in _SIDES:
        raise WrongForm("terms.anchor_side", "须为 seller 或 buyer", "must be seller or buyer")


def _check_term(name: str, value: object, kind: type | None) -> None:
    where = f"terms.{name}"
    if name in _DAYS:
        day_of(value, where)
    elif name in _MONEY:
        _minor(value, where)
    elif kind is not None:
        _of_kind(value, kind, where)
    elif name == "waterfall" and not (
        isinstance(value, list) and all(isinstance(one, str) for one in value)
    ):
        raise WrongForm(where, "须为文字的列表", "must be a list of words")


def _of_kind(value: object, kind: type, where: str) -> None:
    if kind is int:
        _whole(value, where)
    elif type(value) is not kind:
        word_zh, word_en = ("true 或 false",) * 2 if kind is bool else ("文字", "a word")
        raise WrongForm(where, f"须为{word_zh}", f"must be {word_en}")


def _check_events(given: Any, acts: Collection[str], lines: Collection[str]) -> None:
    if not isinstance(given, list) or not given:
        raise WrongForm("events", "须有事件", "events are needed")
    for number, event in enumerate(given):
        where = f"events[{number}]"
        if not isinstance(event, dict) or event.get("do") not in acts:
            raise WrongForm(where, f"未知的事件：{_said(event)}", f"unknown: {_said(event)}")
        _check_event(event, where, lines)
    days = [event["on"] for event in given]
    if days != sorted(days):
        raise WrongForm("events", "须按日期排列", "must stand in the order of their dates")
    if given[0]["do"] != "submit":
        raise WrongForm("events[0]", "须为 submit", "must be submit")


def _check_event(event: dict[str, Any], where: str, lines: Collection[str]) -> None:
    needs = ("on", *_NEEDS.get(event["do"], ()))
    _object(event, where, {"do", *needs, *_MAY.get(event["do"], ())}, needs=needs)
    day_of(event["on"], f"{where}.on")
    if "line" in event and event["line"] not in lines:
        raise WrongForm(f"{where}.line", f"没有这一行：{_said(event['line'])}", "no such line")
    if "who" in event and event["who"] not in _WHO:
        raise WrongForm(f"{where}.who", f"须为 {'、'.join(_WHO)}", f"must be {', '.join(_WHO)}")
    if "amount" in event and not _minor(event["amount"], f"{where}.amount"):
        raise WrongForm(f"{where}.amount", "须大于零", "must be above zero")
    if "to_payee" in event:
        _minor(event["to_payee"], f"{where}.to_payee")
    found = [quantity_of(event[name], f"{where}.{name}") for name in _FOUND if name in event]
    if event["do"] == "accept" and not any(found):
        raise WrongForm(where, "须有数量", "a quantity is needed")
    if "quantity" in event and not quantity_of(event["quantity"], f"{where}.quantity"):
        raise WrongForm(f"{where}.quantity", "须大于零", "must be above zero")


def _object(
    given: Any, where: str, known: Collection[str], *, needs: Collection[str] = ()
) -> dict[str, Any]:
    place = where or "JSON"
    if not isinstance(given, dict):
        raise WrongForm(place, "须为 JSON 对象", "must be a JSON object")
    missing = [name for name in needs if given.get(name) is None]
    if missing:
        raise WrongForm(place, f"缺少 {'、'.join(missing)}", f"lacks {', '.join(missing)}")
    unknown = set(given) - set(known) - _REMARKS
    strangers = sorted(name for name in unknown if not _is_remark(given[name], where))
    if strangers:
        named = [_said(name) for name in strangers[:5]]
        raise WrongForm(place, f"未知的字段 {'、'.join(named)}", f"unknown {', '.join(named)}")
    return given


def _is_remark(value: object, where: str) -> bool:
    """Whether an unknown name says nothing that could count: it is empty or 0, or, where no word is
    a term, text that is neither a quantity nor a day.
    """
    if not value:
        return True
    if where == "terms" or not isinstance(value, str):
        return False
    return not (_QUANTITY.fullmatch(value) or _DAY.fullmatch(value))


def _text(value: object, where: str, longest: int) -> None:
    if not isinstance(value, str) or not value.strip() or len(value) > longest or _is_odd(value):
        raise WrongForm(
            where, f"须为 1 至 {longest} 个字符", f"must be 1 to {longest} printable characters"
        )


def _is_odd(text: str) -> bool:
    return not text.isprintable()


def _whole(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongForm(where, f"须为整数：{_said(value)}", f"must be whole: {_said(value)}")
    return value


def _minor(value: object, where: str) -> int:
    if not 0 <= _whole(value, where) <= MAX_MINOR:
        raise WrongForm(where, "金额须为不小于零的整数分", "an amount is whole fen from 0 up")
    return _whole(value, where)


def _said(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, default=str)[:80]
