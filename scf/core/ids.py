"""Identifiers: UUIDv7 for what is created, UUIDv5 for what is named by its contents."""

from uuid import NAMESPACE_URL, UUID, uuid5

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7: unique, and ordered by the time it was made (RFC 9562)."""
    return UUID(int=uuid_utils.uuid7().int)


def named_id(*parts: object) -> UUID:
    """The same UUIDv5 for the same parts, so that storing twice stores once (RFC 9562)."""
    return uuid5(NAMESPACE_URL, "/".join(str(part) for part in parts))
