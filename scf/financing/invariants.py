"""What must always be true of an application and what it set in motion in the rooms below."""

from collections.abc import Iterator

from scf.core.actor import SYSTEM
from scf.credit.selectors import get_hold
from scf.loans.models import Loan
from scf.workflow.invariants import Violation, invariant


@invariant("financing.limit_used_is_what_may_still_be_owed")
def limit_used_is_what_may_still_be_owed() -> Iterator[Violation]:
    """What an opened loan uses of its limit is its frame without what fell of principal (K18)."""
    for loan in Loan.objects.filter(opened_on__isnull=False).order_by("id").iterator():
        expected = loan.frame_minor - loan.principal_freed_minor
        used = get_hold(loan.application_id, by=SYSTEM).used_minor
        if used != expected:
            yield Violation(str(loan), {"used_minor": used, "expected_minor": expected})
