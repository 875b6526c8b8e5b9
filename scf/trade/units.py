"""Units of measure as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The codes of UN/ECE Recommendation 20 that orders of goods use most.
UNITS: dict[str, str | Promise] = {
    "TNE": _("吨"), "KGM": _("千克"), "GRM": _("克"), "MTR": _("米"), "MTK": _("平方米"),
    "MTQ": _("立方米"), "LTR": _("升"), "C62": _("件"), "EA": _("件"), "PCE": _("件"),
    "H87": _("件"), "NAR": _("件"), "SET": _("套"), "BX": _("箱"), "XBX": _("箱"), "ROL": _("卷"),
    "HUR": _("小时"), "DAY": _("天"),
    # Files of our own form say it in words.
    "吨": _("吨"), "千克": _("千克"), "公斤": _("千克"), "克": _("克"), "升": _("升"),
    "米": _("米"), "平方米": _("平方米"), "立方米": _("立方米"), "件": _("件"), "套": _("套"),
    "箱": _("箱"), "卷": _("卷"),
}  # fmt: skip


def unit_words(code: str) -> str:
    """A unit in the reader's words: TNE, 吨 -> 吨, t; as it was given when it is none of those."""
    return str(UNITS.get(code.upper(), code))
