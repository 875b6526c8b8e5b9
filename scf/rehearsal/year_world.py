"""The year of the demo: sixty deals of the cast with the outcomes of its table, the same every
time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random

from scf.rehearsal import planted
from scf.rehearsal.baskets import Baskets
from scf.rehearsal.cast import ENTERPRISE
from scf.rehearsal.scenario import WHAT_IS_OWED
from scf.rehearsal.seasons import weight
from scf.rehearsal.small_world import golden_story
from scf.rehearsal.stories import UNDERWAY, Papers, Plan, Story, line
from scf.rehearsal.year_open import OpenDeals, planned

SEED = 20_260_305
BUYERS = ("qingye", "shuncheng", "tuobu", "chenguang", "baihe", "huazi")
SUPPLIERS = ("weilan", "anzai")
INITIALS = {
    "qingye": "QY", "shuncheng": "SC", "tuobu": "TB", "chenguang": "CG", "baihe": "BH",
    "huazi": "HZ",
}  # fmt: skip
TENORS = (30, 45, 60, 60, 90, 90)
RARE_TENOR = 120
YEAR = 357  # days back in which settled deals were funded
LEFT_OVER = 8  # days that lie between the repayment of a settled deal and today at least
LATE_DAYS = 34
PRICED_BEFORE = timedelta(days=5)
BEFORE_GOLDEN = timedelta(days=63)  # its limit is free again when golden deal 1 begins
TONNE_GRAIN = Decimal("0.025")


def year_world(today: date) -> list[Story]:
    """Sixty deals as they stand on ``today``; golden deal 1 is one of them."""
    dice = Random(SEED)  # noqa: S311 - a story wants the same dice every time
    baskets = Baskets(dice)
    still_open = OpenDeals(today, baskets)
    golden = golden_story(today)
    past = _Past(today, dice, baskets)
    return [
        golden,
        *past.settled(),
        past.transition_material(golden.scenario.begins_on),
        past.overdue_long(),
        *still_open.running(),
        *still_open.in_review(),
        *still_open.returned(),
        *still_open.ended_unfunded(),
    ]


def year_trades(today: date) -> list[Story]:
    """Orders of the year that nobody finances."""
    return OpenDeals(today, Baskets(Random(SEED))).trades()  # noqa: S311 - as above


@dataclass
class _Past:
    today: date
    dice: Random
    baskets: Baskets
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(100, 1_000)))
    _buyers: Iterator[str] = field(default_factory=lambda: cycle(BUYERS))

    def settled(self) -> list[Story]:
        """Thirty-seven that are repaid; the thirty-eighth stands beside golden deal 1."""
        kinds: list[tuple[int, Callable[[], Plan]]] = [
            (19, self._delivered),
            (1, self._delivered_over_months),
            (5, self._repaid_early),
            (3, self._short),
            (2, self._part_rejected),
            (1, self._upstream),
            (1, lambda: self._with_receipts("tuobu", planted.FIRST_RECEIPT)),
            (1, lambda: self._with_receipts("baihe", planted.SECOND_RECEIPT)),
            (1, lambda: self._with_receipts("qingye", planted.VOID_RECEIPT, planted.NEW_RECEIPT)),
            (1, self._handed_over_in_store),
            (1, self._taken_back),
            (1, self._corrected),
        ]
        return [make().story("settled") for count, make in kinds for _each in range(count)]

    def transition_material(self, before: date) -> Story:
        """过渡料 sold as T30S: its test report says so, and nobody looked."""
        day = self._workday("jinhe", before - BEFORE_GOLDEN, 25)
        plan = self._plan("jinhe", day, 45, number="PO-JH-0081", trucks=2)
        return self._deliver(plan, papers=(planted.TRANSITION,)).repaid().story("settled")

    def overdue_long(self) -> Story:
        """The cable maker paid 34 days late."""
        day = self._workday("liheng", self.today - timedelta(days=150), 25)
        lines = [line("2426H", "64.000", "9420.00")]
        plan = planned("PO-LH-0088", "liheng", day, 60, lines, seller=ENTERPRISE)
        return self._deliver(plan.funded()).repaid(60 + LATE_DAYS).story("settled_34_days_late")

    def _delivered(self) -> Plan:
        return self._deliver(self._past()).repaid()

    def _delivered_over_months(self) -> Plan:
        plan = self._past("chenguang", tenor=RARE_TENOR)
        plan.happens(-30, "review_kyb", note=planted.OLD_HEAD)
        return self._deliver(plan, papers=(planted.AT_THE_EDGE,)).repaid()

    def _repaid_early(self) -> Plan:
        plan = self._deliver(self._past())
        return plan.happens(plan.tenor - 5, "repay", amount=WHAT_IS_OWED)

    def _short(self) -> Plan:
        plan = self._past(count=1)
        ordered = plan.lines[0].quantity
        # One to two bags of each truck are missing: within the tolerance, so the rest goes back.
        short = max(TONNE_GRAIN, (ordered * 2 / 1_000) // TONNE_GRAIN * TONNE_GRAIN)
        plan.accepted(1, 8, accepted=ordered - short, short=short)
        self._deliver(plan, but=1)
        return plan.happens(12, "return_line", line="L1").repaid()

    def _part_rejected(self) -> Plan:
        plan = self._past()
        ordered = plan.lines[0].quantity
        refused = ordered // 4
        plan.accepted(1, 9, accepted=ordered - refused, rejected=refused)
        self._deliver(plan, but=1)
        return plan.happens(14, "return_line", line="L1").repaid()

    def _upstream(self) -> Plan:
        day = self._day_in_the_past(ENTERPRISE, 60)
        lines = self.baskets.lines("weilan", day - PRICED_BEFORE)
        number = f"HY-CG-{next(self._numbers):04d}"
        plan = planned(number, ENTERPRISE, day, 60, lines, seller="weilan").funded()
        return self._deliver(plan).repaid()

    def _with_receipts(self, buyer: str, *papers: tuple[str, str]) -> Plan:
        return self._deliver(self._past(buyer), papers=papers).repaid()

    def _handed_over_in_store(self) -> Plan:
        # Taken over in the minute it was sent, and rightly: the goods lay in the warehouse.
        plan = self._past("huazi")
        plan.taken_over(1, 8, (planted.IN_STORE,))
        return self._deliver(plan, but=1).repaid()

    def _taken_back(self) -> Plan:
        plan = self._past("shuncheng", count=1)
        self._deliver(plan, bills=False)
        return plan.invoiced(10).happens(15, "red_letter").repaid()

    def _corrected(self) -> Plan:
        plan = self._past("tuobu", count=1)
        self._deliver(plan, bills=False)
        return plan.invoiced(10).happens(10, "red_letter").invoiced(11).repaid()

    def _deliver(
        self, plan: Plan, *, but: int = 0, papers: Papers = (), bills: bool = True
    ) -> Plan:
        """Every line comes and is taken over, all of a single truck together; then the bill."""
        numbers = [number for number in range(1, len(plan.lines) + 1) if number != but]
        first_day = 9
        for place, number in enumerate(numbers):
            day = first_day + 2 * place
            plan.shipped(number, day - UNDERWAY)
            plan.taken_over(number, day, papers if place == 0 else ())
        return plan.invoiced(first_day + 2 * len(numbers) + 3) if bills else plan

    def _past(self, buyer: str = "", *, tenor: int = 0, count: int = 0) -> Plan:
        buyer = buyer or next(self._buyers)
        tenor = tenor or self.dice.choice(TENORS)
        return self._plan(buyer, self._day_in_the_past(buyer, tenor), tenor, count=count)

    def _plan(
        self, buyer: str, day: date, tenor: int, *,
        number: str = "", trucks: int = 0, count: int = 0,
    ) -> Plan:  # fmt: skip
        number = number or f"PO-{INITIALS[buyer]}-{next(self._numbers):04d}"
        lines = self.baskets.lines(buyer, day - PRICED_BEFORE, trucks=trucks, count=count)
        return planned(number, buyer, day, tenor, lines, seller=ENTERPRISE).funded()

    def _day_in_the_past(self, buyer: str, tenor: int) -> date:
        latest = self.today - timedelta(days=tenor + LEFT_OVER)
        return self._workday(buyer, latest, YEAR - tenor - LEFT_OVER)

    def _workday(self, buyer: str, latest: date, span: int) -> date:
        """A working day of the ``span`` days up to ``latest``, likelier in the buyer's season."""
        days = [latest - timedelta(days=back) for back in range(span)]
        return self.dice.choices(days, [weight(buyer, day) for day in days])[0]
