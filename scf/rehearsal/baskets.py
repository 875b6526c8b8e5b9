"""What a buyer of the demo orders: one to four trucks in one to five lines, at the day's prices."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from scf.rehearsal.market import price_on
from scf.rehearsal.stories import GRADES, line
from scf.trade.inputs import OrderLineIn

GOODS = {
    "jinhe": ("T30S",),
    "qingye": ("7042", "2426H"),
    "shuncheng": ("SG-5",),
    "tuobu": ("VA18",),
    "chenguang": ("VA28",),
    "baihe": ("K8003", "8008", "5000S"),
    "liheng": ("2426H",),
    "huazi": ("SCR", "1502"),
    "tongze": ("TIO2", "CACO3"),
    "weilan": ("TIO2", "SG-3"),
    "anzai": ("S2040",),
}
TRUCKS = (1, 1, 1, 2, 2, 2, 2, 3, 4)
LINES = (1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5)
LEAST_MINOR, MOST_MINOR = 180_000_00, 3_200_000_00
LIGHTEST, HEAVIEST, BAG = 31_500, 33_000, 25  # kilograms: a truck's load, and a bag
PALLET = 1_000
EXTRA = (0, 0, 10, 20, 30)  # yuan a tonne that further lines of a grade cost for their packing


@dataclass
class Baskets:
    """Orders out of one pair of dice."""

    dice: Random

    def lines(
        self, partner: str, day: date, *, trucks: int = 0, count: int = 0
    ) -> list[OrderLineIn]:
        """Lines for a buyer (or of a supplier) at the prices of a day; the sum lies within the
        smallest and the largest order of the demo.
        """
        for _try in range(1_000):
            found = self._try(
                partner, day, trucks or self.dice.choice(TRUCKS), count or self.dice.choice(LINES)
            )
            total = sum(one.quantity * one.unit_price for one in found) * 100
            if LEAST_MINOR <= total <= MOST_MINOR:
                return found
        raise AssertionError(f"no order of {partner} fits its bounds")

    def _try(self, partner: str, day: date, trucks: int, count: int) -> list[OrderLineIn]:
        kilos = sum(self.dice.randrange(LIGHTEST, HEAVIEST + 1, BAG) for _truck in range(trucks))
        whole = kilos // PALLET
        cuts = sorted(self.dice.sample(range(4, whole - 3), count - 1))
        tonnes = [end - start for start, end in zip([0, *cuts], [*cuts, whole], strict=True)]
        weights = [PALLET * each for each in tonnes]
        weights[-1] += kilos % PALLET
        return [self._line(partner, day, each, place) for place, each in enumerate(weights)]

    def _line(self, partner: str, day: date, kilos: int, place: int) -> OrderLineIn:
        grades = GOODS[partner]
        grade = grades[place % len(grades)]
        price = min(price_on(grade, day) + EXTRA[place], Decimal(GRADES[grade].high))
        return line(grade, str(Decimal(kilos) / 1_000), f"{price:.2f}")
