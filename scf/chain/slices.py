"""Reading a log whose values are one word each, by slicing its text: most of an indexer's work.

The readers are made once from the ABI. Whatever is not one word (texts, lists, structs) is left to
``scf.chain.abi``, against which these readers are checked in tests.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Reader = Callable[[str], Any]
DIGITS = 64  # a word, in hexadecimal
ONE_BIT = {"0": False, "1": True}


def log_reader(
    args: Sequence[tuple[str, str, bool]],
) -> Callable[[Sequence[str], str], dict[str, Any]] | None:
    """What reads the values of a log of this event by name, from its topics and its data.

    ``args`` are (name, type, is indexed). None when a value is more than one word. What is read
    raises ValueError when the topics are too many or too few, the data is too short, a text is not
    hexadecimal or a value is out of its type's range.
    """
    readers = [(name, _reader(kind)) for name, kind, _is_indexed in args]
    known = [(name, reader) for name, reader in readers if reader]
    if len(known) != len(readers):
        return None
    indexed = [place for place, (_name, _kind, is_indexed) in enumerate(args) if is_indexed]
    plain = [place for place, (_name, _kind, is_indexed) in enumerate(args) if not is_indexed]
    start_of = {place: turn * DIGITS for turn, place in enumerate([*indexed, *plain])}
    cuts = [
        (name, reader, start_of[place], start_of[place] + DIGITS)
        for place, (name, reader) in enumerate(known)
    ]
    topics_needed, shortest = len(indexed) + 1, len(args) * DIGITS

    def read(topics: Sequence[str], data: str) -> dict[str, Any]:
        if len(topics) != topics_needed or any(len(topic) != DIGITS + 2 for topic in topics):
            raise ValueError(f"{topics_needed} topics are needed, not {len(topics)}")
        text = "".join([topic[2:] for topic in topics[1:]]) + data.removeprefix("0x")
        if len(text) < shortest:
            raise ValueError("the data is too short")
        text = bytes.fromhex(text).hex()
        return {name: reader(text[start:end]) for name, reader, start, end in cuts}

    return read


def _reader(kind: str) -> Reader | None:
    if kind.startswith("uint") and not kind.endswith("]"):
        return _number_reader(kind, int(kind.removeprefix("uint") or 256))
    return _PLAIN.get(kind)


def _number_reader(kind: str, bits: int) -> Reader:
    ceiling = 1 << bits

    def read(word: str) -> int:
        value = int(word, 16)
        if value >= ceiling:
            raise ValueError(f"{value} is no {kind}")
        return value

    return read


def _address(word: str) -> str:
    if word[:24] != "0" * 24:
        raise ValueError(f"0x{word} is no address")
    return "0x" + word[24:]


def _word(word: str) -> str:
    return "0x" + word


def _flag(word: str) -> bool:
    if word[:-1] != "0" * 63 or word[-1] not in ONE_BIT:
        raise ValueError(f"0x{word} is no bool")
    return ONE_BIT[word[-1]]


_PLAIN: Mapping[str, Reader] = {"address": _address, "bytes32": _word, "bool": _flag}
