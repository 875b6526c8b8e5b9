"""What a carrier writes down when it takes goods over: plate, weighbridge slip, weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

CITIES = "临云沅青绵"
CARRIER = "驭程物流"
DRIVERS = ("郝", "康", "戚", "尤", "柏", "鲁")
MOST_LOST = 21  # weighbridges differ by 0–2 ‰: one less, in ten thousandths
GRAIN = Decimal("0.001")


@dataclass(frozen=True)
class Load:
    """One delivery as its carrier confirms it; what is left empty is told by the serial."""

    vehicle: str = ""
    slip: str = ""
    carrier: str = CARRIER
    document_ids: Sequence[UUID] = ()

    def plate(self, serial: int) -> str:
        """The truck's plate; of trucks nobody named, no two alike within some days."""
        city = CITIES[serial % len(CITIES)]
        return self.vehicle or f"{city}{'ABC'[serial // 5 % 3]}{10_000 + serial * 7_919 % 90_000}"

    def slip_number(self, day: date, serial: int) -> str:
        """磅单 number: a weighbridge never gives one twice."""
        return self.slip or f"BD{day:%Y%m%d}{serial:05d}"


USUAL = Load()


def weighed(quantity: Decimal, serial: int) -> Decimal:
    """What the carrier's weighbridge says of a quantity: up to 2 ‰ less, in whole kilograms."""
    lost = quantity * (serial * 13 % MOST_LOST) / 10_000
    return (quantity - lost).quantize(GRAIN)


def driver(serial: int) -> str:
    """Who signs for the goods."""
    return DRIVERS[serial % len(DRIVERS)]
