"""The instalment plan of a declining-balance loan: level instalments that follow every event.

Interest runs on the outstanding balance segment by segment; a payment, pay-out, chargeback, rate
change or pause cuts a segment and moves the rest of the plan. Whatever rounding or early payment
leaves over lands in the last unpaid instalment. Amounts in minor units, rates as yearly fractions.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from scf.loans.servicing.factors import FactorRule, Stretch
from scf.loans.servicing.gap import close_gap
from scf.loans.servicing.level import level_instalment, smooth
from scf.loans.servicing.periods import Period, Segment
from scf.loans.servicing.segments import find_segment, merge_pause, split_at

ONE_DAY = timedelta(days=1)


class Plan:
    """Periods with their instalments, kept right under every event of the loan's life."""

    def __init__(
        self, periods: Iterable[tuple[date, date]], rate: Decimal, rule: FactorRule
    ) -> None:
        self.rule = rule
        self.rounding = rule.rounding
        self.periods = [Period(start, due, [Segment(start, due)]) for start, due in periods]
        self.rates: list[tuple[date, Decimal]] = [(date.min, rate)]
        self.is_copy = False
        self.refactor()

    # -- what is known ---------------------------------------------------------------------------

    @property
    def maturity(self) -> date:
        """The last due date."""
        return self.periods[-1].due

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was paid out yet."""
        return not any(period.instalment for period in self.periods)

    @property
    def lent(self) -> int:
        """All principal there is to repay: paid out, capitalised, charged back."""
        return sum(
            segment.disbursed + segment.capitalised + segment.credited_principal
            for period in self.periods
            for segment in period.segments
        )

    @property
    def owed_principal(self) -> int:
        """Principal not yet repaid."""
        return max(self.lent - sum(period.paid_principal for period in self.periods), 0)

    def period_on(self, day: date) -> Period | None:
        """Return the period a day belongs to."""
        for number, period in enumerate(self.periods):
            if period.holds(day, is_first=number == 0):
                return period
        return None

    def period_due(self, due: date) -> Period | None:
        """Return the period with this due date."""
        return next((period for period in self.periods if period.due == due), None)

    def rate_on(self, day: date) -> Decimal:
        """Return the yearly rate in force on a day."""
        starts = [start for start, _ in self.rates]
        return self.rates[bisect_right(starts, day) - 1][1]

    # -- what happens ----------------------------------------------------------------------------

    def disburse(self, day: date, amount: int) -> None:
        """Pay out more principal on a day: the instalments from there on are set anew."""
        period = self._cut(day, disbursed=amount)
        if period:
            self._reset_from(period, day, is_new_money=True)

    def capitalise(self, day: date, amount: int) -> None:
        """Add income to the principal on a day: the instalments from there on are set anew."""
        period = self._cut(day, capitalised=amount)
        if period:
            self._reset_from(period, day, is_new_money=True)

    def change_rate(self, from_: date, rate: Decimal) -> None:
        """Charge another yearly rate from a day on; the day before is the last at the old one."""
        effective = from_ - ONE_DAY
        self.rates = [*(known for known in self.rates if known[0] != effective), (effective, rate)]
        self.rates.sort(key=lambda known: known[0])
        period = self._cut(effective)
        if period:
            self._reset_from(period, effective, is_new_money=False)

    def correct(self, day: date, amount: int) -> None:
        """Let interest run on so much more (or less) from a day on; what is owed stays."""
        period = self._cut(day, correction=amount)
        if period:
            self._refactor_one(period)
            self.settle()
            self.close_gap(day)

    def credit(self, day: date, principal: int, interest: int) -> None:
        """Charge back principal and interest on a day: both are owed again."""
        period = self._cut(day, correction=principal)
        if period is None:
            return
        for other in self.periods:
            is_last = other is self.periods[-1]
            if other.start <= day and (day < other.due or (is_last and day == other.due)):
                found = [segment for segment in other.segments if segment.start == day]
                if found:
                    found[-1].credited_principal += principal
                    found[-1].credited_interest += interest
                other.touch()
                break
        self._refactor_one(period)
        self.settle()
        self.close_gap(day)

    def pause(self, first: date, last: date) -> None:
        """Let no interest run from ``first`` to ``last``, both included; instalments stay."""
        for period in self.periods:
            if period.start < last and period.due >= first:
                merge_pause(period, first, last)
                period.touch()
        self.refactor()
        self.settle()
        self.close_gap(first)

    def move(self, periods: Iterable[tuple[date, date]]) -> None:
        """Move the periods to other dates; the level instalment stays as it is."""
        for period, (start, due) in zip(self.periods, periods, strict=True):
            period.segments[0].start = period.start = start
            period.segments[-1].end = period.due = due
            period.touch()
        self.refactor()
        self.settle()
        self.close_gap(self.periods[0].due)

    def pay_interest(self, due: date, day: date, amount: int) -> None:
        """Book interest paid towards the period with this due date."""
        period = self.period_due(due)
        if period:
            period.paid_interest += amount
        self.settle()
        self.close_gap(day)

    def pay_principal(self, due: date, day: date, amount: int) -> None:
        """Book principal paid towards the period with this due date.

        Late money counts from the due date (until then the balance was corrected for the arrears),
        early money from the day it came.
        """
        if not amount:
            return
        period = self.period_due(due)
        if period:
            period.paid_principal += amount
        effective = min(day, due)
        self.correct(effective, -amount)
        if period is None:
            return
        self._mark_settled(period, day)
        self.settle()
        self.close_gap(effective)

    def _mark_settled(self, period: Period, day: date) -> None:
        # An instalment paid before its period begins is worth what was paid for it.
        several = sum(not other.is_paid for other in self.periods) > 1
        if not several or day >= period.start:
            return
        if period.paid > period.total_due or period.paid == period.level + period.credited:
            period.instalment = period.paid - period.credited

    # -- keeping the plan right ------------------------------------------------------------------

    def settle(self) -> None:
        """Work out balances and dues of every period, in order."""
        before = None
        for period in self.periods:
            period.settle(before, self.rounding)
            before = period

    def refactor(self) -> None:
        """Work out every rate factor anew."""
        for period in self.periods:
            self._refactor_one(period)

    def _refactor_one(self, period: Period) -> None:
        for segment in period.segments:
            rate = self.rate_on(segment.start)
            known = (segment.start, segment.end, period.start, period.due, rate)
            if segment.factors_of == known:
                continue
            segment.factors_of = known
            period.touch()
            own = Stretch(segment.start, segment.end, period.start, period.due)
            whole = Stretch(segment.start, period.due, period.start, period.due)
            segment.factor = self.rule.factor(rate, own)
            segment.factor_to_due = self.rule.factor(rate, whole, by_true_length=True)

    def _cut(
        self, day: date, *, disbursed: int = 0, capitalised: int = 0, correction: int = 0
    ) -> Period | None:
        period = self.period_on(day)
        if period is None:
            return None
        is_maturity = period is self.periods[-1] and day == period.due
        segment = find_segment(period, day, is_maturity=is_maturity) or split_at(period, day)
        segment.disbursed += disbursed
        segment.capitalised += capitalised
        segment.correction += correction
        period.touch()
        return period

    def _reset_from(self, period: Period, day: date, *, is_new_money: bool) -> None:
        number = self.periods.index(period)
        if period.due == day and number + 1 < len(self.periods):
            number += 1
        related = self.periods[number:]
        for one in related:
            self._refactor_one(one)
        self.settle()
        is_direct = not is_new_money or self.is_copy or self.is_empty
        if is_direct:
            self.set_level(related)
        else:
            self._level_without_payments(related, day)
        self.settle()
        self.close_gap(related[0].due)
        if is_direct:
            smooth(self, related)

    def set_level(self, related: list[Period]) -> None:
        """Set the level instalment over the related periods, but for those paid beyond it."""
        before = self.periods.index(related[0]) - 1
        opening = self.periods[before].outstanding if before >= 0 else 0
        opening += sum(s.disbursed + s.capitalised for s in related[0].segments)
        level = level_instalment(opening, related, self.rounding)
        for period in related:
            if level >= period.paid:
                period.instalment = period.level = level

    def _level_without_payments(self, related: list[Period], day: date) -> None:
        # New money changes the instalments as if nothing had been paid: early payments keep
        # shortening the plan, they do not make the instalments smaller.
        bare = self.copied()
        bare.is_copy = True
        for period in bare.periods:
            period.paid_principal = period.paid_interest = period.deferred = 0
            period.moved = False
            period.touch()
            for segment in period.segments:
                segment.correction = 0
        bare.disburse(day, 0)
        for own, other in zip(self.periods, bare.periods, strict=True):
            if own.due >= related[0].due:
                own.instalment, own.level = other.instalment, other.level

    def close_gap(self, till: date) -> None:
        """Let the last unpaid instalment take what the others leave over or lack."""
        close_gap(self, till)

    # -- what would be on a day ------------------------------------------------------------------

    def copied(self) -> "Plan":
        """Return a plan that shares nothing with this one."""
        other = Plan.__new__(Plan)
        other.__dict__ = dict(self.__dict__)
        other.periods = [period.copied() for period in self.periods]
        other.rates = list(self.rates)
        return other

    def stop_interest_after(self, day: date) -> None:
        """Keep the periods, but charge interest up to the day alone."""
        for number, period in enumerate(self.periods):
            for segment in period.segments:
                if segment.start < day <= segment.end or (number == 0 and segment.start == day):
                    segment.end = min(segment.end, day)
        self.refactor()
        for period in self.periods:
            for segment in period.segments:
                if segment.end > day:
                    segment.factor = segment.factor_to_due = Decimal(0)
                    segment.factors_of = None
                    period.touch()
        self.settle()
