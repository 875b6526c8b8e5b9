"""Registering an organization and saying, with a last day, that it is who it claims to be (KYB)."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as uscc_rules
from stdnum.exceptions import ValidationError

from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden, NotFound, OnePersonTwice, RuleBroken
from scf.parties.models import KybStatus, Organization
from scf.parties.permissions import Permission
from scf.parties.pinyin import pinyin_of
from scf.workflow import clocks, facts
from scf.workflow.models import Fact


@transaction.atomic
def register_organization(
    uscc: str,
    *,
    kind: str,
    name: str,
    by: Actor,
    short_name: str = "",
    size: str = "",
    legal_representative: str = "",
    registered_address: str = "",
    bank_number: int | None = None,
) -> Organization:
    """Write down a new organization under its 统一社会信用代码; its KYB is still to be reviewed.

    The code is checked by form and check digit (GB 32100); whether its region is assigned is left
    to
    the reviewer. Raises RuleBroken(uscc_invalid), Conflict(duplicate_organization) when the code or
    the bank number is taken, Forbidden without ``organization:review`` or ``member:invite``.
    """
    if not (by.can(Permission.ORGANIZATION_REVIEW) or by.can(Permission.MEMBER_INVITE)):
        raise Forbidden(_("您没有登记机构的权限"))
    organization = Organization(
        uscc=checked_uscc(uscc),
        kind=kind,
        name=name.strip(),
        short_name=short_name.strip() or name.strip()[:40],
        name_pinyin=pinyin_of(name.strip()),
        size=size,
        legal_representative=legal_representative.strip(),
        registered_address=registered_address.strip(),
        bank_number=bank_number,
    )
    _insert(organization)
    facts.record(
        "organization.registered",
        organization,
        by=by,
        uscc=organization.uscc,
        title=organization.name,
    )
    return organization


def checked_uscc(uscc: str) -> str:
    """The code without blanks and in capitals; raises RuleBroken(uscc_invalid) when it cannot be
    one.
    """
    try:
        return uscc_rules.validate(uscc)
    except ValidationError as wrong:
        raise RuleBroken(
            _("统一社会信用代码 %(uscc)s 不正确：应为 18 位且校验位相符"),
            code="uscc_invalid",
            uscc=uscc,
        ) from wrong


def _insert(organization: Organization) -> None:
    try:
        with transaction.atomic():
            organization.save(force_insert=True)
    except IntegrityError as taken:
        if "unique" not in str(taken):
            raise
        raise Conflict(
            _("统一社会信用代码 %(uscc)s 或银行编号已登记"),
            code="duplicate_organization",
            uscc=organization.uscc,
        ) from taken


@transaction.atomic
def review_kyb(
    organization_id: UUID,
    *,
    is_verified: bool,
    by: Actor,
    valid_until: date | None = None,
    note: str = "",
) -> Organization:
    """Say that the organization is who it claims to be, until and with ``valid_until``; or that it
    is not.

    Who registered it may not review it. Raises Forbidden, NotFound, RuleBroken(kyb_date) when
    verified
    without a day after the open bank day. May be called again: a new review replaces the last one.
    """
    if not by.can(Permission.ORGANIZATION_REVIEW):
        raise Forbidden(_("您没有审核机构的权限"))
    organization = Organization.objects.select_for_update().filter(pk=organization_id).first()
    if organization is None:
        raise NotFound(_("没有这家机构"))
    _refuse_own_registration(organization, by)
    if is_verified and (valid_until is None or valid_until <= clocks.business_date()):
        raise RuleBroken(_("通过审核须给出有效期，且晚于当前营业日"), code="kyb_date")
    organization.kyb_status = KybStatus.VERIFIED if is_verified else KybStatus.REFUSED
    organization.kyb_valid_until = valid_until if is_verified else None
    organization.save(update_fields=["kyb_status", "kyb_valid_until"])
    fact = "organization.verified" if is_verified else "organization.refused"
    facts.record(fact, organization, by=by, valid_until=organization.kyb_valid_until, note=note)
    return organization


def _refuse_own_registration(organization: Organization, by: Actor) -> None:
    registered = Fact.objects.filter(subject_id=organization.pk, name="organization.registered")
    if by.person_id and registered.filter(person_id=by.person_id).exists():
        raise OnePersonTwice
