"""What an import says no with: one refusal for a whole file, or one error per row and column."""

from dataclasses import dataclass


class ImportRefused(Exception):
    """The whole file is refused; ``code`` is for machines, ``zh`` and ``en`` for people.

    ``where`` names the element, row or column at fault and is empty when it is the file itself.
    """

    def __init__(self, code: str, zh: str, en: str, *, where: str = "") -> None:
        super().__init__(f"{code}: {en}" + (f" ({where})" if where else ""))
        self.code = code
        self.zh = zh
        self.en = en
        self.where = where


@dataclass(frozen=True, slots=True)
class CellError:
    """One thing wrong in one cell: where, what, and what to do about it.

    ``row`` is the row number the spreadsheet program shows (1 is the first), ``column`` its letter
    and ``field`` the template's name of the column; ``column`` is empty for a whole row.
    """

    row: int
    column: str
    field: str
    code: str
    zh: str
    en: str
    todo_zh: str
    todo_en: str
    value: str = ""
