"""An application of the cast before the bank, and its loan, without a chain."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from scf.core.actor import SYSTEM
from scf.credit import services as limits
from scf.financing.models import Application
from scf.financing.services import ApplicationIn, submit_application
from scf.loans.models import Loan
from scf.loans.services import (
    close_loan_day,
    commit_loan,
    open_loan,
    register_terms,
    remind_due,
)
from scf.notifications.models import InboxItem
from scf.notifications.services import tell
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.factories.credit import ready_programme
from tests.factories.loans import bank_has_tokens, loan_given, moved
from tests.factories.parties import somebody, user_of
from tests.factories.trade import confirmed_order, line_ids_of
from tests.loans.deal import FUNDED, LOAN, MATURITY, deal_terms

CAST = ("chen", "zhou", "yi", "luo", "ma", "nuo", "he", "wei", "bai", "ku", "sly")


@dataclass
class Told:
    """The application, and what its facts have told so far."""

    application: Application
    seen: int = 0

    def hear(self) -> list[InboxItem]:
        """Tell what happened since the last time, as the reader does."""
        facts = list(Fact.objects.filter(pk__gt=self.seen).order_by("pk"))
        self.seen = facts[-1].pk if facts else self.seen
        return tell(facts)

    def heard(self) -> set[tuple[str, str]]:
        """The same as (login, kind)."""
        logins = {user_of(key).person_id: key for key in CAST}
        return {(logins[item.person_id], item.kind) for item in self.hear()}


def opened_loan_of(application: Application, **terms: object) -> Loan:
    """Funded on 12 March, due on 10 June; ``terms`` are what a variant changes."""
    bank_has_tokens()
    given = loan_given(
        application_id=application.pk, deal_id=application.deal_id, terms=deal_terms(**terms)
    )
    loan = register_terms(given, by=SYSTEM)
    commit_loan(loan)
    limits.use_limit(application.pk, amount_minor=LOAN, key="fund:of a test", by=SYSTEM)
    return open_loan(loan, moved=moved("fund", FUNDED, LOAN))


def morning(day: date) -> None:
    """The loans' day before is closed and this day's reminders are recorded."""
    clocks.open_day(day - timedelta(days=1))
    for loan in Loan.objects.all():
        close_loan_day(loan.pk, day=day - timedelta(days=1))
    clocks.open_day(day)
    remind_due(day)


def submitted() -> Application:
    """By Ma on 12 March, with everybody there to be told."""
    clocks.open_day(FUNDED)
    for key in CAST:
        user_of(key)
    return submit_application(
        ApplicationIn(
            programme_id=ready_programme().pk,
            order_line_ids=tuple(line_ids_of(confirmed_order())),
            matures_on=MATURITY,
        ),
        by=somebody("ma"),
    )


@pytest.fixture
def told(db: None) -> Told:
    return Told(submitted())
