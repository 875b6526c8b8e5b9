"""Reading JSON strictly: what Python's reader lets through and money cannot bear is refused."""

import codecs
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser

from scf.api.refusals import RequestRefused, TooLarge

LARGEST = 1024 * 1024
MOST_DRAINED = 16 * LARGEST
CHUNK = 64 * 1024
DEEPEST = 16
LONGEST_NUMBER = 19  # digits of the largest amount any account can hold


class StrictJsonParser(BaseParser):
    """UTF-8 JSON objects without NaN, Infinity, duplicate names, or endless digits or depth."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """The object sent. Raises a 400 (malformed_json), or 413 above a megabyte."""
        content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            _drain(stream)
            raise TooLarge(_("请求正文超过 1 MB"))
        return read_object(content)


def _drain(stream: IO[Any]) -> None:
    # A client that still sends does not read the answer: the connection would break instead.
    left = MOST_DRAINED
    while left > 0 and (chunk := stream.read(min(left, CHUNK))):
        left -= len(chunk)


def read_object(content: bytes) -> dict[str, Any]:
    """The JSON object in these bytes. Raises a 400 (malformed_json)."""
    try:
        text = codecs.decode(content, "utf-8")
        _refuse_deep(text)
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_number,
            parse_int=_whole,
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as wrong:
        raise RequestRefused(_("请求正文不是 UTF-8 编码的 JSON"), code="malformed_json") from wrong
    if not isinstance(value, dict):
        raise RequestRefused(_("请求正文须是 JSON 对象"), code="malformed_json")
    return value


def _refuse_deep(text: str) -> None:
    # Counted before reading, so that no reader recurses; brackets in strings do not count.
    depth, is_text, is_escaped = 0, False, False
    for sign in text:
        if is_text:
            is_text = is_escaped or sign != '"'
            is_escaped = sign == "\\" and not is_escaped
        elif sign == '"':
            is_text = True
        elif sign in "[{":
            depth += 1
            if depth > DEEPEST:
                raise RequestRefused(_("JSON 嵌套过深"), code="malformed_json")
        elif sign in "]}":
            depth -= 1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RequestRefused(_("JSON 中有重复的字段名"), code="malformed_json")
    # Half a character: a refusal that names the field could not be written.
    if any("\ud800" <= sign <= "\udfff" for name in found for sign in name):
        raise RequestRefused(_("请求正文不是 UTF-8 编码的 JSON"), code="malformed_json")
    return found


def _refuse_constant(_word: str) -> Any:
    raise RequestRefused(_("JSON 中不能有 NaN 或 Infinity"), code="malformed_json")


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > LONGEST_NUMBER:
        raise RequestRefused(_("JSON 中的数字过长"), code="malformed_json")
    return int(digits)


def _number(digits: str) -> Decimal:
    # No amount, rate or quantity is ever a fraction in JSON: the field that gets one refuses it.
    if len(digits) > 40:
        raise RequestRefused(_("JSON 中的数字过长"), code="malformed_json")
    return Decimal(digits)
