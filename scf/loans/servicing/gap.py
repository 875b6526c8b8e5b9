"""The last unpaid instalment takes what the other instalments leave over or lack.

Rounding, early money and interest on arrears all leave a difference between what was lent plus
interest and the sum of the instalments; it lands in one place, so that the plan always repays the
loan exactly. Amounts in minor units.
"""

from datetime import date
from typing import TYPE_CHECKING

from scf.loans.servicing.periods import Period

if TYPE_CHECKING:
    from scf.loans.servicing.plan import Plan


def close_gap(plan: "Plan", till: date) -> None:
    """Set the last unpaid instalment so that the plan repays the loan; ``till`` is today."""
    last = None
    for _ in range(len(plan.periods) + 1):
        _trim_to_owed(plan)
        last = next((period for period in reversed(plan.periods) if not period.is_paid), None)
        if last is None:
            return
        _absorb(plan, last)
        if last.instalment >= last.paid - last.credited:
            break
        last.instalment = last.paid - last.credited
        plan.settle()
    if last and last is not plan.periods[-1]:
        _defer_interest(plan, last, till)
        plan.settle()


def _trim_to_owed(plan: "Plan") -> None:
    # More was paid early than the other instalments leave: no instalment may ask for it again.
    owed = plan.lent - sum(period.paid_principal for period in plan.periods)
    for period in plan.periods:
        if period.owed_principal > owed:
            cut = period.instalment - (period.owed_principal - owed)
            period.instalment = max(cut, period.paid)
            plan.settle()


def _absorb(plan: "Plan", last: Period) -> None:
    last.deferred = 0
    for period in plan.periods:
        period.moved = False
    plan.settle()
    interest = sum(period.due_interest for period in plan.periods)
    instalments = sum(period.total_due for period in plan.periods)
    last.instalment += plan.lent + interest - instalments
    plan.settle()


def _defer_interest(plan: "Plan", last: Period, till: date) -> None:
    # Interest that accrued behind the last unpaid instalment has no instalment to live in.
    copy = plan.copied()
    copy.stop_interest_after(till)
    for period in reversed(copy.periods):
        if period.unrecognised > 0 and period.due > last.due:
            last.deferred = period.unrecognised
            for later in plan.periods:
                later.moved = later.moved or later.due > last.due
            return
