"""A partner bank says yes or no to a programme version it is to lend under (联合贷)."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, NotFound, OnePersonTwice, RuleBroken
from scf.core.words import listed
from scf.credit.access import visible
from scf.credit.machine import PARTNER_MACHINE, PartnerStatus, VersionStatus
from scf.credit.models import Programme, ProgrammePartner, ProgrammeVersion
from scf.credit.partners import Partner, check_partners
from scf.parties.models import Organization, OrganizationKind
from scf.workflow import clocks, facts
from scf.workflow.models import Fact


@transaction.atomic
def agree_to_version(version_id: UUID, *, seen: str, by: Actor) -> ProgrammePartner:
    """The partner bank agrees to lend its share under exactly the terms whose hash was ``seen``.

    Raises NotFound for a bank the version does not name, Forbidden without ``programme:approve`` or
    for who proposed it, Conflict(content_changed, wrong_state).
    """
    partner = _asked(version_id, by)
    version = partner.programme_version
    if seen != version.hash or version.terms().content_hash() != version.hash:
        raise Conflict(_("条款与您看到的不一致，请刷新后重看"), code="content_changed")
    PARTNER_MACHINE.fire(partner, "agreed", by=by, hash=version.hash, ppm=partner.ppm)
    return partner


@transaction.atomic
def decline_version(version_id: UUID, *, reason: str, by: Actor) -> ProgrammePartner:
    """The partner bank does not lend under these terms; they cannot come into force.

    Raises as ``agree_to_version`` and RuleBroken(reason_missing).
    """
    partner = _asked(version_id, by)
    if not reason.strip():
        raise RuleBroken(_("请填写不同意的原因"), code="reason_missing")
    PARTNER_MACHINE.fire(partner, "declined", by=by, reason=reason.strip())
    return partner


def require_partner_banks(partners: Iterable[Partner], *, bank_id: UUID) -> None:
    """Refuse partners that may not lend beside ``bank_id``: wrong shares, no bank of the platform,
    or the lender of record itself. Raises RuleBroken(partners_invalid).
    """
    given = tuple(partners)
    check_partners(given, on=clocks.business_date())
    named = {str(partner.bank) for partner in given}
    if str(bank_id) in named:
        raise RuleBroken(_("贷款银行不能同时是自己的联合出资行"), code="partners_invalid")
    banks = Organization.objects.filter(kind=OrganizationKind.BANK).values_list("pk", flat=True)
    if named - {str(pk) for pk in banks}:
        raise RuleBroken(_("联合出资行须是平台上的银行"), code="partners_invalid")


def ask_partners(version: ProgrammeVersion, *, by: Actor) -> None:
    """Put a proposed version before each bank it names; fact ``programme_partner.asked``."""
    for given in version.terms().partners:
        partner = ProgrammePartner.objects.create(
            programme_version=version,
            bank_id=UUID(given.bank),
            ppm=given.ppm,
            status=PartnerStatus.ASKED,
            turn_party=UUID(given.bank),
            turn_role="approver",
        )
        facts.record("programme_partner.asked", partner, by=by, ppm=given.ppm, hash=version.hash)


def require_partners_agreed(version: ProgrammeVersion) -> None:
    """Refuse to put a version in force some partner has not agreed to. Raises
    RuleBroken(partner_not_agreed) naming the banks.
    """
    missing = version.lenders.exclude(status=PartnerStatus.AGREED).select_related("bank")
    if names := [partner.bank.name for partner in missing]:
        raise RuleBroken(
            _("联合出资行尚未同意本版条款：%(names)s"),
            code="partner_not_agreed",
            names=listed(names),
        )


def require_no_partners_word(version: ProgrammeVersion, *, by: Actor) -> None:
    """Refuse who said yes for another bank than acts now: two banks are two persons. Raises
    Forbidden(four_eyes).
    """
    others = version.lenders.exclude(bank_id=by.organization_id)
    words = Fact.objects.filter(
        subject_id__in=others.values("pk"),
        name="programme_partner.agreed",
        person_id=by.person_id,
    )
    if by.person_id and words.exists():
        raise OnePersonTwice


def drop_partners(version: ProgrammeVersion) -> None:
    """A version the lender of record refused: what its partners said or were asked is over."""
    for partner in version.lenders.filter(status__in=[PartnerStatus.ASKED, PartnerStatus.AGREED]):
        PARTNER_MACHINE.fire(partner, "dropped", by=SYSTEM)


def _asked(version_id: UUID, by: Actor) -> ProgrammePartner:
    version: ProgrammeVersion = visible(ProgrammeVersion, version_id, by=by)
    # The programme's row orders this word and the lender's own decision about the version.
    visible(Programme, version.programme_id, by=by, lock=True)
    partner: ProgrammePartner | None = version.lenders.filter(bank_id=by.organization_id).first()
    if partner is None:
        raise NotFound(_("没有这条记录，或您无权查看"))
    partner.programme_version.refresh_from_db()
    if partner.programme_version.status != VersionStatus.PROPOSED:
        raise Conflict(
            _("本版条款当前为“%(status_words)s”，无须再表态"),
            code="wrong_state",
            status=partner.programme_version.status,
            status_words=partner.programme_version.status_label,
        )
    proposed = Fact.objects.filter(
        subject_id=version.pk, name="programme_version.proposed", person_id=by.person_id
    )
    if by.person_id and proposed.exists():
        raise OnePersonTwice
    require_no_partners_word(version, by=by)
    return partner
