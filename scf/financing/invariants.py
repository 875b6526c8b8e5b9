"""What must always be true of an application and what it set in motion in the rooms below."""

from collections.abc import Iterator

from scf.core.actor import SYSTEM
from scf.credit.selectors import get_hold
from scf.financing.fees import claims_shown
from scf.financing.models import Application
from scf.loans.fees import opened_fees
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


@invariant("financing.fees_claimed_are_those_shown")
def fees_claimed_are_those_shown() -> Iterator[Violation]:
    """An opened loan claims the bank's fees its borrower was shown, to the fen, and no others."""
    loans = Loan.objects.filter(opened_on__isnull=False).order_by("id")
    quotes = Application.objects.in_bulk(list(loans.values_list("application_id", flat=True)))
    for loan in loans.iterator():
        application = quotes.get(loan.application_id)
        if application is None or loan.opened_on is None:
            continue
        shown, planned = claims_shown(application.quote), application.funding_planned_on
        expected = opened_fees(shown, planned=planned, on=loan.opened_on)
        if loan.core_terms.fees != expected:
            yield Violation(
                str(loan),
                {
                    "claimed_minor": sum(fee.amount_minor for fee in loan.core_terms.fees),
                    "shown_minor": sum(fee.amount_minor for fee in expected),
                },
            )
