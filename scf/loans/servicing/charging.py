"""Charges: fees and penalties laid on the instalment they fall due in, waived, and paid off.

A charge due after the last instalment gets a row of its own. Amounts in minor units.
"""

from datetime import date

from scf.loans.servicing.charges import component_of
from scf.loans.servicing.components import Component
from scf.loans.servicing.entries import Basis, Entry
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.paying import settle_credit
from scf.loans.servicing.state import ChargeState, Outcome, State


def add_charge(state: State, entry: Entry) -> None:
    """Lay a charge on its row; money overpaid before pays it at once (progressive schedules)."""
    if entry.charge is None:
        raise ValueError("a charge entry without a charge")
    charge = ChargeState(entry.number, entry.charge, reckon(state, entry), entry.booked_on)
    if entry.waived:
        charge.waived = charge.amount
    state.charges.append(charge)
    row = row_for(state, entry.charge.due_on)
    component = component_of(charge)
    row.due[component] += charge.amount
    row.waived[component] += charge.waived
    if charge.outstanding > 0:
        row.met_on = None
        if state.terms.is_progressive:
            settle_credit(state)


def reckon(state: State, entry: Entry) -> int:
    """Return a charge's amount, a percentage reckoned on the schedule as it stands."""
    charge = entry.charge
    if charge is None or charge.basis is Basis.FLAT:
        return charge.amount if charge else 0
    principal = sum(row.due[Component.PRINCIPAL] for row in state.rows)
    interest = sum(row.due[Component.INTEREST] for row in state.rows)
    on = {
        Basis.PRINCIPAL: principal,
        Basis.INTEREST: interest,
        Basis.PRINCIPAL_AND_INTEREST: principal + interest,
    }[charge.basis]
    return state.terms.rounding.percent(on, charge.percent)


def row_for(state: State, due: date) -> Instalment:
    """Return the row a charge belongs to, making or stretching the row after the last one."""
    last = state.rows[-1]
    if due > last.due_on:
        return _additional(state, last, due)
    regular = [row for row in state.rows if not row.is_down_payment]
    start = None
    for row in regular:
        begins = row.start if start is None else start
        if begins < due <= row.due_on or (row is regular[0] and due <= row.due_on):
            return row
        start = row.due_on
    return regular[-1]


def _additional(state: State, last: Instalment, due: date) -> Instalment:
    if last.is_additional:
        last.due_on = due
        return last
    row = Instalment(last.number + 1, last.due_on, due, is_additional=True)
    state.rows.append(row)
    return row


def waive_charge(state: State, entry: Entry) -> Outcome:
    """Record a waiver; the charge itself was laid on its row as waived."""
    charge = next((c for c in state.charges if c.number == entry.of), None)
    if charge is not None:
        row_for(state, charge.charge.due_on).check_met(entry.day)
    return Outcome(entry.amount)
