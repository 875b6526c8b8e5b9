"""Two organizations, an actor at each, and small files of every kind."""

import struct
import zlib
from pathlib import Path

import pytest

from scf.core.actor import SYSTEM, Actor
from scf.core.ids import new_id
from scf.parties.models import Organization
from scf.parties.services import register_organization

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
XML = b'<?xml version="1.0"?><Order xmlns="urn:x"><ID>1</ID></Order>'
JPEG = b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00\xff\xd9"


def png(width: int = 16, height: int = 16, *, rest: bytes = b"") -> bytes:
    """A picture of this size; its pixels do not matter."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
        + rest
    )


@pytest.fixture(autouse=True)
def documents_root(settings, tmp_path: Path) -> Path:
    settings.DOCUMENTS_ROOT = str(tmp_path / "documents")
    return tmp_path / "documents"


@pytest.fixture
def buyer(db: None) -> Organization:
    return register_organization("91990100MA0D00017M", kind="member", name="云岫金禾", by=SYSTEM)


@pytest.fixture
def stranger_bank(db: None) -> Organization:
    return register_organization("91990100MA0B00015A", kind="bank", name="别家银行", by=SYSTEM)


@pytest.fixture
def ma(buyer: Organization) -> Actor:
    return Actor(person_id=new_id(), organization_id=buyer.id, name="马")


@pytest.fixture
def sly(stranger_bank: Organization) -> Actor:
    return Actor(person_id=new_id(), organization_id=stranger_bank.id, name="sly")
