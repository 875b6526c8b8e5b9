"""Living many stories side by side, day after day, up to today; then the clock is today's for
good.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from scf.chain.rest import move_time
from scf.core import clock
from scf.core.errors import DomainError
from scf.credit.models import Programme
from scf.financing.day_end import advance_days, start_day
from scf.financing.machine import S
from scf.rehearsal.cast import BANK
from scf.rehearsal.deal import Deal
from scf.rehearsal.happening import Happening
from scf.rehearsal.opening import confirmed_order
from scf.rehearsal.refusals import Stuck
from scf.rehearsal.scenario import Event
from scf.rehearsal.stack import OwnStack
from scf.rehearsal.stories import Story
from scf.rehearsal.world import (
    YUAN,
    build_programmes,
    build_world,
    issue,
    wallet,
)
from scf.wallets.models import Purpose
from scf.workflow import clocks

BANK_OPENS_WITH = 60_000_000 * YUAN
BEFORE_FIRST = timedelta(days=1)


@dataclass
class WorldLife:
    """The stories, and where each stands."""

    stack: OwnStack
    stories: Sequence[Story]
    tell: Callable[[str], object]
    _begun: dict[str, Happening] = field(default_factory=dict)

    def live(self, *, until: date) -> None:
        """From the day before the first event to the morning of ``until``."""
        events = self._timeline()
        start_day(events[0][0] - BEFORE_FIRST, node=self.stack.node, quiet=self.stack.rest)
        self.tell(
            "机构、人员、钱包、项目、额度 / organizations, people, wallets, programmes, limits"
        )
        build_world(self.stack)
        build_programmes()
        issue(wallet(BANK, Purpose.OWN), BANK_OPENS_WITH, key="opening:bank")
        self.stack.rest()
        for number, (day, story, event) in enumerate(events, start=1):
            if day > until:
                break
            self._advance(day)
            self._happen(story, event)
            self.tell(f"{number:4}/{len(events)}  {day}  {story.scenario.number}  {event.do}")
        self._advance(until)
        self.stack.read()
        move_time(self.stack.node, to=clock.now())

    def standings(self) -> list[str]:
        """A line a deal: order, buyer and the statuses of its machines."""
        return [
            f"{story.scenario.number:<14} {story.buyer:<10} {story.outcome:<20} "
            f"{standing_of(self._begun[story.scenario.number].deal)}"
            for story in self.stories
            if story.scenario.number in self._begun
        ]

    def _timeline(self) -> list[tuple[date, Story, Event]]:
        found = [
            (event.on, story, event) for story in self.stories for event in story.scenario.events
        ]
        return sorted(found, key=lambda each: each[0])

    def _advance(self, to: date) -> None:
        if clocks.business_date() < to:
            advance_days(to=to, node=self.stack.node, quiet=self.stack.rest, tell=str)

    def _happen(self, story: Story, event: Event) -> None:
        number = story.scenario.number
        try:
            happening = self._begun.get(number) or self._begin(story)
            self._fill_wallet(story, event, happening.deal)
            happening.happen(event)
            self.stack.rest()
        except DomainError as refusal:
            raise Stuck(
                f"{number} {event.do}：{refusal.text()}", f"{number} {event.do}: {refusal.code}"
            ) from refusal

    def _fill_wallet(self, story: Story, event: Event, deal: Deal) -> None:
        """Before the buyer pays out of its general wallet, it turns a deposit into coins."""
        number = story.scenario.number
        needed = {
            "pay_own_funds": lambda: (
                int(story.scenario.terms["own_funds"]) + deal.application.deposit_minor
            ),
            "repay": deal.owed_minor,
        }
        if event.do in needed:
            issue(wallet(story.buyer), needed[event.do](), key=f"{event.do}:{number}:{event.on}")
            self.stack.rest()

    def _begin(self, story: Story) -> Happening:
        programme = Programme.objects.get(name=story.programme)
        order = confirmed_order(story.scenario, story.buyer, story.seller)
        deal = Deal(self.stack, story.buyer, story.seller, order)
        self._begun[story.scenario.number] = Happening.of(story.scenario, deal, programme.pk)
        return self._begun[story.scenario.number]


def standing_of(deal: Deal) -> str:
    """The statuses of application, escrow and loan, as far as there are any."""
    if deal.application_id is None:
        return f"order {deal.order.status}"
    application = deal.application
    if application.status in (S.FUNDED, S.SIGNED, S.PAYING_OUT):
        return f"{application.status} / {deal.payment.status} / {deal.loan.status}"
    return str(application.status)
