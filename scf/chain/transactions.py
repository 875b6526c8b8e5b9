"""Type 2 transactions (EIP-1559): written as RLP and signed here, byte for byte what other
libraries write.
"""

from dataclasses import asdict, dataclass
from typing import Any

import coincurve

from scf.chain.hashing import from_hex, keccak256, to_hex

TYPE = b"\x02"
PIECE = int | bytes | list[Any]


@dataclass(frozen=True)
class UnsignedTx:
    """What a platform key is asked to sign. It carries no money of its own; ``to`` is empty for a
    deployment.
    """

    chain_id: int
    nonce: int
    to: str
    data: str
    gas: int
    max_fee: int
    priority_fee: int

    def as_json(self) -> dict[str, Any]:
        """The fields by name, for the signer's socket."""
        return asdict(self)


@dataclass(frozen=True)
class SignedTx:
    """The bytes to broadcast and the hash by which the chain will know them."""

    raw: bytes
    tx_hash: str


def sign_transaction(tx: UnsignedTx, *, key: coincurve.PrivateKey) -> SignedTx:
    """Sign a transaction; the same fields and key give the same bytes (RFC 6979)."""
    fields: list[PIECE] = [
        tx.chain_id, tx.nonce, tx.priority_fee, tx.max_fee, tx.gas,
        from_hex(tx.to), 0, from_hex(tx.data), [],
    ]  # fmt: skip
    # The signature follows the same fields: they are written once.
    body = b"".join([rlp(each) for each in fields])
    signature = key.sign_recoverable(keccak256(TYPE + _list(body)), hasher=None)
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:64])
    raw = TYPE + _list(body + rlp(signature[64]) + rlp(r) + rlp(s))
    return SignedTx(raw, to_hex(keccak256(raw)))


def sign_digest(digest: str, *, key: coincurve.PrivateKey) -> str:
    """A 65-byte signature over a digest as contracts check it: r, s, v (27 or 28), low s."""
    signature = key.sign_recoverable(from_hex(digest), hasher=None)
    return to_hex(signature[:64] + bytes([signature[64] + 27]))


def address_of_key(key: coincurve.PrivateKey) -> str:
    """The address a key signs for."""
    return to_hex(keccak256(key.public_key.format(compressed=False)[1:])[12:])


def signer_of(digest: str, signature: str) -> str:
    """The address that made a 65-byte signature. Raises ValueError when it is none."""
    raw = from_hex(signature)
    if len(raw) != 65 or raw[64] not in {27, 28}:
        raise ValueError("a signature has 65 bytes and ends with 27 or 28")
    plain = raw[:64] + bytes([raw[64] - 27])
    public = coincurve.PublicKey.from_signature_and_message(plain, from_hex(digest), hasher=None)
    return to_hex(keccak256(public.format(compressed=False)[1:])[12:])


def contract_address(sender: str, *, nonce: int) -> str:
    """Where a contract deployed by this sender with this nonce will lie."""
    return to_hex(keccak256(rlp([from_hex(sender), nonce]))[12:])


def rlp(piece: PIECE) -> bytes:
    """Recursive length prefix: whole numbers without leading zeros, bytes, and lists of these."""
    if isinstance(piece, list):
        return _list(b"".join([rlp(each) for each in piece]))
    raw = piece.to_bytes((piece.bit_length() + 7) // 8) if isinstance(piece, int) else piece
    return raw if len(raw) == 1 and raw[0] < 0x80 else _prefix(len(raw), 0x80) + raw


def _list(inner: bytes) -> bytes:
    return _prefix(len(inner), 0xC0) + inner


def _prefix(length: int, offset: int) -> bytes:
    if length < 56:
        return bytes([offset + length])
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([offset + 55 + len(size)]) + size
