"""What callers hand to financing's services: plain frozen values."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class ApplicationIn:
    """What the buyer asks for. ``own_funds_minor`` is fen; empty means the programme's smallest
    share.
    """

    programme_id: UUID
    order_line_ids: tuple[UUID, ...]
    matures_on: date
    funding_planned_on: date | None = None
    expires_on: date | None = None
    own_funds_minor: int | None = None
    purpose: str = ""
