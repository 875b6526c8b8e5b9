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


@dataclass(frozen=True)
class CorrectionIn:
    """What the buyer changes in an application that came back; None leaves a thing as it was.

    ``own_funds_minor`` is fen; with other lines and none given it is the programme's smallest
    share. ``document_ids`` are papers the buyer adds for the bank.
    """

    order_line_ids: tuple[UUID, ...] | None = None
    matures_on: date | None = None
    funding_planned_on: date | None = None
    own_funds_minor: int | None = None
    document_ids: tuple[UUID, ...] = ()
