"""The reminders of a due date, a row's or an agreed fee's: facts in the mornings before it, on it
and after it, once each.

Before: seven, three and one day. After: one, three and seven days, then every seventh up to 90,
then every thirtieth. After it they follow the oldest unpaid due date, as days past due do (K14).
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, Value

from scf.core.actor import SYSTEM
from scf.loans import machine
from scf.loans.book import Book, advance
from scf.loans.fee_views import fee_views
from scf.loans.models import Loan, LoanAction, LoanReminder
from scf.loans.quotes import Quote, due_quote
from scf.loans.services.life import book_of, locked
from scf.loans.state import oldest_due
from scf.workflow import facts
from scf.workflow.closing import closing_act

BEFORE = (-7, -3, -1)
FIRST_AFTER = (1, 3)
WEEKLY_UNTIL = 90
MONTHLY_UNTIL = 1_080  # three years: the time in which a debt may be sued for (民法典 §188)
# The days of the terms' fees as a list of texts, like the stored due dates.
FEE_DAYS = Func(
    F("terms"),
    Value("$.fees[*].on"),
    function="jsonb_path_query_array",
    template="%(function)s(%(expressions)s::jsonpath)",
    output_field=JSONField(),
)
AFTER = (*FIRST_AFTER, *range(7, WEEKLY_UNTIL + 1, 7), *range(120, MONTHLY_UNTIL + 1, 30))


def remind_due(day: date) -> int:
    """Record this morning's reminders of all running loans; returns how many. Safe twice.

    Facts ``loan.due_soon``, ``loan.due_today`` and ``loan.past_due`` with ``due_on``, ``offset``
    (days, below zero ahead of the due date), what is or will be due, in fen by claim, and the
    agreed ``fees`` among it by name; ``is_instalment`` is false for a day that asks for fees alone.
    """
    return sum(remind_loan(loan_id, day=day) for loan_id in loans_to_remind(day))


def loans_to_remind(day: date) -> list[UUID]:
    """The running loans with a due date at a reminder's distance from a day, oldest first.

    Chosen by the stored days of rows and fees alone, so a day folds only the loans it may speak of;
    those planned anew have others, and are few. A past one counts where the loan is overdue or may
    lie in its grace days. What is written off is the lawyers' and no reminder's.
    """
    ahead, behind = _falls_on(_dates(day, (*BEFORE, 0))), _falls_on(_dates(day, AFTER))
    unpaid = Q(status=machine.S.OVERDUE) | Q(terms__grace_days__gt=0)
    anew = LoanAction.objects.filter(loan=OuterRef("pk"), kind="restructure")
    told = LoanReminder.objects.filter(loan=OuterRef("pk"), on=day)
    rows = Loan.objects.alias(fee_days=FEE_DAYS).filter(
        ahead | behind & unpaid | Exists(anew), ~Exists(told), status__in=machine.ON_THE_BOOKS
    )
    return list(rows.order_by("id").values_list("pk", flat=True))


@closing_act()
def remind_loan(loan_id: UUID, *, day: date) -> int:
    """Record what a loan has to be reminded of on a day; returns how many facts. Safe twice."""
    loan = locked(Loan.objects.get(pk=loan_id))
    if loan.status not in machine.ON_THE_BOOKS:
        return 0
    book = book_of(loan, on=day)
    reminders = [*_ahead(book, day), *_behind(book, day)]
    return sum(_record(loan, book, due_on, day=day) for due_on in reminders)


def _dates(day: date, offsets: Iterable[int]) -> list[str]:
    return [(day - timedelta(days=offset)).isoformat() for offset in offsets]


def _falls_on(days: list[str]) -> Q:
    # A fee agreed later stands with the action that added it.
    added = LoanAction.objects.filter(loan=OuterRef("pk"), kind="cost", details__due_on__in=days)
    return (
        Q(terms__due_dates__has_any_keys=days) | Q(fee_days__has_any_keys=days) | Q(Exists(added))
    )


def _ahead(book: Book, day: date) -> list[date]:
    wanted = (*BEFORE, 0)
    asking = {*book.terms.due_dates, *(fee.on for fee in book.terms.fees)}
    return sorted(due_on for due_on in asking if (day - due_on).days in wanted)


def _behind(book: Book, day: date) -> Iterator[date]:
    due_on = oldest_due(book.state)
    if due_on and (day - due_on).days in AFTER:
        yield due_on


def _record(loan: Loan, book: Book, due_on: date, *, day: date) -> bool:
    """Tell it unless nothing is due then, or it was told."""
    offset = (day - due_on).days
    then = advance(book, max(day, due_on))
    quote = due_quote(then, on=then.state.on)
    if quote.total_minor <= 0:
        return False
    _row, is_new = LoanReminder.objects.get_or_create(
        loan=loan, due_on=due_on, offset=offset, defaults={"on": day}
    )
    if is_new:
        said = _said(loan, then, due_on, quote)
        facts.record(_name(offset), loan, by=SYSTEM, offset=offset, **said)
    return is_new


def _name(offset: int) -> str:
    if offset < 0:
        return "loan.due_soon"
    return "loan.past_due" if offset else "loan.due_today"


def _said(loan: Loan, then: Book, due_on: date, quote: Quote) -> dict[str, object]:
    terms = then.terms
    owed = [fee for fee in fee_views(then) if fee.owed_minor]
    return {
        "number": loan.number,
        "due_on": due_on.isoformat(),
        "is_instalment": due_on in terms.due_dates,
        "fees": [{"fee": fee.code, "amount_minor": fee.owed_minor} for fee in owed],
        "is_maturity": due_on == terms.maturity_on,
        "rate_ppm": terms.rate_ppm,
        "penalty_rate_ppm": terms.penalty_rate_ppm,
        "amount_minor": quote.total_minor,
        "costs_minor": quote.costs_minor,
        "principal_minor": quote.principal_minor,
        "interest_minor": quote.interest_minor,
        "penalty_minor": quote.penalty_minor,
        "compound_minor": quote.compound_minor,
    }
