"""What matching finds as it goes: errors by line and element, differences, notices."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from scf.trade.importing import CellError, Difference, Notice


@dataclass(frozen=True, slots=True)
class Gap:
    """What a paper says and what the order, or the paper's own lines, say instead, as text."""

    field: str
    zh: str
    en: str
    stated: str
    expected: str
    line: str = ""


@dataclass
class Findings:
    """Grows while a paper is matched; a paper with errors asks for nothing."""

    errors: list[CellError] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def wrong(
        self,
        code: str,
        zh: str,
        en: str,
        *,
        todo_zh: str,
        todo_en: str,
        row: int = 0,
        column: str = "",
        value: str = "",
    ) -> None:
        """Add an error. ``row`` counts the paper's lines from 1 and is 0 for the whole paper;
        ``column`` is the name of the element at fault.
        """
        self.errors.append(
            CellError(
                row=row,
                column=column,
                field="",
                code=code,
                zh=zh,
                en=en,
                todo_zh=todo_zh,
                todo_en=todo_en,
                value=value[:200],
            )
        )

    def note(self, code: str, zh: str, en: str, *, line: str = "") -> None:
        """Add something to know that stands in nobody's way."""
        self.notices.append(Notice(code, zh, en, line))

    def compared(self, differences: Iterable[Difference]) -> None:
        """Take over the differences between a document's own sums and those of its lines."""
        for one in differences:
            self.gaps.append(
                Gap(one.field, one.zh, one.en, str(one.stated), str(one.recomputed), one.line)
            )
