"""Adapter: mortgages by number of instalment (the suites of worked examples share this dialect)."""

from collections.abc import Sequence
from datetime import date
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Decimal,
)
from typing import Any

from scf.loans.daycount import DayCount
from scf.loans.level_plan import (
    Frequency,
    LevelRow,
    LevelTerms,
    Reset,
    Shape,
    level_instalment,
    level_plan,
    shown,
)
from tests.loans.cases.outcome import CheckResult, differs, held

Json = dict[str, Any]
MODES = {
    "up": ROUND_CEILING,
    "down": ROUND_FLOOR,
    "half_up": ROUND_HALF_UP,
    "half_down": ROUND_HALF_DOWN,
    "half_even": ROUND_HALF_EVEN,
    "none": None,
}
SERIAL = ("equal_principal", "serial")
#: No given instalment is followed for more than this many years.
LONGEST_YEARS = 50


def run(case: Json) -> list[CheckResult]:
    """Answer each check of a case."""
    contract = case["contract"]
    unit = Decimal(contract["rounding"]["unit"])
    terms = terms_of(contract, unit)
    rows = level_plan(terms)
    view = [
        shown(row, mode=MODES[contract["rounding"]["interest"]] or ROUND_HALF_UP) for row in rows
    ]
    allowed = Decimal(str(case["tolerance"]["abs"]))
    return [
        compared(found_for(check, terms, rows, view, unit), check, allowed)
        for check in case["checks"]
    ]


def terms_of(contract: Json, unit: Decimal) -> LevelTerms:
    """Read a contract."""
    every = frequency(contract["every"])
    rounding = contract["rounding"]
    by_days = contract["day_count"].startswith("actual")
    amortised = contract["amortisation_months"] or contract["term_months"] or LONGEST_YEARS * 12
    start = contract.get("start_date")
    given = contract["given_instalment"]
    return LevelTerms(
        principal_minor=minor(contract["principal"], unit),
        annual_rate=share(contract["annual_rate_pct"]),
        rows=rows_in(contract["term_months"] or amortised, every),
        amortised_over=rows_in(amortised, every),
        frequency=every,
        compounded_per_year=compounded(contract["compounding"], every),
        shape=Shape.PRINCIPAL if contract["amortisation"] in SERIAL else Shape.INSTALMENT,
        day_count=DayCount(contract["day_count"]) if by_days else None,
        starts_on=date.fromisoformat(start) if start else None,
        instalment_mode=MODES[rounding["instalment"]],
        interest_mode=MODES[rounding["interest"]],
        # Interest by actual days is carried exactly by the lenders whose examples these are.
        carries=rounding["balance"] == "carry_precision" or by_days,
        interest_only_rows=rows_in(contract["interest_only_months"], every),
        given_instalment_minor=None if given is None else minor(given, unit),
        fee_minor=minor(contract["fee_per_instalment"], unit),
        resets=tuple(reset_of(one) for one in contract["rate_changes"]),
    )


def reset_of(change: Json) -> Reset:
    """Read one change of the rate."""
    cap = change.get("instalment_cap_factor")
    return Reset(
        from_nr=change["from_instalment"],
        annual_rate=share(change["annual_rate_pct"]),
        is_recast=change.get("recast", True),
        cap_factor=None if cap is None else Decimal(cap),
    )


def compounded(name: str, every: Frequency) -> int:
    """Return how often a year the rate compounds; "payment" means with each instalment."""
    return every.per_year if name == "payment" else frequency(name).per_year


def frequency(name: str) -> Frequency:
    """Read how often something happens, in any of its spellings."""
    plain = name.lower().replace("-", "").replace("_", "")
    return next(one for one in Frequency if one.value.replace("_", "") == plain)


def rows_in(months: int, every: Frequency) -> int:
    """Return the instalments in so many months."""
    return months * every.per_year // 12


def minor(amount: str, unit: Decimal) -> int:
    """Return an amount in whole units of the currency's smallest coin."""
    return int(Decimal(amount) / unit)


def share(percent: str) -> Decimal:
    """Return per cent as a share of 1."""
    return Decimal(percent) / 100


def found_for(
    check: Json,
    terms: LevelTerms,
    rows: Sequence[LevelRow],
    view: Sequence[LevelRow],
    unit: Decimal,
) -> Json:
    """Return what the plan says to a check, in the check's own words."""
    match check["check"]:
        case "instalment_amount":
            # A loan that begins with interest alone quotes that as its instalment.
            is_level = terms.shape is Shape.INSTALMENT and not terms.interest_only_rows
            return {"amount": (level_instalment(terms) if is_level else view[0].due) * unit}
        case "balance_at_term":
            return {"amount": view[-1].balance * unit}
        case "count":
            return {"instalments": Decimal(len(rows))}
        case "total_interest":
            return {"amount": sum(row.interest for row in rows) * unit}
        case "total_payment":
            return {"amount": sum(row.due for row in rows) * unit}
        case "range":
            return in_range(rows, view, check, unit)
        case "schedule_rows":
            return {
                "rows": [
                    {n: at(view, row["nr"], n) * unit for n in AMOUNTS} for row in check["rows"]
                ]
            }
    raise ValueError(f"unknown check {check['check']}")


AMOUNTS = ("due", "principal", "interest", "fee", "balance")


def at(view: Sequence[LevelRow], nr: int, name: str) -> Decimal:
    """Return one amount of a row; row 0 is the moment of the pay-out."""
    if nr == 0:
        opening = view[0].balance + view[0].principal
        return opening if name == "balance" else Decimal(0)
    value: Decimal = getattr(view[nr - 1], name)
    return value


def in_range(
    rows: Sequence[LevelRow], view: Sequence[LevelRow], check: Json, unit: Decimal
) -> Json:
    """Return the sums from one payment to another and the balance after the last."""
    part = rows[check["start_payment"] - 1 : check["end_payment"]]
    return {
        "balance": view[check["end_payment"] - 1].balance * unit,
        "principal": sum(row.principal for row in part) * unit,
        "interest": sum(row.interest for row in part) * unit,
    }


def compared(found: Json, check: Json, allowed: Decimal) -> CheckResult:
    """Compare every number a check names."""
    if "rows" in found:
        pairs = zip(found["rows"], check["rows"], strict=True)
        results = [compared(one, two, allowed) for one, two in pairs]
        return next((one for one in results if not one.passed), held())
    for name, value in found.items():
        if name in check and abs(value - Decimal(str(check[name]))) > allowed:
            return differs(f"row {check.get('nr', '-')}: {name} {value}, not {check[name]}")
    return held()
