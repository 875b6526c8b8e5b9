"""Reading a log whose values are one word each, by one pattern over its text: most of an indexer's
work.

The readers are made once from the ABI. Whatever is not one word (texts, lists, structs) is left to
``scf.chain.abi``, against which these readers are checked in tests.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

Reader = Callable[[str], Any]
Values = dict[str, Any]
DIGITS = 64  # a word, in hexadecimal
HEX = "[0-9a-f]"


def log_reader(
    args: Sequence[tuple[str, str, bool]],
) -> Callable[[Sequence[str], str], Values] | None:
    """What reads the values of a log of this event by name, from its topics and its data.

    ``args`` are (name, type, is indexed); the texts are in lower case. None when a value is more
    than one word. What is read raises ValueError when the topics are too many or too few, the data
    is too short, a text is not hexadecimal or a value is out of its type's range.
    """
    known = [(name, kind, is_indexed) for name, kind, is_indexed in args if _is_word(kind)]
    if len(known) != len(args):
        return None
    indexed = [each for each in known if each[2]]
    order = [*indexed, *(each for each in known if not each[2])]
    topics_needed = len(indexed) + 1
    pattern = "".join([f"0x{_pattern(kind)}" for _name, kind, _is_indexed in indexed])
    words = "".join([_pattern(kind) for _name, kind, is_indexed in known if not is_indexed])
    match = re.compile(f"{pattern}0x{words}{HEX}*").fullmatch
    readers = [(name, order.index((name, kind, flag)), _reader(kind)) for name, kind, flag in known]

    def read(topics: Sequence[str], data: str) -> Values:
        if len(topics) != topics_needed:
            raise ValueError(f"{topics_needed} topics are needed, not {len(topics)}")
        found = match("".join(topics[1:]) + data)
        if not found:
            raise ValueError("a value does not fit its type, or the data is too short")
        cut = found.groups()
        return {name: reader(cut[place]) for name, place, reader in readers}

    return read


def json_writer(args: Sequence[tuple[str, str, bool]]) -> Callable[[Values], str]:
    """What writes the values of such a log as JSON: numbers and hexadecimal texts need no search
    for signs to escape.
    """
    if not all(_is_word(kind) and kind != "bool" for _name, kind, _is_indexed in args):
        return json.dumps
    pairs = [
        f'"{name}": {"%d" if kind.startswith("uint") else chr(34) + "%s" + chr(34)}'
        for name, kind, _is_indexed in args
    ]
    pattern = "{" + ", ".join(pairs) + "}"
    return lambda values: pattern % tuple(values.values())


def _is_word(kind: str) -> bool:
    return kind in {"address", "bytes32", "bool"} or bool(re.fullmatch(r"uint\d*", kind))


def _pattern(kind: str) -> str:
    # The zeros before a value are part of the pattern: that is how its range is checked.
    size = {"address": 40, "bytes32": DIGITS, "bool": 1}.get(kind)
    if size is None:
        size = int(kind.removeprefix("uint") or 256) // 4
    digits = "[01]" if kind == "bool" else f"{HEX}{{{size}}}"
    return f"0{{{DIGITS - size}}}({digits})"


def _reader(kind: str) -> Reader:
    if kind.startswith("uint"):
        return _number
    return _flag if kind == "bool" else _text


def _number(digits: str) -> int:
    return int(digits, 16)


def _flag(digit: str) -> bool:
    return digit == "1"


def _text(digits: str) -> str:
    return "0x" + digits
