"""Chinese names as pinyin, which the database sorts and searches by: it has no Chinese order."""

from functools import cache
from importlib import import_module
from typing import Any


def pinyin_of(name: str) -> str:
    """The name's pinyin without blanks, then its initials.

    >>> pinyin_of("云岫金禾")
    'yunxiujinhe yxjh'
    """
    library = _library()
    whole = "".join(library.lazy_pinyin(name)).lower()
    initials = "".join(library.lazy_pinyin(name, style=library.Style.FIRST_LETTER)).lower()
    return f"{whole} {initials}"


@cache
def _library() -> Any:
    # Its dictionary takes a third of a second to load: paid only by who registers names.
    return import_module("pypinyin")
