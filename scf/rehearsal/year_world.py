"""The year of the demo: sixty deals of the cast with the outcomes of its table, the same every
time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random

from scf.rehearsal.cast import ENTERPRISE, SUPPLIERS
from scf.rehearsal.scenario import WHAT_IS_OWED
from scf.rehearsal.small_world import golden_story
from scf.rehearsal.stories import GRADES, Plan, Story, line
from scf.trade.inputs import OrderLineIn

SEED = 20_260_305
BOUGHT = {
    "qingye": ("7042", "2426H"),
    "shuncheng": ("SG-5",),
    "tuobu": ("VA18",),
    "chenguang": ("VA28",),
    "baihe": ("K8003", "8008"),
    "huazi": ("SCR", "1502"),
}
SOLD = {"tongze": ("CACO3", "TIO2"), "weilan": ("TIO2",), "anzai": ("S2040",)}
INITIALS = {
    "qingye": "QY", "shuncheng": "SC", "tuobu": "TB", "chenguang": "CG", "baihe": "BH",
    "huazi": "HZ", "liheng": "LH", ENTERPRISE: "HY",
}  # fmt: skip
TENORS = (30, 45, 60, 60, 90)
LEAST_MINOR, MOST_MINOR = 180_000_00, 3_200_000_00
DAYS_OFF = frozenset({(1, 1), (5, 1), *((10, day) for day in range(1, 8))})
SPREAD = 250  # days over which settled deals were funded
LATE_DAYS = 34
ABOVE = Decimal("1.30")  # of a price that no market shows


def year_world(today: date) -> list[Story]:
    """Sixty deals as they stand on ``today``; golden deal 1 is one of them."""
    made = _Year(today, Random(SEED))  # noqa: S311 - a story wants the same dice every time
    kinds: list[tuple[int, Callable[[], Story]]] = [
        (27, made.settled),
        (5, made.settled_early),
        (3, made.settled_short),
        (2, made.settled_part_rejected),
        (1, made.settled_upstream),
        (8, made.running),
        (1, made.running_upstream),
        (4, made.in_review),
        (3, made.returned),
        (2, made.rejected),
        (1, made.withdrawn),
        (1, made.expired_unused),
        (1, made.overdue_long),
    ]
    return [golden_story(today), *(make() for count, make in kinds for _each in range(count))]


@dataclass
class _Year:
    today: date
    dice: Random
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(100, 1_000)))
    _buyers: Iterator[str] = field(default_factory=lambda: cycle(BOUGHT))
    _suppliers: Iterator[str] = field(default_factory=lambda: cycle(SUPPLIERS))

    def settled(self) -> Story:
        """Delivered and repaid on the due date."""
        plan = self._past()
        self._deliver_all(plan)
        return plan.repaid().story("settled")

    def settled_early(self) -> Story:
        """Repaid by the buyer's own hand before the due date."""
        plan = self._past()
        self._deliver_all(plan)
        return plan.happens(plan.tenor - 5, "repay", amount=WHAT_IS_OWED).story("settled_early")

    def settled_short(self) -> Story:
        """One line a few tonnes short, within the tolerance; its rest goes back at once."""
        plan = self._past()
        ordered = plan.lines[0].quantity
        short = (ordered * 2 / 1_000).quantize(Decimal("0.001"))
        plan.accepted(1, 8, accepted=ordered - short, short=short)
        self._deliver_all(plan, but=1)
        return plan.happens(12, "return_line", line="L1").repaid().story("settled_short")

    def settled_part_rejected(self) -> Story:
        """A quarter of the first line refused and given back."""
        plan = self._past()
        ordered = plan.lines[0].quantity
        refused = (ordered / 4).quantize(Decimal("0.001"))
        plan.accepted(1, 9, accepted=ordered - refused, rejected=refused)
        self._deliver_all(plan, but=1)
        return plan.happens(14, "return_line", line="L1").repaid().story("settled_part_rejected")

    def settled_upstream(self) -> Story:
        """The core enterprise bought from a supplier and has repaid."""
        plan = self._upstream(self._day_in_the_past(60), tenor=60)
        self._deliver_all(plan)
        return plan.repaid().story("settled")

    def running(self) -> Story:
        """Funded in the last weeks; the first line has come, others are awaited."""
        plan = self._plan(self._workday(self.today - timedelta(days=self.dice.randint(14, 28))), 60)
        return plan.funded().accepted(1, self.dice.randint(5, 11)).story("running")

    def running_upstream(self) -> Story:
        """A supplier tracks its money."""
        plan = self._upstream(self._workday(self.today - timedelta(days=20)), tenor=90)
        return plan.accepted(1, 9).story("running")

    def in_review(self) -> Story:
        """Submitted yesterday or the day before."""
        plan = self._plan(self.today + timedelta(days=2), 60)
        return plan.happens(-self.dice.choice((3, 4)), "submit").story("in_review")

    def returned(self) -> Story:
        """Sent back to the buyer for a paper."""
        plan = self._plan(self.today + timedelta(days=3), 45).happens(-6, "submit")
        note = "请补充与卖方的框架合同扫描件"
        plan.happens(-5, "send_back_to_buyer", code="contract_missing", note=note)
        return plan.story("sent_back")

    def rejected(self) -> Story:
        """The bank said no: the price lies well above the band."""
        plan = self._plan(self._day_in_the_past(40), 60).happens(-3, "submit")
        plan.lines = [
            replace(one, unit_price=(one.unit_price * ABOVE).quantize(Decimal("0.01")))
            for one in plan.lines
        ]
        note = "报价高于公开市场区间"
        return plan.happens(-2, "reject", code="price_above_band", note=note).story("rejected")

    def withdrawn(self) -> Story:
        """The buyer took it back before the bank decided."""
        plan = self._plan(self._day_in_the_past(40), 60).happens(-3, "submit")
        return plan.happens(-2, "withdraw_by_seller").story("withdrawn")

    def expired_unused(self) -> Story:
        """Approved, and nobody signed: the approval lapsed."""
        plan = self._plan(self._day_in_the_past(60), 60)
        plan.happens(-4, "submit").happens(-3, "recommend").happens(-2, "approve")
        return plan.story("expired_unused")

    def overdue_long(self) -> Story:
        """The cable maker paid 34 days late."""
        funded = self._workday(self.today - timedelta(days=150))
        plan = Plan("PO-LH-0088", "liheng", funded, 60, [line("2426H", "64.000", "9420.00")])
        plan.funded().accepted(1, 9)
        return plan.repaid(60 + LATE_DAYS).story("settled_34_days_late")

    def _past(self) -> Plan:
        tenor = self.dice.choice(TENORS)
        return self._plan(self._day_in_the_past(tenor), tenor).funded()

    def _plan(self, funded_on: date, tenor: int) -> Plan:
        buyer = next(self._buyers)
        number = f"PO-{INITIALS[buyer]}-{next(self._numbers):04d}"
        return Plan(number, buyer, funded_on, tenor, self._lines(BOUGHT[buyer]))

    def _upstream(self, funded_on: date, *, tenor: int) -> Plan:
        seller = next(self._suppliers)
        number = f"HY-CG-{next(self._numbers):04d}"
        lines = self._lines(SOLD[seller])
        return Plan(number, ENTERPRISE, funded_on, tenor, lines, seller=seller).funded()

    def _lines(self, grades: tuple[str, ...]) -> list[OrderLineIn]:
        """One to three truckloads and more, in fen between the smallest and largest order."""
        for _try in range(1_000):
            lines = [
                self._line(self.dice.choice(grades)) for _each in range(self.dice.randint(1, 3))
            ]
            total = sum(int(one.quantity * one.unit_price * 100) for one in lines)
            if LEAST_MINOR <= total <= MOST_MINOR:
                return lines
        raise AssertionError(f"no order of {grades} fits its bounds")

    def _line(self, grade: str) -> OrderLineIn:
        goods, trucks = GRADES[grade], self.dice.randint(1, 4)
        kilos = sum(self.dice.randrange(31_500, 33_001, 25) for _truck in range(trucks))
        price = Decimal(self.dice.randrange(goods.low * 100, goods.high * 100, 5)) / 100
        return line(grade, str(Decimal(kilos) / 1_000), str(price))

    def _deliver_all(self, plan: Plan, *, but: int = 0) -> None:
        for number in range(1, len(plan.lines) + 1):
            if number != but:
                plan.accepted(number, 6 + 3 * number)

    def _day_in_the_past(self, tenor: int) -> date:
        back = tenor + 8 + self.dice.randrange(SPREAD)
        return self._workday(self.today - timedelta(days=back))

    def _workday(self, day: date) -> date:
        """Nothing is funded on a day off: the last working day up to ``day``."""
        while day.weekday() >= 5 or (day.month, day.day) in DAYS_OFF:
            day -= timedelta(days=1)
        return day
