"""Questions about programmes, terms and limits; always within what the asker may see."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound, RuleBroken
from scf.credit.choices import LimitLevel
from scf.credit.inputs import ApplicationTerms, Available
from scf.credit.machine import MemberStatus, PartnerStatus, VersionStatus
from scf.credit.models import (
    Limit,
    LimitChange,
    LimitHold,
    LimitMovement,
    Programme,
    ProgrammeMember,
    ProgrammePartner,
    ProgrammeVersion,
)
from scf.workflow import clocks


def get_programme(programme_id: UUID, *, by: Actor) -> Programme:
    """One programme. Raises NotFound."""
    rows = Programme.objects.visible_to(by).select_related("bank", "enterprise")
    return _one(rows.filter(pk=programme_id))  # type: ignore[no-any-return]


def list_programmes(*, by: Actor) -> Any:
    """The programmes the actor's organization takes part in."""
    return Programme.objects.visible_to(by).select_related("bank", "enterprise")


def get_version(version_id: UUID, *, by: Actor) -> ProgrammeVersion:
    """One version of a programme's terms. Raises NotFound."""
    rows = ProgrammeVersion.objects.visible_to(by).select_related("programme")
    return _one(rows.filter(pk=version_id))  # type: ignore[no-any-return]


def list_versions(*, by: Actor, programme_id: UUID | None = None, status: str = "") -> Any:
    """Versions of terms, newest first: of one programme, or all that wait for approval."""
    found = ProgrammeVersion.objects.visible_to(by).select_related("programme")
    if programme_id:
        found = found.filter(programme_id=programme_id)
    return found.filter(status=status) if status else found


def get_member(member_id: UUID, *, by: Actor) -> ProgrammeMember:
    """One membership. Raises NotFound."""
    rows = ProgrammeMember.objects.visible_to(by).select_related("programme", "organization")
    return _one(rows.filter(pk=member_id))  # type: ignore[no-any-return]


def list_members(*, by: Actor, programme_id: UUID | None = None) -> Any:
    """Memberships: a member's own, or all of the programmes of a bank or core enterprise."""
    found = ProgrammeMember.objects.visible_to(by).select_related("programme", "organization")
    return found.filter(programme_id=programme_id) if programme_id else found


def list_partners(*, by: Actor, version_id: UUID | None = None) -> Any:
    """What banks that lend beside said of versions: a partner's own, or all for the lender of
    record.
    """
    found = ProgrammePartner.objects.visible_to(by).select_related(
        "bank", "programme_version__programme"
    )
    return found.filter(programme_version_id=version_id) if version_id else found


def list_asked_to_lend(*, by: Actor) -> Any:
    """The proposed versions the actor's bank was asked to lend under and has not answered."""
    asked = list_partners(by=by).filter(bank_id=by.organization_id, status=PartnerStatus.ASKED)
    return asked.filter(programme_version__status=VersionStatus.PROPOSED)


def terms_for(programme_id: UUID, *, borrower_id: UUID, by: Actor) -> ApplicationTerms:
    """The terms in force for a borrower's application under a programme.

    The borrower is an active member or, where the enterprise itself buys, the enterprise (K22).
    Raises NotFound when the programme is not visible or the borrower takes no part in it,
    RuleBroken(programme_not_in_force, member_suspended).
    """
    programme = get_programme(programme_id, by=by)
    version = programme.versions.filter(status=VersionStatus.APPROVED).first()
    if version is None:
        raise RuleBroken(_("项目尚未生效"), code="programme_not_in_force")
    _check_takes_part(programme, borrower_id)
    return ApplicationTerms(
        programme_id=programme.pk,
        programme_name=programme.name,
        version_id=version.pk,
        version_number=version.number,
        hash=version.hash,
        bank_id=programme.bank_id,
        enterprise_id=programme.enterprise_id,
        anchor_side=programme.anchor_side,
        terms=version.terms(),
    )


def _check_takes_part(programme: Programme, borrower_id: UUID) -> None:
    if borrower_id == programme.enterprise_id:
        return
    member = programme.members.filter(organization_id=borrower_id).first()
    if member is None or member.status == MemberStatus.INVITED:
        raise NotFound(_("该企业未加入此项目"))
    if member.status == MemberStatus.SUSPENDED:
        raise RuleBroken(_("该企业在此项目中已被暂停"), code="member_suspended")


def limits_of(in_force: ApplicationTerms, *, borrower_id: UUID) -> tuple[Limit, Limit, Limit]:
    """The three limits an application draws on, in lock order: programme, enterprise, borrower.

    Raises RuleBroken(limit_missing) naming the level.
    """
    organization = {"bank_id": in_force.bank_id, "programme__isnull": True}
    wanted: dict[LimitLevel, dict[str, Any]] = {
        LimitLevel.PROGRAMME: {"programme_id": in_force.programme_id},
        LimitLevel.ENTERPRISE: {**organization, "organization_id": in_force.enterprise_id},
        LimitLevel.BORROWER: {**organization, "organization_id": borrower_id},
    }
    found = []
    for level, about in wanted.items():
        limit = Limit.objects.filter(level=level, **about).first()
        if limit is None:
            raise RuleBroken(_("没有%(level)s"), code="limit_missing", level=level.label)
        found.append(limit)
    programme, enterprise, borrower = found
    return programme, enterprise, borrower


def get_available(programme_id: UUID, *, borrower_id: UUID, by: Actor) -> Available:
    """What a borrower may still apply for under a programme, in fen: the least of the three levels.

    Limits frozen or not in force give 0. Only the bank is told enterprise and programme apart.
    Raises as ``terms_for`` and ``limits_of``; NotFound when another member asks.
    """
    in_force = terms_for(programme_id, borrower_id=borrower_id, by=by)
    knows_all = by.is_system or by.organization_id == in_force.bank_id
    if not knows_all and by.organization_id not in (borrower_id, in_force.enterprise_id):
        raise NotFound(_("没有这条记录，或您无权查看"))
    limits = limits_of(in_force, borrower_id=borrower_id)
    programme, enterprise, borrower = (_open_minor(limit) for limit in limits)
    return Available(
        minor=min(programme, enterprise, borrower),
        borrower_minor=borrower,
        enterprise_minor=enterprise if knows_all else None,
        programme_minor=programme if knows_all else None,
        is_frozen=any(limit.is_frozen for limit in limits),
    )


def _open_minor(limit: Limit) -> int:
    today = clocks.business_date()
    is_open = limit.effective_on <= today and (not limit.expires_on or today <= limit.expires_on)
    return limit.available_minor if is_open else 0


def get_limit(limit_id: UUID, *, by: Actor) -> Limit:
    """One limit. Raises NotFound."""
    return _one(Limit.objects.visible_to(by).filter(pk=limit_id))  # type: ignore[no-any-return]


def find_limit(*, level: str, organization_id: UUID, bank_id: UUID, by: Actor) -> Limit | None:
    """The enterprise or borrower limit of an organization at a bank, if there is one to see."""
    rows = Limit.objects.visible_to(by).filter(level=level, bank_id=bank_id)
    found: Limit | None = rows.filter(organization_id=organization_id).first()
    return found


def list_limits(*, by: Actor, level: str = "") -> Any:
    """The limits the actor may see: a bank's own, or those about oneself."""
    found = Limit.objects.visible_to(by).select_related("organization", "programme")
    return found.filter(level=level) if level else found


def list_changes(*, by: Actor, status: str = "") -> Any:
    """Proposed, approved and refused changes of the bank's limits, newest first."""
    found = LimitChange.objects.visible_to(by).select_related("organization", "limit")
    return found.filter(status=status) if status else found


def list_movements(limit_id: UUID, *, by: Actor) -> Any:
    """Every movement of a limit, oldest first. Raises NotFound."""
    return LimitMovement.objects.filter(limit=get_limit(limit_id, by=by))


def get_hold(application_id: UUID, *, by: Actor) -> LimitHold:
    """What an application holds or uses, or held last. Raises NotFound."""
    rows = LimitHold.objects.visible_to(by).filter(application_id=application_id)
    return _one(rows.order_by("-created_at", "-pk"))  # type: ignore[no-any-return]


def _one(rows: Any) -> Any:
    found = rows.first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看"))
    return found
