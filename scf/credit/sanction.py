"""Writing an approved amount and its dates into a limit."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from scf.core.actor import Actor
from scf.credit.choices import LimitLevel
from scf.credit.models import Limit, LimitMovement, ProgrammeVersion
from scf.credit.movements import move
from scf.workflow import clocks


@dataclass(frozen=True)
class Sanction:
    """What was approved."""

    minor: int
    effective_on: date
    expires_on: date | None
    is_revolving: bool


def sanction_programme(version: ProgrammeVersion, *, by: Actor) -> Limit:
    """The programme's own limit becomes that of its approved version."""
    programme = version.programme
    about = {"bank_id": programme.bank_id, "programme": programme}
    sanction = Sanction(version.limit_minor, clocks.business_date(), None, is_revolving=True)
    return write(LimitLevel.PROGRAMME, about, sanction, key=f"programme:{version.pk}", by=by)


def write(level: str, about: dict[str, Any], sanction: Sanction, *, key: str, by: Actor) -> Limit:
    """Create the limit or change it; what already stands above a lowered one is kept as excess."""
    values = {
        "sanctioned_minor": 0,
        "effective_on": sanction.effective_on,
        "expires_on": sanction.expires_on,
    }
    Limit.objects.get_or_create(level=level, **about, defaults=values)
    limit = Limit.objects.select_for_update(no_key=True).get(level=level, **about)
    limit.effective_on, limit.expires_on = sanction.effective_on, sanction.expires_on
    limit.is_revolving = sanction.is_revolving
    limit.excess_minor = max(0, limit.taken_minor - sanction.minor)
    amount = sanction.minor - limit.sanctioned_minor
    limit.sanctioned_minor = sanction.minor
    move(limit, LimitMovement.Action.SANCTION, amount, key=key, by=by)
    return limit


def about_organization(bank_id: UUID, organization_id: UUID) -> dict[str, Any]:
    """What names a limit of the enterprise or borrower level."""
    return {"bank_id": bank_id, "organization_id": organization_id}
