"""The banks that lend under a version of a programme's terms, and what each said (联合贷)."""

from collections.abc import Sequence
from dataclasses import dataclass

from scf.core.actor import Actor
from scf.credit.machine import PartnerStatus
from scf.credit.models import ProgrammeVersion
from scf.credit.partners import lender_share_ppm
from scf.credit.selectors import list_asked_to_lend, list_partners
from scf.parties.permissions import Permission
from scf.portals.deal.words import chip_of
from scf.portals.parts import Chip


@dataclass(frozen=True)
class LenderView:
    """A bank with its share in ppm; the lender of record has no chip, it proposed the terms."""

    name: str
    ppm: int
    chip: Chip | None = None
    has_agreed: bool = True


def lenders_of(version: ProgrammeVersion, *, by: Actor) -> Sequence[LenderView]:
    """The lender of record and its partners, for these banks alone; nothing for one lender."""
    partners = list(list_partners(by=by, version_id=version.pk))
    if not partners:
        return ()
    own = lender_share_ppm(version.terms().partners)
    return [
        LenderView(version.programme.bank.name, own),
        *(
            LenderView(
                each.bank.name,
                each.ppm,
                chip_of(each.status, each.status_label),
                each.status == PartnerStatus.AGREED,
            )
            for each in partners
        ),
    ]


def may_lend(version: ProgrammeVersion, *, by: Actor) -> bool:
    """Whether the reader says yes or no for its bank now."""
    if not by.can(Permission.PROGRAMME_APPROVE):
        return False
    return bool(list_asked_to_lend(by=by).filter(programme_version_id=version.pk).exists())
