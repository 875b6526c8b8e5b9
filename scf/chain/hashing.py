"""Keccak-256 and the hexadecimal texts of this room: ``0x`` and lower case."""

from Crypto.Hash import keccak


def keccak256(data: bytes) -> bytes:
    """The hash that Ethereum uses."""
    return keccak.new(digest_bits=256, data=data).digest()


def to_hex(data: bytes) -> str:
    """``0x`` and lower case."""
    return "0x" + data.hex()


def from_hex(text: str) -> bytes:
    """The bytes of a ``0x…`` text. Raises ValueError when it is none."""
    return bytes.fromhex(text.removeprefix("0x"))


def word_of(text: str) -> str:
    """The 32-byte hash of a plain text, as an id on the chain."""
    return to_hex(keccak256(text.encode()))
