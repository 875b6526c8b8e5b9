"""What must always be true of parties."""

from collections.abc import Iterator

from stdnum.cn import uscc

from scf.parties.models import Membership, Organization
from scf.parties.services.roles import role_fits
from scf.workflow.invariants import Violation, invariant


@invariant("parties.uscc_has_its_check_digit")
def uscc_has_its_check_digit() -> Iterator[Violation]:
    """Every organization's code is well formed."""
    for organization in Organization.objects.order_by("pk").iterator():
        if not uscc.is_valid(organization.uscc):
            yield Violation(str(organization.pk), {"uscc": organization.uscc})


@invariant("parties.role_fits_its_organization")
def role_fits_its_organization() -> Iterator[Violation]:
    """Nobody holds a bank's role outside a bank, and so on."""
    for membership in Membership.objects.select_related("organization").iterator():
        if not role_fits(membership.role, membership.organization.kind):
            yield Violation(f"membership {membership.pk}", {"role": membership.role})
