"""How much a file may ask of us, and for how long."""

import time

from scf.trade.importing.refusals import ImportRefused

MIB = 1024 * 1024
MAX_XML_BYTES = 10 * MIB
MAX_XML_DEPTH = 64
MAX_XML_NODES = 300_000
MAX_XML_ATTRIBUTES = 64  # on one element
MAX_UNREAD = 500  # paths reported as not read
MAX_SHEET_BYTES = 10 * MIB
MAX_UNPACKED_BYTES = 24 * MIB
MAX_ZIP_ENTRIES = 200
MAX_ROWS = 5_000  # data rows, the header not counted; also lines of one XML document
MAX_COLUMNS = 64
MAX_SHEET_ELEMENTS = 1_500_000  # XML elements of one sheet, empty rows and cells included
MAX_ADJUSTMENTS = 500  # allowances and charges on the whole document
MAX_CELL_LENGTH = 2_000
MAX_TEXT_LENGTH = 20_000  # one XML text; attachments are counted by the size of the file
PARSE_SECONDS = 10.0


class Deadline:
    """A time after which reading stops. Steps of the work call ``check`` often."""

    def __init__(self, seconds: float = PARSE_SECONDS) -> None:
        self._ends = time.monotonic() + seconds

    def check(self) -> None:
        """Raise ``too_slow`` when the time is used up."""
        if time.monotonic() > self._ends:
            raise ImportRefused(
                "too_slow",
                "文件读取超时，请拆分成较小的文件后重试",
                "reading the file took too long; split it into smaller files and try again",
            )


def check_size(content: bytes, limit: int) -> None:
    """Refuse an empty file (``empty_file``) or one above ``limit`` bytes (``too_large``)."""
    if not content.strip():
        raise ImportRefused("empty_file", "文件是空的", "the file is empty")
    if len(content) > limit:
        raise ImportRefused(
            "too_large",
            f"文件超过 {limit // MIB} MiB，请拆分后再上传",
            f"the file is larger than {limit // MIB} MiB; split it and upload the parts",
        )
