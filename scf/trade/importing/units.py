"""Units of measure under their several names: the UN/ECE codes and what Chinese papers write."""

_SAME = (
    "EA C62 NAR H87 PCE PCS 个 件 只",
    "TNE MT 吨",
    "KGM KG 千克 公斤",
    "GRM G 克",
    "LTR L 升",
    "MTR M 米",
    "MTK 平方米",
    "MTQ 立方米",
    "BG 袋",
    "BX 箱",
    "SET 套",
    "RO 卷",
)
_NAMES = {name: group.split()[0] for group in _SAME for name in group.split()}


def is_same_unit(one: str, other: str) -> bool:
    """True when both name the same unit, or when one of them names none."""
    first, second = one.strip().upper(), other.strip().upper()
    return not first or not second or _NAMES.get(first, first) == _NAMES.get(second, second)
