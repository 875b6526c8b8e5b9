"""Reads the cells of an order sheet one by one, strictly, and says what to do about a bad one."""

import re
from datetime import date
from decimal import Decimal

from stdnum.cn import uscc

from scf.trade.importing.cells import Cell
from scf.trade.importing.decimals import BadNumber, strict_decimal
from scf.trade.importing.limits import MAX_CELL_LENGTH

_EXCEL_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DATE = re.compile(r"(\d{4})(?:-|/|\.|年)?(\d{1,2})(?:-|/|\.|月)?(\d{1,2})日?", re.ASCII)
_MIDNIGHT = re.compile(r"(?<=\d)[ T]0{1,2}:00(:00)?$")  # what a spreadsheet adds to a day in a csv
# Digits and marks as a Chinese keyboard types them.
_FULL_WIDTH = {ord(mark) + 0xFEE0: mark for mark in "0123456789.-/%"}
_EXPONENT = re.compile(
    r"\d(?:\.\d+)?E\+\d{1,2}", re.ASCII
)  # a code a spreadsheet took for a number
_HIGHEST_RATE = Decimal(
    "0.3"
)  # no Chinese turnover tax comes near; above it a percent sign is missing


class CellProblem(Exception):
    """What is wrong with one cell and what to do about it."""

    def __init__(self, code: str, zh: str, en: str, todo_zh: str, todo_en: str) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.zh = zh
        self.en = en
        self.todo_zh = todo_zh
        self.todo_en = todo_en


_NUMBER_PROBLEMS = {
    "not_a_number": (
        "不是数字",
        "is not a number",
        "只填数字和小数点，例如 1200.5；不要千分位、货币符号或科学计数法",
        "digits and a point only, such as 1200.5; no thousands mark, currency sign or exponent",
    ),
    "too_precise": (
        "小数超过六位",
        "has more than six decimals",
        "最多保留六位小数",
        "keep six at most",
    ),
    "number_too_large": ("数字过大", "is too large", "请核对数字", "check the number"),
}


def _number(text: str) -> Decimal:
    try:
        return strict_decimal(text.translate(_FULL_WIDTH))
    except BadNumber as bad:
        raise CellProblem(bad.code, *_NUMBER_PROBLEMS[bad.code]) from bad


def text_value(cell: Cell) -> str:
    """The text of a cell without the blanks around it. Raises CellProblem if it cannot be kept."""
    text = cell.text.strip()
    if len(text) > MAX_CELL_LENGTH:
        raise CellProblem(
            "cell_too_long",
            f"超过 {MAX_CELL_LENGTH} 个字符",
            f"is longer than {MAX_CELL_LENGTH} characters",
            "请缩短内容",
            "shorten it",
        )
    if text.upper() in _EXCEL_ERRORS:
        raise CellProblem(
            "formula_error",
            f"公式出错（{text}）",
            f"holds a formula error ({text})",
            "请修正公式，或直接填写数值",
            "mend the formula or write the value itself",
        )
    if _CONTROL.search(text):
        raise CellProblem(
            "control_character",
            "含有不可见的控制字符",
            "holds invisible control characters",
            "请重新键入该单元格",
            "type the cell again",
        )
    return text


def code_value(cell: Cell) -> str:
    """The number of an order, line or product: text, though a sheet may hold it as a number."""
    text = " ".join(text_value(cell).split())
    is_cut = cell.is_number and (len(text.lstrip("-")) > 15 or "e" in text.lower())
    if is_cut or _EXPONENT.fullmatch(text):
        raise CellProblem(
            "digits_lost",
            "编码以数字格式保存，末尾几位可能已丢失",
            "is stored as a number and may have lost its last digits",
            "把单元格设为文本格式后重新填写",
            "set the cell's format to text and type it again",
        )
    return text


def uscc_value(cell: Cell) -> str:
    """A 统一社会信用代码 with its check digit. Raises CellProblem ``bad_uscc``."""
    text = text_value(cell)
    if not re.fullmatch(r"[0-9A-HJ-NP-RTUWXY]{18}", text) or not uscc.is_valid(text):
        raise CellProblem(
            "bad_uscc",
            "不是有效的统一社会信用代码（18 位大写字母和数字，末位为校验码）",
            "is not a valid unified social credit code (18 capitals and digits with a check digit)",
            "请对照营业执照填写，单元格设为文本格式",
            "copy it from the business licence into a text cell",
        )
    return text


def positive_value(cell: Cell) -> Decimal:
    """A quantity or price: above zero, at most twelve digits before the point and six behind it."""
    number = _number(text_value(cell))
    if number <= 0:
        raise CellProblem(
            "amount_not_positive",
            "必须大于零",
            "must be above zero",
            "请填写大于零的数",
            "write more than 0",
        )
    return number


def rate_ppm_value(cell: Cell) -> int:
    """A tax rate in ppm: 13%, 13 and 0.13 give 130,000. From 1 up a bare number is per cent."""
    text = text_value(cell).translate(_FULL_WIDTH)
    is_percent = text.endswith("%")
    number = _number(text.removesuffix("%"))
    rate = number / 100 if is_percent or number >= 1 else number
    ppm = rate * 1_000_000
    if not 0 <= rate <= _HIGHEST_RATE or ppm != ppm.to_integral_value():
        raise CellProblem(
            "bad_tax_rate",
            "不是可用的税率（0 至 30%）",
            "is not a usable tax rate (0 to 30 %)",
            "写作 13%、0.13 或 0；低于 1% 的税率请带百分号，例如 0.5%",
            "write 13%, 0.13 or 0; a rate below one per cent needs its sign, such as 0.5%",
        )
    return int(ppm)


def date_value(cell: Cell) -> date:
    """A day: 2026-03-31, 2026/3/31, 2026.3.31, 20260331 or 2026年3月31日."""
    text = _MIDNIGHT.sub("", text_value(cell).translate(_FULL_WIDTH))
    found = _DATE.fullmatch(text)
    is_compact = text.isdecimal()
    if found and (not is_compact or len(text) == 8):
        parts = (text[:4], text[4:6], text[6:]) if is_compact else found.groups()
        try:
            return date(*(int(part) for part in parts))
        except ValueError:
            found = None  # a day that is not in the calendar: refused below with the rest
    raise CellProblem(
        "bad_date",
        "不是日期",
        "is not a date",
        "写作 2026-03-31，或把单元格设为日期格式",
        "write 2026-03-31 or set the cell's format to date",
    )
