"""Proposing and approving a programme and each new version of its terms."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, RuleBroken
from scf.credit.access import require, require_organization, visible
from scf.credit.choices import AnchorSide
from scf.credit.inputs import ProgrammeIn
from scf.credit.machine import VERSION_MACHINE, VersionStatus
from scf.credit.models import Programme, ProgrammeVersion
from scf.credit.sanction import sanction_programme
from scf.credit.services.partners import (
    ask_partners,
    drop_partners,
    require_no_partners_word,
    require_partner_banks,
    require_partners_agreed,
)
from scf.credit.terms import ProgrammeTerms, check_terms
from scf.parties.models import OrganizationKind
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization
from scf.workflow import facts


@transaction.atomic
def propose_programme(given: ProgrammeIn, *, by: Actor) -> ProgrammeVersion:
    """The actor's bank proposes a programme with a core enterprise; returns its first version.

    In force when another person approves. Raises Forbidden without ``programme:propose`` or outside
    a bank, RuleBroken(policy_not_offered, terms_invalid, partners_invalid, programme_invalid),
    Conflict(duplicate_programme) for a name the bank has used.
    """
    require(by, Permission.PROGRAMME_PROPOSE)
    check_terms(given.terms)
    bank_id = _bank_of(by)
    require_partner_banks(given.terms.partners, bank_id=bank_id)
    enterprise = get_organization(given.enterprise_id)
    is_sound = given.anchor_side in AnchorSide.values and given.name.strip()
    if not is_sound or enterprise.kind != OrganizationKind.ENTERPRISE:
        raise RuleBroken(_("项目须有名称、核心企业和其在订单中的角色"), code="programme_invalid")
    programme = Programme(
        name=given.name.strip(),
        bank_id=bank_id,
        enterprise=enterprise,
        anchor_side=given.anchor_side,
    )
    try:
        with transaction.atomic():
            programme.save(force_insert=True)
    except IntegrityError as clash:
        if "programme_name_of_bank" not in str(clash):
            raise
        raise Conflict(
            _("已有名为“%(name)s”的项目"), code="duplicate_programme", name=programme.name
        ) from clash
    return _propose(programme, given.terms, number=1, by=by)


def _bank_of(by: Actor) -> UUID:
    if by.organization_id is None:
        raise RuleBroken(_("项目须由银行提出"), code="programme_invalid")
    bank = get_organization(by.organization_id)
    if bank.kind != OrganizationKind.BANK:
        raise RuleBroken(_("项目须由银行提出"), code="programme_invalid")
    return bank.pk


@transaction.atomic
def propose_version(programme_id: UUID, *, terms: ProgrammeTerms, by: Actor) -> ProgrammeVersion:
    """Propose new terms for a programme; the ones in force stay so until another person approves.

    Raises NotFound, Forbidden, RuleBroken as ``propose_programme``, Conflict(version_waiting) while
    another proposal waits.
    """
    require(by, Permission.PROGRAMME_PROPOSE)
    programme = visible(Programme, programme_id, by=by, lock=True)
    require_organization(by, programme.bank_id)
    check_terms(terms)
    require_partner_banks(terms.partners, bank_id=programme.bank_id)
    versions = programme.versions
    if versions.filter(status=VersionStatus.PROPOSED).exists():
        raise Conflict(_("已有一个版本待复核"), code="version_waiting")
    return _propose(programme, terms, number=versions.count() + 1, by=by)


def _propose(
    programme: Programme, terms: ProgrammeTerms, *, number: int, by: Actor
) -> ProgrammeVersion:
    version = ProgrammeVersion.objects.create(
        programme=programme,
        number=number,
        hash=terms.content_hash(),
        status=VersionStatus.PROPOSED,
        turn_party=programme.bank_id,
        turn_role="approver",
        **terms.as_dict(),
    )
    facts.record(
        "programme_version.proposed", version, by=by, hash=version.hash, number=version.number
    )
    ask_partners(version, by=by)
    return version


@transaction.atomic
def approve_programme(version_id: UUID, *, seen: str, by: Actor) -> ProgrammeVersion:
    """Put a version in force: exactly the terms whose hash was ``seen``, by another person.

    The version before is superseded and the programme's own limit becomes this version's. Raises
    NotFound, Forbidden(four_eyes, not_your_side), Conflict(content_changed, wrong_state),
    RuleBroken(partner_not_agreed) before each partner bank has agreed to these terms.
    """
    version = _locked(version_id, by)
    if seen != version.hash or version.terms().content_hash() != version.hash:
        raise Conflict(_("条款与您看到的不一致，请刷新后重看"), code="content_changed")
    require_partners_agreed(version)
    require_no_partners_word(version, by=by)
    # The old version leaves first: only one may be in force at any moment.
    for old in version.programme.versions.filter(status=VersionStatus.APPROVED):
        VERSION_MACHINE.fire(old, "superseded", by=SYSTEM, successor=version.pk)
    VERSION_MACHINE.fire(version, "approved", by=by, hash=version.hash)
    sanction_programme(version, by=by)
    return version


@transaction.atomic
def refuse_programme(version_id: UUID, *, by: Actor, reason: str) -> ProgrammeVersion:
    """Say no to a proposed version; what is in force stays. Raises as ``approve_programme``."""
    version = _locked(version_id, by)
    VERSION_MACHINE.fire(version, "refused", by=by, reason=reason)
    drop_partners(version)
    return version


def _locked(version_id: UUID, by: Actor) -> ProgrammeVersion:
    version: ProgrammeVersion = visible(ProgrammeVersion, version_id, by=by)
    require_organization(by, version.programme.bank_id)
    # The programme's row orders two approvals; the version is read again behind it.
    visible(Programme, version.programme_id, by=by, lock=True)
    version.refresh_from_db()
    return version
