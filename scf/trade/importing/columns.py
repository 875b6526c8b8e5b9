"""The columns of the order sheet: the template writes them, the reader looks for them."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in code, its two names, whether it must be filled, and how."""

    key: str
    zh: str
    en: str
    example: str
    hint_zh: str = ""
    hint_en: str = ""
    width: int = 14
    is_required: bool = True


COLUMNS = (
    Column("order_number", "订单号", "Order number", "PO-2026-0001",
           "同一订单的各行填同一订单号", "the same on every line of one order", 18),
    Column("buyer_uscc", "买方统一社会信用代码", "Buyer USCC", "91990100MA0D00017M",
           "18 位，文本格式", "18 characters, as text", 24),
    Column("seller_uscc", "卖方统一社会信用代码", "Seller USCC", "91990100MA0C000160",
           "18 位，文本格式", "18 characters, as text", 24),
    Column("line_no", "行号", "Line no.", "1", "同一订单内不重复", "not twice in one order", 8),
    Column("sku", "货品编码", "SKU", "PP-T30S", "文本格式", "as text", is_required=False),
    Column("name", "货品名称", "Name", "聚丙烯 T30S", width=24),
    Column("spec", "规格型号", "Specification", "25 kg/袋", width=20, is_required=False),
    Column("unit", "单位", "Unit", "吨", width=8),
    Column("quantity", "数量", "Quantity", "32.5",
           "大于零，最多六位小数，不用千分位", "above zero, six decimals, no thousands mark"),
    Column("unit_price", "含税单价", "Unit price incl. tax", "8700.00",
           "人民币元，大于零，最多六位小数", "yuan, above zero, six decimals at most", 18),
    Column("tax_rate", "税率", "Tax rate", "13%", "写作 13% 或 0.13", "written 13% or 0.13", 10),
    Column("delivery_on", "交货日期", "Delivery date", "2026-03-31",
           "年-月-日", "year-month-day", is_required=False),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}


def column_named(text: str) -> Column | None:
    """The column of this name, Chinese, English or both in one cell; marks and case are ignored."""
    wanted = _bare(text)
    for column in COLUMNS:
        zh, en = _bare(column.zh), _bare(column.en)
        if wanted in (zh, en, zh + en, _bare(column.key)):
            return column
    return None


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum())
