"""Cells of a csv file: UTF-8, UTF-8 with a mark, or GB18030; comma, semicolon or tab."""

import csv
import io

from scf.trade.importing.cells import Cell
from scf.trade.importing.columns import column_named
from scf.trade.importing.limits import MAX_COLUMNS, MAX_ROWS, Deadline
from scf.trade.importing.refusals import ImportRefused
from scf.trade.importing.xlsx_file import too_many_columns, too_many_rows

_DELIMITERS = (",", ";", "\t")
_HEADER_ROWS = 20
_HEAD = 16_000  # characters in which the header stands


def csv_rows(content: bytes, deadline: Deadline) -> list[list[Cell]]:
    """All rows of a csv file.

    Raises ImportRefused: ``bad_encoding``, ``not_text``, ``broken_csv``, ``too_many_rows``,
    ``too_many_columns``, ``too_slow``.
    """
    text = _decoded(content)
    if "\x00" in text:
        raise ImportRefused("not_text", "文件不是文本", "the file is not text")
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for row in reader:
            deadline.check()
            if len(rows) >= MAX_ROWS + _HEADER_ROWS:
                raise too_many_rows()
            if len(row) > MAX_COLUMNS:
                raise too_many_columns()
            rows.append([Cell(value) for value in row])
    except csv.Error as broken:
        raise ImportRefused(
            "broken_csv",
            f"第 {reader.line_num} 行的引号或分隔符有误",
            f"quotes or delimiters are broken in line {reader.line_num}",
            where=str(reader.line_num),
        ) from broken
    return rows


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportRefused(
        "bad_encoding",
        "无法识别文字编码，请另存为 UTF-8 编码的 CSV",
        "the text encoding is unknown; save the file as CSV UTF-8",
    )


def _delimiter(text: str) -> str:
    # The header decides: titles and data may hold any mark, names of columns none.
    head = text[:_HEAD].splitlines()[:_HEADER_ROWS]

    def names(mark: str) -> int:
        return max(
            (sum(1 for one in line.split(mark) if column_named(one)) for line in head), default=0
        )

    return max(_DELIMITERS, key=names)
