"""Payment instalment by instalment, oldest first: an order for a due one, passes for an early one.

The passes of an early instalment first pay what is due of its charges, then the rest. Minor units.
"""

from collections.abc import Callable
from datetime import date

from scf.loans.servicing.components import Component
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.terms import InstalmentOrder, Reach

Pay = Callable[[Component, Instalment, int], int]


def settle_in_turn(
    rows: list[Instalment],
    day: date,
    amount: int,
    order: InstalmentOrder,
    pay: Pay,
    due_charges: dict[Component, int],
) -> int:
    """Settle the rows in turn; return what is left. ``due_charges``: unpaid and due, by kind."""
    for row in rows:
        if amount <= 0:
            break
        if not row.is_open:
            continue
        if day < row.due_on:
            amount = _early(row, amount, order, pay, dict(due_charges))
        else:
            for component in order.due:
                amount -= pay(component, row, amount)
    return amount


def _early(
    row: Instalment, amount: int, order: InstalmentOrder, pay: Pay, limits: dict[Component, int]
) -> int:
    for component, reach in order.early:
        limit = amount
        if reach is Reach.DUE_CHARGES:
            limit = min(amount, limits.get(component, 0))
        amount -= pay(component, row, limit)
    return amount
