"""Questions to a plan: what would be due, and how much interest would have run, on a day."""

from datetime import date

from scf.loans.servicing.periods import Period
from scf.loans.servicing.plan import Plan


def till(plan: Plan, day: date) -> Plan:
    """Return the plan as if interest stopped on the day."""
    copy = plan.copied()
    if day >= plan.maturity:
        return copy
    if day < plan.periods[0].start:
        for period in copy.periods:
            period.segments = []
            period.touch()
        copy.settle()
        return copy
    current = copy.period_on(day)
    for number, period in enumerate(copy.periods):
        if period.due > day:
            _end_period(copy, number, day, is_current=period is current)
    copy.refactor()
    copy.settle()
    copy.close_gap(day)
    return copy


def _end_period(plan: Plan, number: int, day: date, *, is_current: bool) -> None:
    period = plan.periods[number]
    period.touch()
    if is_current:
        _end_segment(period, day, is_first=number == 0)
        return
    before = plan.periods[number - 1] if number else None
    first = period.segments[0]
    is_credited = first.credited_interest > 0 or first.credited_principal > 0
    if before is plan.period_on(day) and is_credited:
        # What was charged back on the very due date sits at the start of the next period.
        first.end = first.start
        period.segments = [first]
    else:
        period.segments = []


def _end_segment(period: Period, day: date, *, is_first: bool) -> None:
    held = [
        number
        for number, segment in enumerate(period.segments)
        if segment.start < day <= segment.end or (is_first and number == 0 and segment.start == day)
    ]
    if not held:
        return
    number = held[-1]
    segment = period.segments[number]
    segment.end = day
    if number + 1 < len(period.segments):
        following = period.segments[number + 1]
        segment.credited_principal += following.credited_principal
        segment.credited_interest += following.credited_interest
    del period.segments[number + 1 :]


def due_on(plan: Plan, due: date, day: date) -> tuple[int, int]:
    """Return principal and interest of a period if it is paid on a day. Minor units."""
    copy = till(plan, day)
    period = copy.period_due(due)
    if period is None:
        raise ValueError(f"no period is due on {due}")
    unpaid = sum(not other.is_paid for other in copy.periods)
    if day <= period.start and unpaid > 1:
        period.instalment = period.level
        copy.settle()
        excess = max(period.owed_principal - copy.owed_principal, 0)
        period.instalment -= excess
        copy.settle()
    elif day <= period.start and unpaid == 1 and period.is_paid:
        rest = copy.lent - sum(p.paid_principal for p in copy.periods)
        period.instalment = min(period.level, rest + period.paid_principal + period.due_interest)
        copy.settle()
    return period.due_principal, period.due_interest


def interest_till(plan: Plan, due: date, day: date, *, with_credited: bool = True) -> int:
    """Return the interest a period has run up to a day, in minor units."""
    period = till(plan, day).period_due(due)
    if period is None:
        raise ValueError(f"no period is due on {due}")
    return period.interest - (0 if with_credited else period.credited_interest)


def total_interest_on(plan: Plan, day: date) -> int:
    """Return the interest of all periods if everything were paid on the day, in minor units."""
    return sum(due_on(plan, period.due, day)[1] for period in plan.periods)
