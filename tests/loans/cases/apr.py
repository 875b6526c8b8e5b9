"""Adapter: annual rates of the laws of several countries from advances and payments."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scf.loans.rates import union_rate, unit_periods
from scf.loans.rates.roots import NoRate
from scf.loans.rates.unit_periods import Unit, UnitPeriod
from tests.loans.cases.outcome import CheckResult
from tests.loans.cases.pyxirr import compared

Json = dict[str, Any]
UNITS = {
    "day": Unit.DAY,
    "week": Unit.WEEK,
    "month": Unit.MONTH,
    "year": Unit.YEAR,
    "semimonth": Unit.HALF_MONTH,
    "half": Unit.HALF_MONTH,
}


def run(case: Json) -> list[CheckResult]:
    """Answer each check of a case."""
    allowed = Decimal(str(case["tolerance"]["abs"]))
    found = rate_of(case["contract"])
    return [compared(found, check["rate_pct"], allowed) for check in case["checks"]]


def rate_of(contract: Json) -> Decimal | None:
    """Return the rate in per cent, None when there is none."""
    try:
        if contract["method"] == "regz_actuarial":
            return by_unit_periods(contract) * 100
        return by_years(contract) * 100
    except NoRate:
        return None


def by_unit_periods(contract: Json) -> Decimal:
    """Return the rate of the actuarial method."""
    advances, payments = (dated(contract[name]) for name in ("advances", "payments"))
    given = contract.get("unit_periods_per_year")
    per_year = None if given is None else Fraction(str(given))
    unit = unit_of(contract.get("unit_period"))
    if unit is None:
        start, end = advances[0][0], payments[-1][0]
        unit, per_year = unit_periods.single_payment_unit(start, end)
    return unit_periods.annual_rate(advances, payments, unit=unit, per_year=per_year)


def unit_of(text: str | None) -> UnitPeriod | None:
    """Read "4 weeks", "half month", "3 months", "1 year"; None for none (the term is one)."""
    if not text:
        return None
    words = text.lower().replace("-", " ").split()
    count = int(words.pop(0)) if words[0].isdigit() else 1
    name = words[0].rstrip("s")
    if name == "quarter":
        return UnitPeriod(3 * count, Unit.MONTH)
    return UnitPeriod(count, UNITS[name]) if name in UNITS else None


def by_years(contract: Json) -> Decimal:
    """Return the rate of the directives, from dates or from times in years."""
    advances, payments = contract["advances"], contract["payments"]
    if all("-" not in str(one["date"]) for one in advances + payments):
        timed = [
            [(Fraction(str(one["date"])), Decimal(one["amount"])) for one in rows]
            for rows in (advances, payments)
        ]
        return union_rate.annual_rate(*timed)
    is_calendar = contract["method"] == "eu_calendar_days_365"
    count = union_rate.by_calendar_days if is_calendar else union_rate.by_standard_year
    start = min(on for on, _ in dated(advances))
    timed = [
        [(count(start, on), amount) for on, amount in dated(rows)] for rows in (advances, payments)
    ]
    return union_rate.annual_rate(*timed)


def dated(rows: list[Json]) -> list[tuple[date, Decimal]]:
    """Read dated sums."""
    return [(date.fromisoformat(row["date"]), Decimal(row["amount"])) for row in rows]
