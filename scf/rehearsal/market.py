"""Invented prices of the demo's goods: a walk a grade within its band, the same every time.

Prices move by at most 80 yuan a tonne from one day to the next. In May the EVA grades fall by 6 %
and climb back by the end of September: the shock that price-cut flows are shown with.
"""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from scf.rehearsal.stories import GRADES, Grade

BEGINS = date(2024, 1, 1)
LASTS = 366 * 12  # days
MOST_A_DAY = 80  # yuan a tonne
STEP = 5
SHOCKED = ("VA18", "VA28")
SHOCK_PPM = 60_000
SHOCK_MONTH, BACK_BY = 5, (10, 1)
PPM = 1_000_000


def price_on(grade: str, day: date) -> Decimal:
    """Yuan a tonne, tax included, of a grade on a day."""
    return Decimal(_walk(grade)[(day - BEGINS).days])


@cache
def _walk(key: str) -> list[int]:
    goods = GRADES[key]
    low, high = _room(key, goods)
    most = min(MOST_A_DAY // 2, (high - low) // 8) // STEP * STEP
    dice = Random(f"prices {key}")  # noqa: S311 - a story wants the same dice every time
    price = (low + high) // 2 // STEP * STEP
    found = []
    for number in range(LASTS):
        move = dice.randrange(-most, most + 1, STEP)
        price += move if low <= price + move <= high else -move
        found.append(price * _factor_ppm(key, BEGINS + timedelta(days=number)) // PPM)
    return found


def _room(key: str, goods: Grade) -> tuple[int, int]:
    # What falls by 6 % later must begin that far above the lower end of its band.
    low = goods.low * PPM // (PPM - SHOCK_PPM) if key in SHOCKED else goods.low
    return -(-low // STEP) * STEP, goods.high


def _factor_ppm(key: str, day: date) -> int:
    begins = date(day.year, SHOCK_MONTH, 1)
    ends, back = date(day.year, SHOCK_MONTH, 31), date(day.year, *BACK_BY)
    if key not in SHOCKED or not begins <= day < back:
        return PPM
    if day <= ends:
        return PPM - SHOCK_PPM * (day - begins).days // (ends - begins).days
    return PPM - SHOCK_PPM * (back - day).days // (back - ends).days
