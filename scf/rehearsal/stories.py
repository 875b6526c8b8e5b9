"""Deals of the demo world as scenarios of the cast: who buys what from whom, and what happens
when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from scf.core.money import PPM, half_up, line_value
from scf.rehearsal.cast import ENTERPRISE
from scf.rehearsal.scenario import WHAT_IS_OWED, Event, Scenario
from scf.rehearsal.seasons import working_days_before
from scf.trade.inputs import OrderLineIn

VAT_PPM = 130_000
EXPIRES_AFTER = 60  # days, from the planned funding
SHARE_PPM = 200_000
TONNE = "TNE"
UNDERWAY = 2  # days a truck is on its way
PUT_BEFORE, OWN_FUNDS_BEFORE = 3, 1  # working days before the money goes out
Papers = Sequence[tuple[str, str]]  # name and text of each file
DOWNSTREAM = "恒砚经销商采购融资"
UPSTREAM = "恒砚供应商订单付款"


@dataclass(frozen=True)
class Grade:
    """Goods of the demo by their generic market code; the band is yuan a tonne, tax included,
    invented.
    """

    name: str
    sku: str
    low: int
    high: int
    pack: str = "25 kg/袋，1 t/托"


GRADES = {
    "T30S": Grade("PP 拉丝 T30S", "PP-T30S", 6_900, 7_800),
    "K8003": Grade("PP 共聚 K8003", "PP-K8003", 7_300, 8_300),
    "S2040": Grade("PP 纤维 S2040", "PP-S2040", 7_100, 8_000),
    "7042": Grade("LLDPE 膜料 7042", "L-7042", 7_200, 8_400),
    "5000S": Grade("HDPE 拉丝 5000S", "H-5000S", 7_400, 8_600),
    "8008": Grade("HDPE 注塑 8008", "H-8008", 7_400, 8_600),
    "2426H": Grade("LDPE 高压膜 2426H", "LD-2426H", 8_900, 10_600),
    "SG-5": Grade("PVC SG-5（电石法）", "PVC-SG5", 4_600, 5_400),
    "SG-3": Grade("PVC SG-3 电缆料", "PVC-SG3", 4_800, 5_700),
    "VA18": Grade("EVA 发泡 VA18", "EVA-VA18", 9_600, 11_200),
    "VA28": Grade("EVA 光伏 VA28", "EVA-VA28", 10_000, 11_800),
    "SCR": Grade("天然胶 SCR WF", "NR-SCR", 13_200, 15_800, "33.3 kg/块"),
    "1502": Grade("丁苯胶 SBR 1502", "SBR-1502", 11_300, 13_200, "35 kg/块"),
    "TIO2": Grade("钛白粉 R", "TIO2-R", 13_800, 16_000),
    "CACO3": Grade("碳酸钙 800目", "CACO3-800", 650, 950),
}


@dataclass(frozen=True)
class Story:
    """One deal of the demo. ``outcome`` says in a word how it ends or where it stands."""

    buyer: str
    seller: str
    scenario: Scenario
    outcome: str
    programme: str = DOWNSTREAM


@dataclass
class Plan:
    """Writing a story down: day 0 is the day of funding, other days count from it."""

    number: str
    buyer: str
    funded_on: date
    tenor: int
    lines: Sequence[OrderLineIn]
    seller: str = ENTERPRISE
    share_ppm: int = SHARE_PPM
    programme: str = ""
    events: list[Event] = field(default_factory=list)

    def happens(self, day: int, do: str, **given: Any) -> "Plan":
        """Add an event ``day`` days after funding (before it when negative)."""
        return self.on(self.funded_on + timedelta(days=day), do, **given)

    def on(self, day: date, do: str, **given: Any) -> "Plan":
        """Add an event on a day of its own."""
        self.events.append(Event(day, do, given))
        return self

    def submitted(self) -> "Plan":
        """The buyer applies, some working days before the planned funding."""
        return self.on(working_days_before(self.funded_on, PUT_BEFORE), "submit")

    def funded(self) -> "Plan":
        """Submitted, own funds paid the working day before, paid out on day 0."""
        own = working_days_before(self.funded_on, OWN_FUNDS_BEFORE)
        return self.submitted().on(own, "pay_own_funds").happens(0, "pay_out")

    def shipped(self, line: int, day: int, **load: Any) -> "Plan":
        """A line leaves the seller; ``load`` is what the carrier writes down, when it matters."""
        return self.happens(day, "ship", line=f"L{line}", **load)

    def taken_over(self, line: int, day: int, papers: Papers = (), /, **found: Decimal) -> "Plan":
        """The buyer takes over what is on its way of a line, whole unless ``found`` says
        otherwise; what nobody shipped before is shipped in the same minute.
        """
        quantities: Mapping[str, Decimal] = found or {"accepted": self.lines[line - 1].quantity}
        texts = {name: str(quantity) for name, quantity in quantities.items()}
        return self.happens(day, "accept", line=f"L{line}", papers=papers, **texts)

    def accepted(self, line: int, day: int, **found: Decimal) -> "Plan":
        """A line leaves two days before, arrives and is taken over."""
        return self.shipped(line, day - UNDERWAY).taken_over(line, day, (), **found)

    def invoiced(self, day: int) -> "Plan":
        """The seller bills all that was accepted and is not billed yet."""
        return self.happens(day, "invoice")

    def repaid(self, day: int | None = None) -> "Plan":
        """The customers' money comes in, on the due date when no day is given."""
        return self.happens(self.tenor if day is None else day, "receive", amount=WHAT_IS_OWED)

    def story(self, outcome: str) -> Story:
        """The finished story."""
        names = tuple(f"L{number}" for number in range(1, len(self.lines) + 1))
        is_upstream = self.buyer == ENTERPRISE
        terms = {
            "own_funds": self.own_funds_minor,
            "funded_on": self.funded_on.isoformat(),
            "maturity": (self.funded_on + timedelta(days=self.tenor)).isoformat(),
            "expiry": (self.funded_on + timedelta(days=EXPIRES_AFTER)).isoformat(),
            "anchor_side": "buyer" if is_upstream else "seller",
        }
        events = tuple(sorted(self.events, key=lambda event: event.on))
        lines = tuple(self.lines)
        scenario = Scenario(self.number, self.number, names, lines, terms, {}, events)
        programme = self.programme or (UPSTREAM if is_upstream else DOWNSTREAM)
        return Story(self.buyer, self.seller, scenario, outcome, programme)

    @property
    def own_funds_minor(self) -> int:
        """The buyer's share of the order, in fen."""
        total = sum(line_value(line.quantity, line.unit_price) for line in self.lines)
        return half_up(total * self.share_ppm, PPM)


def line(grade: str, tonnes: str, price: str) -> OrderLineIn:
    """A line of the demo's goods; price in yuan a tonne, tax included."""
    goods = GRADES[grade]
    return OrderLineIn(
        goods.name, TONNE, Decimal(tonnes), Decimal(price), VAT_PPM, goods.sku, goods.pack
    )
