"""Encoding and decoding by the contract ABI: small, pure, and checked against a second
implementation in tests.

A type is written as Solidity writes it (``uint64``, ``bytes32[]``, ``(address,uint8)[4]``).
Values are ints, bools, ``0x…`` texts for addresses and bytes, plain texts for ``string``, lists,
and lists for tuples.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from scf.chain.hashing import from_hex, keccak256, to_hex

WORD = 32
ARRAY = re.compile(r"(.*)\[(\d*)\]$")


def encode(types: Sequence[str], values: Sequence[Any]) -> bytes:
    """``abi.encode`` of the values. Raises ValueError for a value that does not fit its type."""
    if len(types) != len(values):
        raise ValueError(f"{len(types)} values are needed, not {len(values)}")
    heads, tails = [], []
    offset = sum(_head_size(each) for each in types)
    for each, value in zip(types, values, strict=True):
        coded = _encode(each, value)
        if _is_dynamic(each):
            heads.append(offset.to_bytes(WORD))
            tails.append(coded)
            offset += len(coded)
        else:
            heads.append(coded)
    return b"".join(heads + tails)


def decode(types: Sequence[str], data: bytes) -> list[Any]:
    """The values behind ``abi.encode``. Raises ValueError when the data is too short or out of
    range.
    """
    values, position = [], 0
    for each in types:
        if _is_dynamic(each):
            values.append(_decode(each, data[_length(data, position) :]))
        else:
            values.append(_decode(each, data[position:]))
        position += _head_size(each)
    return values


def hash_of(types: Sequence[str], values: Sequence[Any]) -> str:
    """``keccak256(abi.encode(…))`` as a ``0x…`` text: what contracts call a payload hash."""
    return to_hex(keccak256(encode(types, values)))


@lru_cache(maxsize=512)
def selector(signature: str) -> bytes:
    """The four bytes that name a function or an error, from ``name(types)``."""
    return keccak256(signature.encode())[:4]


def type_of(parameter: dict[str, Any]) -> str:
    """The written type of an ABI entry, structs spelled out."""
    kind: str = parameter["type"]
    if not kind.startswith("tuple"):
        return kind
    members = ",".join(type_of(each) for each in parameter["components"])
    return f"({members}){kind.removeprefix('tuple')}"


@lru_cache(maxsize=512)
def _parts(kind: str) -> tuple[str, ...]:
    # The members of a tuple's type: split at the commas that stand in no inner parenthesis.
    return tuple(_split(kind[1:-1])) if kind != "()" else ()


def _split(inner: str) -> Iterator[str]:
    depth, start = 0, 0
    for index, sign in enumerate(inner):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            yield inner[start:index]
            start = index + 1
    yield inner[start:]


@lru_cache(maxsize=512)
def _array(kind: str) -> tuple[str, int | None] | None:
    # The member type and the fixed length (None: any) of an array's type.
    found = ARRAY.match(kind)
    return (found[1], int(found[2]) if found[2] else None) if found else None


@lru_cache(maxsize=512)
def _is_dynamic(kind: str) -> bool:
    if array := _array(kind):
        return array[1] is None or _is_dynamic(array[0])
    if kind.startswith("("):
        return any(_is_dynamic(each) for each in _parts(kind))
    return kind in {"bytes", "string"}


@lru_cache(maxsize=512)
def _head_size(kind: str) -> int:
    if _is_dynamic(kind):
        return WORD
    if array := _array(kind):
        return (array[1] or 0) * _head_size(array[0])
    return sum(_head_size(each) for each in _parts(kind)) if kind.startswith("(") else WORD


def _encode(kind: str, value: Any) -> bytes:
    if array := _array(kind):
        member, length = array
        if length is not None and len(value) != length:
            raise ValueError(f"{kind} needs {length} values, not {len(value)}")
        coded = encode([member] * len(value), value)
        return coded if length is not None else len(value).to_bytes(WORD) + coded
    if kind.startswith("("):
        return encode(_parts(kind), value)
    if kind in {"bytes", "string"}:
        raw = from_hex(value) if kind == "bytes" else value.encode()
        return len(raw).to_bytes(WORD) + raw + bytes(-len(raw) % WORD)
    return _encode_word(kind, value)


def _encode_word(kind: str, value: Any) -> bytes:
    if kind.startswith("uint"):
        return _unsigned(kind, value, int(kind.removeprefix("uint") or 256))
    if kind == "bool":
        return int(bool(value)).to_bytes(WORD)
    raw = from_hex(value)
    if kind == "address" and len(raw) == 20:
        return bytes(12) + raw
    if kind.startswith("bytes") and len(raw) == int(kind.removeprefix("bytes")):
        return raw + bytes(WORD - len(raw))
    raise ValueError(f"{value!r} is no {kind}")


def _unsigned(kind: str, value: Any, bits: int) -> bytes:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << bits:
        raise ValueError(f"{value!r} is no {kind}")
    return value.to_bytes(WORD)


def _decode(kind: str, data: bytes) -> Any:
    if array := _array(kind):
        member, length = array
        if length is None:
            length, data = _length(data, 0), data[WORD:]
        if length * _head_size(member) > len(data):
            raise ValueError(f"the data is too short for {length} of {member}")
        return decode([member] * length, data)
    if kind.startswith("("):
        return decode(_parts(kind), data)
    if kind in {"bytes", "string"}:
        raw = _slice(data, WORD, _length(data, 0))
        return raw.decode() if kind == "string" else to_hex(raw)
    return _decode_word(kind, _slice(data, 0, WORD))


def _decode_word(kind: str, word: bytes) -> Any:
    if kind.startswith("uint"):
        return _in_range(kind, int.from_bytes(word))
    if kind == "bool":
        return bool(_in_range("uint1", int.from_bytes(word)))
    if kind == "address":
        _in_range("uint160", int.from_bytes(word))
        return to_hex(word[12:])
    return to_hex(word[: int(kind.removeprefix("bytes"))])


def _in_range(kind: str, value: int) -> int:
    if value >> int(kind.removeprefix("uint") or 256):
        raise ValueError(f"{value} is no {kind}")
    return value


def _length(data: bytes, position: int) -> int:
    length = int.from_bytes(_slice(data, position, WORD))
    if length > len(data):
        raise ValueError("the data is shorter than it says")
    return length


def _slice(data: bytes, start: int, length: int) -> bytes:
    if len(data) < start + length:
        raise ValueError("the data is too short")
    return data[start : start + length]
