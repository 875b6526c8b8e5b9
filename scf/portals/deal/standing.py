"""Where a deal stands as one chip: its latest machine says it, not the one that ended long ago."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.financing.machine import S
from scf.financing.models import Application
from scf.financing.selectors.money import list_escrows
from scf.loans.machine import S as Loans
from scf.loans.seen import label_for, status_for
from scf.loans.selectors import list_loans
from scf.payments.machine import LIVE
from scf.payments.models import Payment
from scf.portals.deal.lending import WAITING, lender_words
from scf.portals.deal.words import Words, chip_of
from scf.portals.parts import Chip

# A loan in one of these says more about a funded deal than its escrow does.
TELLING = (Loans.OVERDUE, Loans.SETTLED, Loans.OVERPAID, Loans.RESTRUCTURED, Loans.WRITTEN_OFF)


def chips_of(applications: Iterable[Application], *, by: Actor) -> dict[UUID, Chip]:
    """Each deal's chip by application: its own status until it is funded, then loan or escrow.

    A seller sees no loans, so to a seller the escrow speaks. Four queries at most for all.
    """
    found = list(applications)
    funded = [each.pk for each in found if each.status == S.FUNDED]
    loans = {
        loan.application_id: loan
        for loan in list_loans(by=by).filter(application_id__in=funded, status__in=TELLING)
    }
    escrows = list_escrows(funded, by=by)
    told = {each.pk: escrows.get(each.pk) or each for each in found}
    lenders = lender_words(found)
    chips = {
        pk: chip_of(*standing_of(subject, lenders=lenders.get(pk, "")))
        for pk, subject in told.items()
    }
    return chips | {
        pk: chip_of(status_for(loan, by=by), label_for(loan, by=by)) for pk, loan in loans.items()
    }


def standing_of(subject: Application | Payment, *, lenders: Words = "") -> tuple[str, Words]:
    """Its status and what that is called; an escrow of which all is paid but what its payee could
    not receive is not settled yet for the reader. ``lenders`` is what a partner bank makes of a
    joint loan's status: not approved by all its lenders yet, or refused by one.
    """
    keeps = isinstance(subject, Payment) and subject.claimable_minor > 0
    if keeps and subject.status not in LIVE:
        return "claimable", _("待收款方领取")
    if lenders == WAITING:
        return "asked", WAITING
    return subject.status, lenders or subject.status_label
