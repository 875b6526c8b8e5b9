"""Adapter: dated cash flows, their internal rate and their present value."""

from datetime import date
from decimal import Decimal
from typing import Any

from scf.loans.rates.roots import NoRate
from scf.loans.rates.worth import dated, net_present_value
from tests.loans.cases.outcome import CheckResult, differs, held

GUESS = Decimal("0.1")
Json = dict[str, Any]


def run(case: Json) -> list[CheckResult]:
    """Answer each check of a case."""
    contract = case["contract"]
    flows = [(date.fromisoformat(f["date"]), Decimal(f["amount"])) for f in contract["flows"]]
    allowed = Decimal(str(case["tolerance"]["abs"]))
    return [answer(flows, contract, check, allowed) for check in case["checks"]]


def answer(
    flows: list[tuple[date, Decimal]], contract: Json, check: Json, allowed: Decimal
) -> CheckResult:
    """Compare one rate or one present value."""
    if check["check"] == "xnpv":
        rate = Decimal(contract["rate"])
        found: Decimal | None = net_present_value(flows, rate=rate, days_in_year=year_of(contract))
        wanted = check["amount"]
    else:
        guess = Decimal(str(contract.get("guess") or GUESS))
        found = rate_of(flows, guess, year_of(contract))
        wanted = check["rate"]
    return compared(found, wanted, allowed)


def year_of(contract: Json) -> int:
    """Return the days of a year that the contract counts in."""
    return int(contract.get("day_count", "act/365").rsplit("/", 1)[1])


def rate_of(flows: list[tuple[date, Decimal]], guess: Decimal, year: int) -> Decimal | None:
    """Return the internal rate, None when there is none."""
    try:
        return dated(flows, days_in_year=year).rate(guess=guess)
    except NoRate:
        return None


def compared(found: Decimal | None, wanted: str | None, allowed: Decimal) -> CheckResult:
    """Say whether what was found is what was wanted; None stands for no number."""
    if found is None or wanted is None:
        return held() if found is None and wanted is None else differs(f"{found}, not {wanted}")
    if abs(found - Decimal(wanted)) <= allowed:
        return held()
    return differs(f"{found:.10f}, not {wanted}")
