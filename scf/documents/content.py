"""What a file is, told by its contents alone; what cannot be told, or hides something, is
refused.
"""

import csv
import io
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext_lazy as _

from scf.core.errors import RuleBroken
from scf.documents.models import MediaType

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_UNZIPPED_BYTES = 60 * 1024 * 1024
MAX_ZIP_ENTRIES = 2_000
MARKUP_ROOTS = {"html", "svg", "script", "xhtml"}
EXTENSIONS = {
    MediaType.PDF: {".pdf"},
    MediaType.PNG: {".png"},
    MediaType.JPEG: {".jpg", ".jpeg"},
    MediaType.XML: {".xml"},
    MediaType.XLSX: {".xlsx"},
    MediaType.CSV: {".csv", ".txt"},
}
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
START_OF_FRAME = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def type_of(content: bytes, *, name: str) -> MediaType:
    """The media type of a file of at most 10 MB whose name has the extension of that type.

    Raises RuleBroken with code file_too_large, file_empty, file_type_refused, file_name_mismatch,
    image_too_large or file_damaged. Nothing of the file is executed, no entity expanded.
    """
    if not content:
        raise RuleBroken(_("文件是空的"), code="file_empty")
    if len(content) > MAX_BYTES:
        raise RuleBroken(_("文件超过 10 MB"), code="file_too_large")
    found = _recognise(content)
    if PurePosixPath(name.lower()).suffix not in EXTENSIONS[found]:
        raise RuleBroken(
            _("文件内容是 %(found)s，与文件名的后缀不符"),
            code="file_name_mismatch",
            found=found.label,
        )
    return found


def _recognise(content: bytes) -> MediaType:
    if content.startswith(b"%PDF-"):
        return _checked_pdf(content)
    if content.startswith(PNG_SIGNATURE):
        return _checked_png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _checked_jpeg(content)
    if content.startswith(b"PK\x03\x04"):
        return _checked_xlsx(content)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _checked_xml(content)
    return _checked_csv(content)


def _checked_pdf(content: bytes) -> MediaType:
    if b"%%EOF" not in content[-2048:]:
        raise _damaged()
    return MediaType.PDF


def _checked_png(content: bytes) -> MediaType:
    # Every chunk is walked with its checksum, so that nothing rides behind the picture.
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind = content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content) or not _checksum_agrees(content, at, length):
            raise _damaged()
        if kind == b"IHDR" and length >= 8:
            _refuse_pixels(*struct.unpack_from(">II", content, at + 8))
        if kind == b"IEND":
            if end != len(content):
                raise _damaged()
            return MediaType.PNG
        at = end
    raise _damaged()


def _checksum_agrees(content: bytes, at: int, length: int) -> bool:
    (said,) = struct.unpack_from(">I", content, at + 8 + length)
    return bool(zlib.crc32(content[at + 4 : at + 8 + length]) == said)


def _checked_jpeg(content: bytes) -> MediaType:
    if not content.rstrip(b"\x00").endswith(b"\xff\xd9"):
        raise _damaged()
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        (length,) = struct.unpack_from(">H", content, at + 2)
        if marker in START_OF_FRAME:
            height, width = struct.unpack_from(">HH", content, at + 5)
            _refuse_pixels(width, height)
            return MediaType.JPEG
        at += 2 + length
    raise _damaged()


def _refuse_pixels(width: int, height: int) -> None:
    if not 0 < width * height <= MAX_PIXELS:
        raise RuleBroken(
            _("图片尺寸 %(width)s × %(height)s 超出限制"),
            code="image_too_large",
            width=width,
            height=height,
        )


def _checked_xlsx(content: bytes) -> MediaType:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, UnicodeDecodeError) as broken:
        raise _damaged() from broken
    names = {entry.filename for entry in entries}
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ZIP_ENTRIES or size > MAX_UNZIPPED_BYTES:
        raise RuleBroken(_("表格解压后过大"), code="file_too_large")
    if "xl/workbook.xml" not in names or any("vbaProject" in name for name in names):
        raise _refused()
    return MediaType.XLSX


def _checked_xml(content: bytes) -> MediaType:
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as hostile:
        raise RuleBroken(_("XML 不得含有 DTD 或实体"), code="file_type_refused") from hostile
    except (ParseError, ValueError, LookupError) as broken:
        raise _damaged() from broken
    if root.tag.rpartition("}")[2].lower() in MARKUP_ROOTS:
        raise _refused()
    return MediaType.XML


def _checked_csv(content: bytes) -> MediaType:
    text = _decoded(content)
    if any(ord(sign) < 32 and sign not in "\t\r\n" for sign in text):
        raise _refused()
    try:
        rows = list(csv.reader(io.StringIO(text[:20_000])))
    except csv.Error as broken:
        raise _damaged() from broken
    if not any(len(row) > 1 for row in rows) and "\t" not in text and ";" not in text:
        raise _refused()
    return MediaType.CSV


def _decoded(content: bytes) -> str:
    # Excel in China writes GB 18030 unless told otherwise; everybody else writes UTF-8.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused()


def _refused() -> RuleBroken:
    return RuleBroken(
        _("只接受 PDF、PNG、JPG、XML、XLSX、CSV 文件；按文件内容判断"), code="file_type_refused"
    )


def _damaged() -> RuleBroken:
    return RuleBroken(_("文件已损坏或不完整"), code="file_damaged")
