"""Adapter: cases of the instalment calculator alone (explicit periods, money pushed by hand)."""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from scf.loans.servicing.dates import Frequency, Unit
from scf.loans.servicing.factors import DayBasis, FactorRule
from scf.loans.servicing.forecast import interest_till
from scf.loans.servicing.plan import Plan
from scf.loans.servicing.rounding import Rounding
from tests.loans.cases.outcome import CheckResult, differs, held

MODES = {"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP}
Json = dict[str, Any]


def run(case: Json) -> list[CheckResult]:
    """Push the actions through a plan and look at it after each."""
    plan = plan_of(case["contract"])
    checks = case["checks"]
    results: dict[int, CheckResult] = {}
    for done in range(len(case["actions"]) + 1):
        if done:
            act(plan, case["actions"][done - 1])
        for number, check in enumerate(checks):
            if check["after"] == done:
                results[number] = look(plan, check, case["tolerance"])
    return [results[number] for number in range(len(checks))]


def plan_of(contract: Json) -> Plan:
    """Build the empty plan of a contract."""
    rounding = Rounding(
        decimals=contract["rounding"]["decimals"],
        mode=MODES[contract["rounding"]["math_context_mode"]],
        digits=int(contract["rounding"]["rate_factor_digits"]),
    )
    count = contract["day_count"]
    basis = DayBasis(month=days(count["month"]), year=days(count["year"]))
    every = Frequency(contract["every"]["n"], Unit(contract["every"]["unit"]))
    periods = [(day(p["from"]), day(p["due_date"])) for p in contract["periods"]]
    rule = FactorRule(basis, every, periods[0][0], rounding)
    return Plan(periods, Decimal(contract["interest"]["rate_pct"]) / 100, rule)


def days(text: str) -> int | None:
    """Read a day-count number; actual is None."""
    return None if text == "actual" else int(text)


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


def cents(text: str) -> int:
    """Read an amount as minor units."""
    return int(Decimal(text) * 100)


def act(plan: Plan, action: Json) -> None:
    """Do one action to the plan."""
    on = day(action.get("date", "1970-01-01"))
    amount = cents(action.get("amount", "0"))
    match action["do"]:
        case "disburse":
            plan.disburse(on, amount)
        case "pay_principal" | "pay_interest" as payment:
            pay = plan.pay_principal if payment == "pay_principal" else plan.pay_interest
            pay(day(action["instalment_due"]), on, amount)
        case "chargeback_principal":
            plan.credit(on, amount, 0)
        case "chargeback_interest":
            plan.credit(on, 0, amount)
        case "balance_correction":
            plan.correct(on, amount)
        case "change_rate":
            plan.change_rate(day(action["from"]), Decimal(action["rate_pct"]) / 100)
        case "interest_pause":
            plan.pause(day(action["start"]), day(action["end"]))
        case other:
            raise ValueError(f"unknown action {other}")


def look(plan: Plan, check: Json, tolerance: Json) -> CheckResult:
    """Compare one check with the plan."""
    found = found_for(plan, check)
    for name, value in found.items():
        if name not in check:
            continue
        allowed = Decimal(str(tolerance.get(name, tolerance["abs"])))
        if isinstance(value, bool):
            if value != check[name]:
                return differs(f"after {check['after']}: {name} {value}")
        elif abs(value - Decimal(str(check[name]))) > allowed:
            where = f"{check.get('period')}.{check.get('interest_period')}"
            return differs(f"after {check['after']} {where}: {name} {value}, not {check[name]}")
    return held()


def found_for(plan: Plan, check: Json) -> dict[str, Decimal | bool]:
    """Read from the plan what a check asks for."""
    if check["check"] == "total_interest":
        return {"amount": Decimal(sum(p.due_interest for p in plan.periods)) / 100}
    if check["check"] == "interest_to_date":
        due, on = day(check["instalment_due"]), day(check["date"])
        now = interest_till(plan, due, on)
        before = interest_till(plan, due, on - timedelta(days=1))
        return {"cumulative": Decimal(now) / 100, "that_day": Decimal(now - before) / 100}
    period = plan.periods[check["period"] - 1]
    found: dict[str, Decimal | bool] = {
        "instalment": Decimal(period.instalment) / 100,
        "interest": Decimal(period.due_interest) / 100,
        "principal": Decimal(period.due_principal) / 100,
        "balance": Decimal(period.outstanding) / 100,
        "fully_paid": period.is_paid,
    }
    if "interest_period" in check:
        segment = period.segments[check["interest_period"] - 1]
        found["rate_factor"] = segment.factor
        found["interest_unrounded"] = segment.interest(period.due, plan.rounding)
    return found
