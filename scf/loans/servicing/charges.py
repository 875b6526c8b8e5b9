"""Which charges a payment settled, and which one taken back had settled. Minor units."""

from collections.abc import Iterable

from scf.loans.servicing.components import Component
from scf.loans.servicing.state import ChargeState


def component_of(charge: ChargeState) -> Component:
    """Return what a charge counts as."""
    return Component.PENALTY if charge.charge.is_penalty else Component.FEE


def pay_charges(charges: Iterable[ChargeState], component: Component, amount: int) -> None:
    """Note which charges a payment settled, the earliest due first."""
    owed = [c for c in charges if component_of(c) is component and c.outstanding > 0]
    for charge in sorted(owed, key=lambda c: (c.charge.due_on, c.number)):
        used = min(amount, charge.outstanding)
        charge.paid += used
        amount -= used


def unpay_charges(charges: Iterable[ChargeState], component: Component, amount: int) -> None:
    """Note which charges money taken back had settled, the latest due first."""
    settled = [c for c in charges if component_of(c) is component and c.paid > 0]
    for charge in sorted(settled, key=lambda c: (c.charge.due_on, c.number), reverse=True):
        used = min(amount, charge.paid)
        charge.paid -= used
        amount -= used
