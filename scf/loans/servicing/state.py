"""What a replay carries along: rows, plan, charges, credit balance, and what entries came to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from scf.loans.servicing.components import NOTHING, Amounts, Component
from scf.loans.servicing.entries import Charge, Entry
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.plan import Plan
from scf.loans.servicing.terms import Terms


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an entry came to: its amount, by component, and what went to the credit balance."""

    amount: int
    parts: Amounts = NOTHING
    overpaid: int = 0


@dataclass(slots=True)
class ChargeState:
    """A charge of the loan and how far it is settled. Minor units."""

    number: int
    charge: Charge
    amount: int
    made_on: date
    paid: int = 0
    waived: int = 0

    @property
    def outstanding(self) -> int:
        """What is still owed of it."""
        return self.amount - self.paid - self.waived

    def counts_from(self, *, on_submission: bool) -> date:
        """Return the day it becomes income: its due date, or the day it was made if earlier."""
        return min(self.made_on, self.charge.due_on) if on_submission else self.charge.due_on


@dataclass(slots=True)
class State:
    """The loan while it is replayed. ``overpaid`` is the credit balance."""

    terms: Terms
    rows: list[Instalment]
    plan: Plan | None
    charges: list[ChargeState] = field(default_factory=list)
    overpaid: int = 0
    payer: int = 0
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    done: list[Entry] = field(default_factory=list)
    history: list[Entry] = field(default_factory=list)
    overdue_since: date | None = None
    is_charged_off: bool = False
    left_plan: bool = False
    charged_off_interest: dict[int, int] = field(default_factory=dict)
    moves: tuple[tuple[date, date], ...] = ()
    again: Callable[[list[Entry]], "State"] | None = None

    @property
    def follows_plan(self) -> bool:
        """Say whether payments move the plan (interest is recalculated as money comes)."""
        recalculates = self.terms.is_progressive and self.terms.recalculates
        has_plan = self.plan is not None and not self.left_plan
        return has_plan and recalculates and not self.is_charged_off

    @property
    def outstanding(self) -> int:
        """All that is owed."""
        return sum(row.total_outstanding for row in self.rows)

    @property
    def first_regular(self) -> Instalment | None:
        """The first row that is no down payment."""
        return next((row for row in self.rows if not row.is_down_payment), None)

    def copied(self) -> "State":
        """Return a copy that shares nothing that changes."""
        return replace(
            self,
            rows=[row.copied() for row in self.rows],
            plan=self.plan.copied() if self.plan else None,
            charges=[replace(charge) for charge in self.charges],
            outcomes=dict(self.outcomes),
            done=list(self.done),
            history=list(self.history),
            charged_off_interest=dict(self.charged_off_interest),
        )

    def owed(self, component: Component) -> int:
        """All that is owed of one component."""
        return sum(row.outstanding(component) for row in self.rows)

    def take_from_plan(self, day: date) -> None:
        """Let the rows say what the plan says."""
        if self.plan is None:
            return
        for period in self.plan.periods:
            row = next(
                (r for r in self.rows if r.due_on == period.due and not r.is_down_payment), None
            )
            if row is not None:
                row.due[Component.PRINCIPAL] = period.due_principal
                row.due[Component.INTEREST] = period.due_interest
                row.credited[Component.PRINCIPAL] = period.credited_principal
                row.credited[Component.INTEREST] = period.credited_interest
                row.update_met(day)

    def charges_of(self, row: Instalment) -> list[ChargeState]:
        """Return the charges that fall due within a row."""
        is_first = row is self.first_regular
        return [c for c in self.charges if row.holds(c.charge.due_on, is_first=is_first)]
