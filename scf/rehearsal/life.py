"""Living a scenario on a stack of its own, day by day."""

from collections.abc import Callable
from dataclasses import dataclass

from scf.financing.day_end import DAY, close_day, start_day
from scf.loans.machine import PAID
from scf.loans.models import Loan
from scf.rehearsal.cast import BANK, ENTERPRISE, GOLDEN_BUYER, SUPPLIER
from scf.rehearsal.deal import Deal
from scf.rehearsal.happening import Happening
from scf.rehearsal.opening import confirmed_order, open_balances, ready_programme
from scf.rehearsal.positions import Positions
from scf.rehearsal.scenario import Scenario
from scf.rehearsal.stack import OwnStack
from scf.rehearsal.world import build_world


@dataclass
class Life:
    """One scenario being lived."""

    scenario: Scenario
    stack: OwnStack
    deal: Deal
    happening: Happening
    positions: Positions

    @classmethod
    def begun(cls, scenario: Scenario, stack: OwnStack) -> "Life":
        """World, programme, opening balances and the confirmed order, on the morning of the first
        event.
        """
        start_day(scenario.begins_on, node=stack.node, quiet=stack.rest)
        buyer, seller = (
            (ENTERPRISE, SUPPLIER) if scenario.buyer_is_anchor else (GOLDEN_BUYER, ENTERPRISE)
        )
        build_world(stack, keys=(BANK, buyer, seller))
        programme_id = ready_programme(scenario, buyer, seller)
        open_balances(scenario, stack, buyer, seller)
        deal = Deal(stack, buyer, seller, confirmed_order(scenario, buyer, seller))
        happening = Happening.of(scenario, deal, programme_id)
        labels = {str(line.pk): name for name, line in happening.lines.items()}
        positions = Positions(deal, label=labels.__getitem__)
        stack.watchers.append(positions.look)
        return cls(scenario, stack, deal, happening, positions)

    def live(self, *, tell: Callable[[str], object] = str) -> None:
        """From the first event to the end: settled, or the later of last event and maturity."""
        events = list(self.scenario.events)
        day = self.scenario.begins_on
        while True:
            while events and events[0].on == day:
                event = events.pop(0)
                tell(f"{day} {event.do}")
                self.happening.happen(event)
                self._rest()
            close_day(day, quiet=self._rest)
            if self._is_settled() or day >= self.scenario.lasts_until:
                return
            day += DAY
            start_day(day, node=self.stack.node, quiet=self._rest)

    def _is_settled(self) -> bool:
        deal_id = self.deal.deal_id
        return (
            deal_id is not None and Loan.objects.filter(deal_id=deal_id, status__in=PAID).exists()
        )

    def _rest(self) -> None:
        self.stack.rest()
        if self.deal.application_id and self.positions.rows:
            self.positions.check_chain()
