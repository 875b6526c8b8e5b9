"""What a file is, by its content; its name and declared type are never asked."""

import io
import struct
import zipfile
import zlib
from enum import StrEnum

from scf.trade.importing.limits import MAX_SHEET_BYTES, check_size
from scf.trade.importing.refusals import ImportRefused


class FileKind(StrEnum):
    """The kinds of file that can be imported."""

    UBL = "ubl"
    XLSX = "xlsx"
    CSV = "csv"


# What the zip reader raises at a damaged or odd archive, beside its own error.
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_STRANGERS = (
    (b"\xd0\xcf\x11\xe0", "旧版 Excel（.xls）或加密文件", "an old Excel file (.xls) or encrypted"),
    (b"%PDF", "PDF 文件", "a PDF"),
    (b"\x89PNG", "PNG 图片", "a PNG image"),
    (b"\xff\xd8\xff", "JPEG 图片", "a JPEG image"),
    (b"GIF8", "GIF 图片", "a GIF image"),
    (b"BM\x00", "位图图片", "a bitmap image"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf", "7z 压缩包", "a 7z archive"),
    (b"\x1f\x8b", "gzip 压缩包", "a gzip archive"),
    (b"MZ", "程序文件", "a program"),
    (b"\x7fELF", "程序文件", "a program"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"\xff\xfe", "UTF-16 文本", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 文本", "UTF-16 text"),
)
# XML says its own encoding; UTF-16 begins with a mark that other text in UTF-16 has too.
_XML_IN_UTF_16 = (b"\xff\xfe<\x00", b"\xfe\xff\x00<")
_ZIP_STRANGERS = (
    ("xl/vbaProject.bin", "带宏的工作簿", "a workbook with macros"),
    ("xl/workbook.bin", "二进制工作簿（.xlsb）", "a binary workbook (.xlsb)"),
    ("word/document.xml", "Word 文档", "a Word document"),
    ("ppt/presentation.xml", "PowerPoint 文档", "a PowerPoint document"),
    ("content.xml", "OpenDocument 文件", "an OpenDocument file"),
    ("OFD.xml", "OFD 版式文件", "an OFD document"),
)


def kind_of_file(content: bytes) -> FileKind:
    """UBL (any XML), xlsx or csv (any text), by content.

    Raises ImportRefused: ``empty_file``, ``too_large`` (above 10 MiB), ``wrong_type`` naming what
    the file is, ``broken_file``, ``not_text``.
    """
    check_size(content, MAX_SHEET_BYTES)
    if content.startswith(_XML_IN_UTF_16):
        return FileKind.UBL
    for start, zh, en in _STRANGERS:
        if content.startswith(start):
            raise wrong_type(zh, en)
    if content.startswith(b"PK"):
        return _kind_of_zip(content)
    head = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if head.startswith((b"<!doctype html", b"<html")):
        raise wrong_type("网页（HTML）", "a web page (HTML)")
    if head.startswith(b"<"):
        return FileKind.UBL
    if b"\x00" in content:
        raise ImportRefused(
            "not_text", "文件不是文本，也不是 Excel 工作簿", "neither text nor an Excel workbook"
        )
    return FileKind.CSV


def wrong_type(zh: str, en: str) -> ImportRefused:
    """The refusal that names what the file is and what is wanted instead."""
    return ImportRefused(
        "wrong_type",
        f"这是{zh}；请上传 UBL XML、.xlsx 或 .csv",
        f"this is {en}; upload UBL XML, .xlsx or .csv",
    )


def _kind_of_zip(content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except BROKEN_ZIP as broken:
        raise ImportRefused(
            "broken_file", "压缩结构已损坏，无法打开", "the file is broken and cannot be opened"
        ) from broken
    for name, zh, en in _ZIP_STRANGERS:
        if name in names:
            raise wrong_type(zh, en)
    if "xl/workbook.xml" not in names:
        raise wrong_type("压缩包", "an archive")
    return FileKind.XLSX
