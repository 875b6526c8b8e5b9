"""The bank's day: its evening, its close, and the morning of the next one (golden/README.md).

Evening of D: what is due is swept and the chain comes to rest. Close: interest, overdue and lapses
are booked on D. Morning of D + 1: the chain's clock follows, escrow interest is paid, what expired
is reclaimed, and what fell silent is fired. Every step is keyed or compares, so a day that was
interrupted is taken up again from its first step.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from scf.chain.node import Node
from scf.chain.rest import move_time
from scf.core import clock
from scf.core.errors import RuleBroken
from scf.loans import services as loans
from scf.loans.day_end.close import close_loans
from scf.payments.selectors import (
    list_expired,
    list_lapsed,
    list_owing_lines,
    list_uncollected,
    list_unreturned_deposits,
)
from scf.payments.services.cancel import lapse_payment
from scf.payments.services.collect import collect_again
from scf.payments.services.confirm import release_due
from scf.payments.services.deposit import give_back
from scf.payments.services.give_back import reclaim_expired, return_short_rest
from scf.payments.services.interest import (
    is_interest_day,
    list_bearing_interest,
    pay_escrow_interest,
)
from scf.workflow import clocks
from scf.workflow.closing import closing_act
from scf.workflow.deals import lock_deal

logger = logging.getLogger(__name__)

DAY = timedelta(days=1)
AFTER_MIDNIGHT = timedelta(seconds=5)  # the expiry of K10 is the instant 00:00, and lies behind us
LONGEST_CATCH_UP = 400  # days closed in one go after an outage

Quiet = Callable[[], object]
Tell = Callable[[str], object]


@dataclass(frozen=True)
class Evening:
    """What the close of a day did: acts asked for, loans closed."""

    day: date
    swept: int
    closed: int


@dataclass(frozen=True)
class Morning:
    """What the morning of a day did: borrowers reminded, interest and reclaims asked for, subjects
    fired.
    """

    day: date
    interest: int
    reclaimed: int
    fired: int
    reminded: int


def advance_days(*, to: date, node: Node, quiet: Quiet, tell: Tell) -> int:
    """Live the bank days up to the morning of ``to``, the chain's clock with them; says how many.

    ``quiet`` lets the chain come to rest; ``tell`` hears a line a day. Started again after an
    interruption it goes on where it stood. Raises RuleBroken(day_is_today) once the open day is
    today, RuleBroken(day_moves_forward) for a day before the open one or after today.
    """
    require_past(to)
    start_day(clocks.business_date(), node=node, quiet=quiet)
    lived = 0
    while clocks.business_date() < to:
        day = clocks.business_date()
        evening = close_day(day, quiet=quiet, tell=tell)
        morning = start_day(day + DAY, node=node, quiet=quiet)
        lived += 1
        tell(
            f"{day} 扣收 {evening.swept} 日终 {evening.closed} → {morning.day} "
            f"结息 {morning.interest} 到期退回 {morning.reclaimed} 时限 {morning.fired} "
            f"还款提醒 {morning.reminded}"
        )
    return lived


def require_past(to: date) -> None:
    """Refuse to move the clock of an installation that lives in the present, or back."""
    opened, today = clocks.business_date(), clock.today()
    if opened >= today:
        raise RuleBroken(
            _("营业日已是今天 %(day)s，之后随真实日期前进"),
            code="day_is_today",
            day=opened.isoformat(),
        )
    if not opened <= to <= today:
        raise RuleBroken(
            _("营业日只能从 %(opened)s 向前，且不晚于今天：%(day)s 不可用"),
            code="day_moves_forward",
            opened=opened.isoformat(),
            day=to.isoformat(),
        )


def close_day(day: date, *, quiet: Quiet, tell: Tell = str) -> Evening:
    """The evening and the close of the open day: sweep, come to rest, book. Safe twice."""
    swept = sweep_due(day)
    quiet()
    return Evening(day, swept, book_day(day, tell=tell))


def start_day(day: date, *, node: Node, quiet: Quiet) -> Morning:
    """Open a day with its clock, then its morning: interest, reclaims, deadlines, reminders. Safe
    twice.
    """
    clocks.open_day(day)
    if node.chain_id == settings.DEMO_CHAIN_ID:
        move_time(node, to=clock.shanghai_midnight(day) + AFTER_MIDNIGHT)
    interest = pay_interest(day)
    quiet()
    reclaimed = reclaim_all()
    relay_all()
    lapse_all()
    fired = clocks.fire_due()
    quiet()
    # Last: what came back this morning lowered what will be due.
    return Morning(day, interest, reclaimed, fired, loans.remind_due(day))


def roll_day(*, node: Node) -> list[date]:
    """In real time: close every day that is over and open the next. Safe at any hour.

    A day is over when the chain's clock says so, so a past that is lived through on the demo chain
    is left alone. Nothing waits for the chain here: its processes run, and what they bring after
    the close is put among the acts of its own value date (K4). Returns the days closed.
    """
    clocks.open_day(clocks.business_date())  # the first day of an installation has no row yet
    until = _date_of(node)
    closed = []
    for _each in range(LONGEST_CATCH_UP):
        day = clocks.business_date()
        if day >= until:
            break
        book_day(day, tell=logger.info)
        clocks.open_day(day + DAY)
        loans.remind_due(day + DAY)
        closed.append(day)
    pay_interest(clocks.business_date())
    reclaim_all()
    relay_all()
    lapse_all()
    loans.remind_due(clocks.business_date())
    return closed


def sweep_due(day: date) -> int:
    """Ask for every sweep due on a day and free what is left; returns how many acts (K12)."""
    acts = 0
    for buyer_id, bank_id in loans.borrowers():
        acts += len(loans.collect_due(buyer_id, bank_id=bank_id, on=day, is_evening=True))
    return acts


def book_day(day: date, *, tell: Tell = str) -> int:
    """Close a day for every running loan and grade what may move; returns how many were closed."""
    closed = close_loans(day, tell=tell)
    grade_day(day)
    return closed


def grade_day(day: date) -> int:
    """Grade the loans that may move, and at a month end provide for all; returns how many moved.

    The fold of the day comes first: grades and provisions look at what its close brought.
    """
    grading = loans.loans_to_grade()
    for loan_id in grading:
        loans.grade_loan(loan_id, day=day)
    if (day + DAY).day == 1:
        loans.provide_month_end(day)
    return len(grading)


def pay_interest(day: date) -> int:
    """On the 21st of a quarter's last month, ask for the interest of every escrow (K15)."""
    if not is_interest_day(day):
        return 0
    return sum(_has_interest(payment_id, day) for payment_id in list_bearing_interest())


def reclaim_all() -> int:
    """Send the reclaim of every escrow whose expiry has come; the bank's day end asks (K10)."""
    expired = list_expired(clocks.business_now())
    for payment in expired:
        with closing_act():
            reclaim_expired(payment)
    return len(expired)


def relay_all() -> int:
    """Send again what nobody need approve and what failed: what lines owe their payees, what short
    ones give back, and once a day payers' money that was not issued and deposits that did not get
    home. Safe twice; returns how many were looked at.
    """
    uncollected = list_uncollected(clocks.business_date())
    for act in uncollected:
        with closing_act():
            collect_again(act)
    owing = list_owing_lines(clocks.business_now())
    for line in owing:
        with closing_act():
            lock_deal(line.deal_id)
            release_due(line)
            return_short_rest(line)
    deposits = list_unreturned_deposits(clocks.business_date())
    for deposit in deposits:
        with closing_act():
            lock_deal(deposit.deal_id)
            give_back(deposit)
    return len(uncollected) + len(owing) + len(deposits)


def lapse_all() -> int:
    """Cancel every agreement whose ``fundBy`` passed unfunded, so that own funds go back."""
    lapsed = list_lapsed(clocks.business_now())
    for payment in lapsed:
        with closing_act():
            lapse_payment(payment.pk)
    return len(lapsed)


def _date_of(node: Node) -> date:
    """Today, or where the demo chain's clock stands when it was moved into the past."""
    if node.chain_id != settings.DEMO_CHAIN_ID:
        return clock.today()
    return min(clock.today(), clock.shanghai_date(clock.from_timestamp(node.next_time())))


def _has_interest(payment_id: UUID, day: date) -> bool:
    with closing_act():
        return pay_escrow_interest(payment_id, until=day) is not None
