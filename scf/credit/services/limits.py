"""Proposing and approving a limit of a core enterprise or a borrower: always two persons."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, RuleBroken
from scf.core.money import MAX_MINOR
from scf.credit.access import require, require_organization, visible
from scf.credit.choices import LimitLevel
from scf.credit.inputs import LimitIn
from scf.credit.machine import CHANGE_MACHINE, ChangeStatus
from scf.credit.models import LimitChange
from scf.credit.models.limits import ORGANIZATION_LEVELS
from scf.credit.sanction import Sanction, about_organization, write
from scf.parties.models import OrganizationKind
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization
from scf.workflow import facts


@transaction.atomic
def propose_limit(given: LimitIn, *, by: Actor) -> LimitChange:
    """The actor's bank proposes a limit, or a new amount and dates for one it has.

    A programme's own limit comes with its terms, not here. Raises Forbidden without
    ``limit:propose``, NotFound for an unknown organization, RuleBroken(limit_invalid),
    Conflict(change_waiting) while another proposal for the same limit waits.
    """
    require(by, Permission.LIMIT_PROPOSE)
    bank_id = _checked_bank(given, by)
    change = LimitChange(
        level=given.level,
        **about_organization(bank_id, given.organization_id),
        sanctioned_minor=given.sanctioned_minor,
        effective_on=given.effective_on,
        expires_on=given.expires_on,
        is_revolving=given.is_revolving,
        reason=given.reason,
        status=ChangeStatus.PROPOSED,
        turn_party=bank_id,
        turn_role="approver",
    )
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError as clash:
        if "limit_change_proposed_once" not in str(clash):
            raise
        raise Conflict(_("该额度已有变更待复核"), code="change_waiting") from clash
    facts.record("limit_change.proposed", change, by=by, sanctioned_minor=given.sanctioned_minor)
    return change


def _checked_bank(given: LimitIn, by: Actor) -> UUID:
    if by.organization_id is None:
        raise RuleBroken(_("额度须由银行提出"), code="limit_invalid")
    bank, about = get_organization(by.organization_id), get_organization(given.organization_id)
    kinds: dict[str, tuple[str, ...]] = {
        LimitLevel.ENTERPRISE: (OrganizationKind.ENTERPRISE,),
        LimitLevel.BORROWER: (OrganizationKind.MEMBER, OrganizationKind.ENTERPRISE),
    }
    rules = (
        given.level in ORGANIZATION_LEVELS,
        bank.kind == OrganizationKind.BANK,
        about.kind in kinds.get(given.level, ()),
        0 <= given.sanctioned_minor <= MAX_MINOR,
        given.expires_on is None or given.effective_on <= given.expires_on,
    )
    if not all(rules):
        raise RuleBroken(_("额度的层级、对象、金额或日期不正确"), code="limit_invalid")
    return bank.pk


@transaction.atomic
def approve_limit(change_id: UUID, *, by: Actor) -> LimitChange:
    """Put a proposed limit in force; another person than who proposed it.

    Lowered below what is taken, nothing is called back: available is zero until it has fallen.
    Raises NotFound, Forbidden(four_eyes), Conflict(wrong_state).
    """
    change = _locked(change_id, by)
    CHANGE_MACHINE.fire(change, "approved", by=by, sanctioned_minor=change.sanctioned_minor)
    about = {"bank_id": change.bank_id, "organization_id": change.organization_id}
    sanction = Sanction(
        change.sanctioned_minor, change.effective_on, change.expires_on, change.is_revolving
    )
    change.limit = write(change.level, about, sanction, key=f"change:{change.pk}", by=by)
    change.save(update_fields=["limit"])
    facts.record("limit.sanctioned", change.limit, by=by, sanctioned_minor=change.sanctioned_minor)
    return change


@transaction.atomic
def refuse_limit(change_id: UUID, *, by: Actor, reason: str) -> LimitChange:
    """Say no to a proposed limit; the one in force stays. Raises as ``approve_limit``."""
    change = _locked(change_id, by)
    CHANGE_MACHINE.fire(change, "refused", by=by, reason=reason)
    return change


def _locked(change_id: UUID, by: Actor) -> LimitChange:
    found: LimitChange = visible(LimitChange, change_id, by=by, lock=True)
    require_organization(by, found.bank_id)
    return found
