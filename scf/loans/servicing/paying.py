"""Money from the borrower (or for them): allocated by the contract's order, the rest a credit.

Amounts in minor units.
"""

from datetime import date

from scf.loans.servicing import charges, forecast
from scf.loans.servicing.allocation import Picker, allocate, shares
from scf.loans.servicing.components import NOTHING, Amounts, Component, only, plus
from scf.loans.servicing.entries import Entry, Kind
from scf.loans.servicing.instalment_order import settle_in_turn
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.interest_refund import interest_saved
from scf.loans.servicing.state import Outcome, State
from scf.loans.servicing.terms import Bucket, Due, Future, PaymentOrder


def pay(state: State, entry: Entry) -> Outcome:
    """Allocate a payment; what no instalment owes becomes a credit balance."""
    return _pay(state, entry, entry.amount)


def refund_interest(state: State, entry: Entry) -> Outcome:
    """Give back the interest a refunded purchase cost, as a payment of its own."""
    return _pay(state, entry, interest_saved(state, entry))


def _pay(state: State, entry: Entry, amount: int) -> Outcome:
    state.payer = entry.number
    parts, left = settle(state, entry.kind, entry.day, amount)
    state.overpaid += left
    return Outcome(amount, parts, left)


def settle(state: State, kind: Kind, day: date, amount: int) -> tuple[Amounts, int]:
    """Settle the rows with an amount; return it by component, and what is left."""
    if state.terms.instalment_order is not None:
        return _settle_in_turn(state, day, amount)
    return settle_by(state, state.terms.order_for(kind), day, amount)


def settle_by(state: State, order: PaymentOrder, day: date, amount: int) -> tuple[Amounts, int]:
    """Settle the rows in an order of payment."""
    if amount <= 0:
        return NOTHING, amount
    payer = Payer(state, day)
    left = allocate(
        state.rows,
        day,
        amount,
        order,
        payer,
        is_vertical=state.terms.is_vertical,
        rounding=state.terms.rounding,
        last_may_be_met=payer.may_take_last if state.follows_plan else None,
    )
    return payer.parts, left


class Payer:
    """Pays single components, keeping plan and charges in step, and adds up what was paid."""

    def __init__(self, state: State, day: date) -> None:
        self.state = state
        self.day = day
        self.parts = NOTHING
        self.skipped: set[int] = set()

    def may_take_last(self, row: Instalment) -> bool:
        """Say whether early money may still go to a row that owes nothing at the moment."""
        return row.is_open or (row.total_due == 0 and id(row) not in self.skipped)

    def __call__(self, bucket: Bucket, row: Instalment, amount: int) -> int:
        """Pay one component of one row; return what was used."""
        due, component = bucket
        in_plan = self.state.follows_plan and not self._is_outside_plan(row)
        if self.state.follows_plan and not in_plan:
            self.skipped.add(id(row))
        day = self.day
        if in_plan and due is Due.IN_ADVANCE:
            day = self._effective(row)
            self._expect(bucket, row, day)
        used = row.pay(component, self.day, amount)
        self.parts = plus(self.parts, only(component, used))
        row.note_payer(self.state.payer, component, used)
        if component in {Component.FEE, Component.PENALTY}:
            charges.pay_charges(self.state.charges_of(row), component, used)
        elif in_plan:
            self._tell_plan(component, row, day, used)
        return used

    def _is_outside_plan(self, row: Instalment) -> bool:
        plan = self.state.plan
        return row.is_down_payment or plan is None or row.due_on > plan.maturity

    def _effective(self, row: Instalment) -> date:
        rules = self.state.terms.recalculation
        if rules and rules.early_to_period_end and row.start < self.day <= row.due_on:
            return row.due_on
        return self.day

    def _expect(self, bucket: Bucket, row: Instalment, day: date) -> None:
        # An early payment owes the interest to its own day only.
        if self.state.plan is None:
            return
        principal, interest = forecast.due_on(self.state.plan, row.due_on, day)
        if not principal and not interest:
            self.skipped.add(id(row))
        if bucket[1] is Component.INTEREST:
            row.due[Component.INTEREST] = interest
        elif bucket[1] is Component.PRINCIPAL:
            row.due[Component.PRINCIPAL] = principal

    def _tell_plan(self, component: Component, row: Instalment, day: date, used: int) -> None:
        if self.state.plan is None:
            return
        if component is Component.PRINCIPAL:
            self.state.plan.pay_principal(row.due_on, day, used)
        else:
            self.state.plan.pay_interest(row.due_on, day, used)
        self.state.take_from_plan(self.day)


def _settle_in_turn(state: State, day: date, amount: int) -> tuple[Amounts, int]:
    order = state.terms.instalment_order
    if order is None:
        raise ValueError("the contract has no order of payment")
    parts = NOTHING

    def pay_one(component: Component, row: Instalment, available: int) -> int:
        nonlocal parts
        used = row.pay(component, day, available)
        parts = plus(parts, only(component, used))
        if component in {Component.FEE, Component.PENALTY}:
            charges.pay_charges(state.charges, component, used)
        return used

    due = {
        component: sum(
            c.amount
            for c in state.charges
            if charges.component_of(c) is component and c.outstanding and c.charge.due_on <= day
        )
        for component in (Component.FEE, Component.PENALTY)
    }
    left = settle_in_turn(state.rows, day, amount, order, pay_one, due)
    return parts, left


def settle_credit(state: State) -> None:
    """Let money overpaid earlier pay what has become due since."""
    for entry in list(state.done):
        outcome = state.outcomes[entry.number]
        usable = min(state.overpaid, outcome.overpaid)
        if usable <= 0 or entry.kind in {Kind.CHARGEBACK, Kind.DISBURSEMENT, Kind.CREDIT_REFUND}:
            continue
        state.overpaid -= usable
        state.payer = entry.number
        parts, left = settle(state, entry.kind, entry.day, usable)
        state.overpaid += left
        overpaid = outcome.overpaid - usable + left
        state.outcomes[entry.number] = Outcome(outcome.amount, plus(outcome.parts, parts), overpaid)
        if overpaid:
            break


def use_credit(state: State, day: date, limit: int | None = None) -> int:
    """Let the credit balance pay what is owed, in the default order; return what it could use."""
    available = state.overpaid if limit is None else min(limit, state.overpaid)
    if available <= 0:
        return 0
    _, left = settle(state, Kind.REPAYMENT, day, available)
    state.overpaid -= available - left
    return available - left


def refund_payment(state: State, entry: Entry) -> Outcome:
    """Give money back to the borrower of a running loan: what was paid last is unpaid first."""
    parts = NOTHING
    left = entry.amount
    if state.terms.instalment_order is not None:
        for row in reversed(state.rows):
            for component in Component:
                used = row.unpay(component, entry.day, left)
                left -= used
                parts = plus(parts, only(component, used))
                charges.unpay_charges(state.charges, component, used)
        return Outcome(entry.amount, parts)
    return Outcome(entry.amount, _take_back(state, entry))


def _take_back(state: State, entry: Entry) -> Amounts:
    parts, left = NOTHING, entry.amount
    order = state.terms.order_for(entry.kind)
    picker = Picker(
        state.rows,
        entry.day,
        Future.LAST,
        lambda row: row.total_paid > 0,
        latest_past_due=True,
    )
    for due, component in reversed(order.order):
        while left > 0:
            rows = picker.pick(due)
            used = 0
            parted = shares(left, len(rows), state.terms.rounding) if rows else []
            for row, share in zip(rows, parted, strict=True):
                one = row.unpay(component, entry.day, share)
                parts = plus(parts, only(component, one))
                charges.unpay_charges(state.charges_of(row), component, one)
                used += one
            left -= used
            if not used:
                break
    return parts
