"""Inviting a buyer or supplier into a programme, accepting, suspending and resuming."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, RuleBroken
from scf.credit.access import require, require_organization, visible
from scf.credit.machine import MEMBER_MACHINE, MemberStatus, VersionStatus
from scf.credit.models import Programme, ProgrammeMember
from scf.parties.models import OrganizationKind
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization
from scf.workflow import facts

JOINABLE = (OrganizationKind.MEMBER, OrganizationKind.ENTERPRISE)


@transaction.atomic
def invite_member(programme_id: UUID, *, organization_id: UUID, by: Actor) -> ProgrammeMember:
    """The bank or the core enterprise invites a buyer or supplier into a programme in force.

    Raises NotFound, Forbidden without ``member:invite`` or from another member,
    RuleBroken(programme_not_in_force, member_invalid), Conflict(already_member).
    """
    require(by, Permission.MEMBER_INVITE)
    programme = visible(Programme, programme_id, by=by, lock=True)
    require_organization(by, programme.bank_id, programme.enterprise_id)
    if not programme.versions.filter(status=VersionStatus.APPROVED).exists():
        raise RuleBroken(_("项目尚未生效"), code="programme_not_in_force")
    organization = get_organization(organization_id)
    if organization.kind not in JOINABLE or organization.pk == programme.enterprise_id:
        raise RuleBroken(_("只能邀请买方或供应商加入项目"), code="member_invalid")
    member, is_new = ProgrammeMember.objects.get_or_create(
        programme=programme,
        organization=organization,
        defaults={
            "status": MemberStatus.INVITED,
            "turn_party": organization.pk,
            "turn_role": "checker",
        },
    )
    if not is_new:
        raise Conflict(_("该企业已在项目中"), code="already_member")
    facts.record("programme_member.invited", member, by=by)
    return member


@transaction.atomic
def accept_invitation(member_id: UUID, *, by: Actor) -> ProgrammeMember:
    """The invited organization's signer joins the programme.

    Raises NotFound, Forbidden(not_your_side) for bank and enterprise, Conflict(wrong_state).
    """
    member: ProgrammeMember = visible(ProgrammeMember, member_id, by=by, lock=True)
    require_organization(by, member.organization_id)
    MEMBER_MACHINE.fire(member, "joined", by=by)
    return member


@transaction.atomic
def suspend_member(member_id: UUID, *, by: Actor, reason: str) -> ProgrammeMember:
    """The bank stops new applications of a member; what is running goes on.

    Raises NotFound, Forbidden, Conflict(wrong_state).
    """
    member = _of_bank(member_id, by)
    MEMBER_MACHINE.fire(member, "suspended", by=by, reason=reason)
    return member


@transaction.atomic
def resume_member(member_id: UUID, *, by: Actor) -> ProgrammeMember:
    """Let a suspended member apply again: another person than who suspended it.

    Raises NotFound, Forbidden(four_eyes), Conflict(wrong_state).
    """
    member = _of_bank(member_id, by)
    MEMBER_MACHINE.fire(member, "resumed", by=by)
    return member


def _of_bank(member_id: UUID, by: Actor) -> ProgrammeMember:
    member: ProgrammeMember = visible(ProgrammeMember, member_id, by=by, lock=True)
    require_organization(by, member.programme.bank_id)
    return member
