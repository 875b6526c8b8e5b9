"""Chinese names as pinyin: the database sorts and searches by it, because it has no Chinese
collation.
"""

from pypinyin import Style, lazy_pinyin


def pinyin_of(name: str) -> str:
    """The name's pinyin, then its initials: ``yun xiu jin he yxjh`` without the inner spaces.

    >>> pinyin_of("云岫金禾")
    'yunxiujinhe yxjh'
    """
    whole = "".join(lazy_pinyin(name)).lower()
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return f"{whole} {initials}"
