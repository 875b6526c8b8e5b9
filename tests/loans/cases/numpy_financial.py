"""Adapter: time-value functions by name, arguments in the order spreadsheets have them."""

from collections.abc import Callable
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from scf.loans.rates import time_value as tv
from scf.loans.rates.roots import NoRate
from tests.loans.cases.outcome import CheckResult, differs, held

Json = dict[str, Any]
NAMES = ("rate", "nper", "pmt", "pv", "fv", "per", "when", "guess", "start", "end")
#: The parameters of each function in order, those of numbers only.
ORDER = {
    "fv": ("rate", "nper", "pmt", "pv", "when"),
    "pv": ("rate", "nper", "pmt", "fv", "when"),
    "pmt": ("rate", "nper", "pv", "fv", "when"),
    "nper": ("rate", "pmt", "pv", "fv", "when"),
    "ipmt": ("rate", "per", "nper", "pv", "fv", "when"),
    "ppmt": ("rate", "per", "nper", "pv", "fv", "when"),
    "rate": ("nper", "pmt", "pv", "fv", "when", "guess"),
    "cumipmt": ("rate", "nper", "pv", "start", "end", "when"),
    "cumprinc": ("rate", "nper", "pv", "start", "end", "when"),
}
BEGINS = {"begin", "b", "start", "1"}


def run(case: Json) -> list[CheckResult]:
    """Answer each check of a case."""
    contract = case["contract"]
    tolerance = case["tolerance"]
    found = answer(contract["function"], contract["args"], contract.get("kwargs") or {})
    return [compared(found, check["value"], tolerance) for check in case["checks"]]


def answer(function: str, args: list[Any], kwargs: Json) -> Any:
    """Return the number asked for, a list of them for lists of arguments, None for no number."""
    if function in ("npv", "irr", "mirr"):
        return guarded(lambda: of_values(function, args, kwargs))
    return spread(function, dict(zip(ORDER[function], args, strict=False)) | kwargs)


def spread(function: str, given: Json) -> Any:
    """Answer once for each place of the deepest lists, shallower arguments going with each."""
    deepest = max(depth(value) for value in given.values())
    if not deepest:
        return guarded(lambda: of_numbers(function, given))
    lists = {name: value for name, value in given.items() if depth(value) == deepest}
    return [
        spread(
            function, given | {n: value[min(place, len(value) - 1)] for n, value in lists.items()}
        )
        for place in range(max(len(value) for value in lists.values()))
    ]


def depth(value: Any) -> int:
    """Return how deep lists are nested; 0 for a number."""
    return 1 + max(depth(one) for one in value) if isinstance(value, list) else 0


def guarded(call: Callable[[], Decimal]) -> Decimal | None:
    """Return the number, None where there is none."""
    try:
        return call()
    except (NoRate, ArithmeticError):
        return None


def of_values(function: str, args: list[Any], kwargs: Json) -> Decimal:
    """Answer a function of a series of values."""
    series = next(one for one in reversed(args) if isinstance(one, list))
    values = [number(one) for one in series]
    rates = [number(one) for one in args if not isinstance(one, list)]
    if function == "irr":
        return tv.internal_rate(values, guess=number(kwargs.get("guess", 0)))
    if function == "npv":
        return tv.net_present(rates[0], values)
    return tv.modified_internal_rate(values, *rates)


def of_numbers(function: str, given: Json) -> Decimal:
    """Answer a function of single numbers."""
    due = due_of(given.get("when", 0))
    n = {name: number(value) for name, value in given.items() if name in NAMES and name != "when"}
    future = n.get("fv", tv.ZERO)
    match function:
        case "fv":
            return tv.future_value(n["rate"], n["nper"], n["pmt"], n["pv"], due=due)
        case "pv":
            return tv.present_value(n["rate"], n["nper"], n["pmt"], future, due=due)
        case "pmt":
            return tv.payment(n["rate"], n["nper"], n["pv"], future, due=due)
        case "nper":
            return tv.periods_needed(n["rate"], n["pmt"], n["pv"], future, due=due)
        case "rate":
            guess = n.get("guess", tv.DEFAULT_GUESS)
            terms = (n["nper"], n["pmt"], n["pv"], future)
            return tv.rate_per_period(*terms, due=due, guess=guess)
        case "ipmt" | "ppmt":
            part = tv.interest_part if function == "ipmt" else tv.principal_part
            return part(n["rate"], n["per"], n["nper"], n["pv"], future, due=due)
        case "cumipmt" | "cumprinc":
            total = tv.cumulative_interest if function == "cumipmt" else tv.cumulative_principal
            span = (int(n["start"]), int(n["end"]))
            return total(n["rate"], n["nper"], n["pv"], span, due=due)
    raise ValueError(f"unknown function {function}")


def due_of(when: Any) -> int:
    """Return 1 for payments at the beginning of a period, 0 for its end."""
    return tv.BEGIN if str(when).lower() in BEGINS else tv.END


def number(value: Any) -> Decimal:
    """Read a number as it is written."""
    return Decimal(str(value))


def compared(found: Any, wanted: Any, tolerance: Json) -> CheckResult:
    """Compare numbers or lists of numbers; nothing and "not a number" are the same."""
    if isinstance(wanted, list) or isinstance(found, list):
        pairs = zip_longest(
            found if isinstance(found, list) else [found],
            wanted if isinstance(wanted, list) else [wanted],
        )
        results = [compared(one, two, tolerance) for one, two in pairs]
        return next((one for one in results if not one.passed), held())
    is_none = wanted is None or str(wanted).lower() == "nan"
    if found is None or is_none:
        return held() if found is None and is_none else differs(f"{found}, not {wanted}")
    target = number(wanted)
    if found == target:
        return held()
    allowed = number(tolerance["abs"]) + abs(target) * number(tolerance.get("rel", 0))
    return held() if abs(found - target) <= allowed else differs(f"{found}, not {wanted}")
