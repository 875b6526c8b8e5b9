"""The planted frauds of the demo's year: the marks they leave, and the papers they come with.

Who commits which, and which innocent deal looks alike, stands in docs/demo.md; the stories carry
these values.
"""

from decimal import Decimal

SLIP = "BD20260418-0377"  # one weighbridge slip for two deliveries of two orders
PLATE = "绵B71936"  # one truck in two cities within the hour
SAME_CITY_PLATE = "青A20518"  # one truck, two orders of one buyer, one city
PALLET = "YD-PLT-0093-4471"  # one pallet in two warehouse receipts
ABOVE_BAND = Decimal("1.11")
FREIGHT_INCLUDED = Decimal("1.02")
DEARER_ON, DEARER_BACK = Decimal("1.02"), Decimal("1.04")
CUSTOMERS = ("青屿聚步鞋业有限公司", "青屿履川鞋服有限公司", "绵川迈途体育用品有限公司")
NEW_HEAD = "法定代表人由辛晓峰变更为巩立新，变更登记 9 天内即提出融资申请"
OLD_HEAD = "法定代表人由阮文斌变更为阮承志（家族交接，早于本次申请），资料齐全"
DUPLICATE = "ＰＯ－ＬＨ－０００３０１"  # PO-LH-0301 in full-width signs, with leading zeros


def melt_report(grade: str, *, stated: str, found: str, batch: str) -> tuple[str, str]:
    """A test report on melt flow: name and text of the file."""
    rows = [
        "项目,方法,标准值,实测值,单位",
        f"熔体流动速率 MFR,GB/T 3682.1,{stated},{found},g/10min",
        "灰分,GB/T 9345.1,≤0.03,0.02,%",
    ]
    return f"质检报告-{batch}.csv", "\n".join([f"牌号,{grade},批号,{batch},", *rows, ""])


def warehouse_receipt(number: str, *, pallets: tuple[str, ...], note: str = "") -> tuple[str, str]:
    """A warehouse receipt of 远岱公共仓 with its pallets' codes: name and text of the file."""
    rows = [f"{place},{code},1.000" for place, code in enumerate(pallets, start=1)]
    head = [f"仓单号,{number},远岱公共仓", f"备注,{note},", "序号,托盘码,吨"]
    return f"仓单-{number}.csv", "\n".join([*head, *rows, ""])


def pallets(first: int, count: int, *also: str) -> tuple[str, ...]:
    """Codes of so many pallets, and of others on the same receipt."""
    return (*(f"YD-PLT-{first:04d}-{place:04d}" for place in range(1, count + 1)), *also)


TRANSITION = melt_report("PP 拉丝 T30S", stated="3.0±0.9", found="8.7", batch="T30S-260117")
AT_THE_EDGE = melt_report("EVA 光伏 VA28", stated="25±3", found="27.6", batch="VA28-260211")
SHOE_MELT = melt_report("EVA 发泡 VA18", stated="2.5±0.3", found="3.6", batch="VA18-260509")
FIRST_RECEIPT = warehouse_receipt("YD-26-0931", pallets=pallets(93, 5, PALLET))
SECOND_RECEIPT = warehouse_receipt("YD-26-0958", pallets=pallets(95, 4, PALLET))
VOID_RECEIPT = warehouse_receipt("YD-26-0902", pallets=pallets(90, 6), note="作废，重开为 0903")
NEW_RECEIPT = warehouse_receipt("YD-26-0903", pallets=pallets(90, 6), note="补开，替代 0902")
IN_STORE = warehouse_receipt(
    "YD-26-0877", pallets=pallets(87, 6), note="货已在库，凭仓单过户，无运输"
)
