"""Adapter: contracts in the terms of the ACTUS dictionary, checked event by event."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from scf.loans.calendars import EVERY_DAY, BusinessDayRule, MonthEndRule, WorkingDays
from scf.loans.daycount import DayCount
from scf.loans.events.cycles import Cycle, Recurrence
from scf.loans.events.run import events
from scf.loans.events.state import Event, EventType, Market, Observed
from scf.loans.events.terms import (
    BaseOfInterest,
    FeeBasis,
    Fees,
    InterestBase,
    Kind,
    Penalty,
    RateStep,
    Resets,
    Scaling,
    Step,
    Terms,
    Trade,
)
from tests.loans.cases.outcome import CheckResult, differs, held

Json = dict[str, Any]
DAY_COUNTS = {
    "AA": DayCount.ACTUAL_ACTUAL_ISDA,
    "A360": DayCount.ACTUAL_360,
    "A364": DayCount.ACTUAL_364,
    "A365": DayCount.ACTUAL_365,
    "30E360": DayCount.THIRTY_E_360,
    "30E360ISDA": DayCount.THIRTY_E_360_ISDA,
    "B252": DayCount.BUSINESS_252,
}
RULES = {"NOS": "NULL"}
OBLIGED = {"RPL", "ST", "PFL", "PF", "SEL"}
MONTHS = {"M": 1, "Q": 3, "H": 6, "Y": 12}
CHECKED = ("payoff", "balance", "rate", "accrued")


def run(case: Json) -> list[CheckResult]:
    """Run the contract once and compare its events with each check."""
    contract = case["contract"]
    until = day(contract["evaluate_to"]) if contract.get("evaluate_to") else None
    seen = [
        Observed(EventType(one["event"]), day(one["date"]), Decimal(str(one.get("value", 0))))
        for one in case["actions"]
    ]
    found = events(
        terms_of(contract["actus_terms"]),
        market=market_of(contract.get("observed_data") or {}),
        observed=seen,
        until=until,
    )
    return [compare(found, check["rows"], case["tolerance"]) for check in case["checks"]]


def compare(found: tuple[Event, ...], rows: list[Json], tolerance: Json) -> CheckResult:
    """Hold the events against the rows, in order."""
    for event, row in zip(found, rows, strict=False):
        where = f"{event.day} {event.type.value}"
        if event.type.value != row["event"] or event.day not in days_of(row["date"]):
            return differs(f"{where}, not {row['date']} {row['event']}")
        for name in (name for name in CHECKED if name in row):
            expected, value = Decimal(row[name]), getattr(event, name)
            allowed = max(
                Decimal(tolerance.get("abs", 0)), Decimal(tolerance.get("rel", 0)) * abs(expected)
            )
            if abs(value - expected) > allowed:
                return differs(f"{where}: {name} {value:.10f}, not {expected}")
    if len(found) != len(rows):
        return differs(f"{len(found)} events, not {len(rows)}")
    return held()


def is_close(text: str) -> bool:
    """Say whether a moment is the last minute of its day."""
    return text[11:13] in {"23", "24"}


def day(text: str) -> date:
    """Read a date; the last minute of a day is the beginning of the next."""
    return date.fromisoformat(text[:10]) + timedelta(days=int(is_close(text)))


def days_of(text: str) -> set[date]:
    """Return the days a moment may be said to fall on: the close of a day opens the next."""
    return {date.fromisoformat(text[:10]), day(text)}


def cycle_of(text: str) -> Cycle:
    """Read ``P1ML0``: length, unit, and the last stub (L0 long, L1 short)."""
    found = re.fullmatch(r"P(\d+)([DWMQHY])(?:L([01]))?", text)
    if found is None:
        raise ValueError(f"no cycle: {text}")
    count, unit, stub = int(found[1]), found[2], found[3] == "0"
    if unit in MONTHS:
        return Cycle(months=count * MONTHS[unit], has_long_stub=stub)
    return Cycle(days=count * (7 if unit == "W" else 1), has_long_stub=stub)


def market_of(data: Json) -> Market:
    """Read the observed values of indices."""
    return Market(
        {
            code: tuple(sorted((day(row["date"]), Decimal(row["value"])) for row in rows))
            for code, rows in data.items()
        }
    )


def number(given: Json, name: str) -> Decimal | None:
    """Read a number, None when it is not there."""
    return None if given.get(name) in {None, ""} else Decimal(str(given[name]))


def of(given: Json, name: str, default: str = "0") -> Decimal:
    """Read a number that has a default."""
    found = number(given, name)
    return Decimal(default) if found is None else found


def date_of(given: Json, name: str) -> date | None:
    """Read a date, None when it is not there."""
    return day(given[name]) if given.get(name) else None


def last_day(given: Json, name: str) -> date | None:
    """Read the day something lasts to, whether it ends as the day opens or as it closes."""
    return date.fromisoformat(given[name][:10]) if given.get(name) else None


def recurrence(given: Json, what: str) -> Recurrence:
    """Read an anchor and a cycle."""
    cycle = given.get(f"cycleOf{what}")
    anchor = date_of(given, f"cycleAnchorDateOf{what}")
    return Recurrence(anchor, cycle_of(cycle) if cycle else None)


def array(given: Json, name: str) -> list[str]:
    """Read a list, also where one value stands for a list of one."""
    found = given.get(name) or []
    return found if isinstance(found, list) else [found]


def repeated(found: list[str], count: int, default: str) -> list[str]:
    """Make one value, or none, stand for as many as there are stretches."""
    return found if len(found) == count else (found[:1] or [default]) * count


def recurrences(given: Json, what: str) -> list[Recurrence]:
    """Read a list of anchors, and of cycles or one cycle for all."""
    anchors = array(given, f"arrayCycleAnchorDateOf{what}")
    cycles = repeated(array(given, f"arrayCycleOf{what}"), len(anchors), "")
    return [
        Recurrence(day(anchor), cycle_of(cycle) if cycle else None)
        for anchor, cycle in zip(anchors, cycles, strict=True)
    ]


def steps_of(given: Json) -> tuple[Step, ...]:
    """Read the stretches of principal."""
    stretches = recurrences(given, "PrincipalRedemption")
    amounts = array(given, "arrayNextPrincipalRedemptionPayment")
    ways = repeated(array(given, "arrayIncreaseDecrease"), len(stretches), "DEC")
    return tuple(
        Step(recurrence=one, amount=Decimal(amount), is_increase=way == "INC")
        for one, amount, way in zip(stretches, amounts, ways, strict=True)
    )


def resets_of(given: Json) -> Resets | None:
    """Read when and how the rate is reset."""
    plain, stretches = recurrence(given, "RateReset"), recurrences(given, "RateReset")
    if plain == Recurrence() and not stretches:
        return None
    rates = repeated(array(given, "arrayRate"), len(stretches), "0")
    ways = repeated(array(given, "arrayFixedVariable"), len(stretches), "V")
    return Resets(
        recurrence=plain,
        steps=tuple(
            RateStep(recurrence=one, rate=Decimal(rate), is_fixed=way.startswith("F"))
            for one, rate, way in zip(stretches, rates, ways, strict=True)
        ),
        index=given.get("marketObjectCodeOfRateReset", ""),
        spread=of(given, "rateSpread"),
        multiplier=of(given, "rateMultiplier", "1"),
        next_rate=number(given, "nextResetRate"),
        cap=number(given, "lifeCap"),
        floor=number(given, "lifeFloor"),
        period_cap=number(given, "periodCap"),
        period_floor=number(given, "periodFloor"),
    )


def fees_of(given: Json) -> Fees | None:
    """Read the recurring fee."""
    rate = number(given, "feeRate")
    if not rate:
        return None
    basis = FeeBasis(given.get("feeBasis", "N"))
    accrued = number(given, "feeAccrued")
    return Fees(recurrence=recurrence(given, "Fee"), rate=rate, basis=basis, accrued=accrued)


def scaling_of(given: Json) -> Scaling | None:
    """Read how payments follow an index."""
    effect = given.get("scalingEffect", "")
    if not effect:
        return None
    return Scaling(
        recurrence=recurrence(given, "ScalingIndex"),
        index=given.get("marketObjectCodeOfScalingIndex", ""),
        index_at_deal=of(given, "scalingIndexAtContractDealDate", "1"),
        scales_interest="I" in effect,
        scales_notional="N" in effect,
        interest_multiplier=of(given, "interestScalingMultiplier", "1"),
        notional_multiplier=of(given, "notionalScalingMultiplier", "1"),
    )


def base_of(given: Json) -> InterestBase:
    """Read what interest is reckoned on."""
    what = recurrence(given, "InterestCalculationBase")
    return InterestBase(
        basis=BaseOfInterest(given.get("interestCalculationBase", "NT")),
        amount=number(given, "interestCalculationBaseAmount"),
        recurrence=what,
    )


def trade_of(given: Json, day_name: str, price_name: str) -> Trade | None:
    """Read a purchase or a termination."""
    when = date_of(given, day_name)
    return Trade(when, of(given, price_name)) if when else None


def terms_of(given: Json) -> Terms:
    """Translate the dictionary's names to the terms of the core."""
    notice = given.get("xDayNotice")
    rule = given.get("businessDayConvention") or "NOS"
    ends = [given[name] for name in ("maturityDate", "amortizationDate") if given.get(name)]
    works_weekends = not given.get("calendar", "NC").startswith("M")
    return Terms(
        kind=Kind(given["contractType"]),
        sign=-1 if given["contractRole"] in OBLIGED else 1,
        as_of=last_day(given, "statusDate"),
        starts=day(given["initialExchangeDate"]),
        notional=of(given, "notionalPrincipal"),
        day_count=DAY_COUNTS[given["dayCountConvention"]],
        rate=number(given, "nominalInterestRate"),
        matures=last_day(given, "maturityDate"),
        amortised_by=last_day(given, "amortizationDate"),
        ends_at_close=bool(ends) and all(is_close(end) for end in ends),
        premium=of(given, "premiumDiscountAtIED"),
        accrued=number(given, "accruedInterest"),
        interest=recurrence(given, "InterestPayment"),
        interest_steps=tuple(recurrences(given, "InterestPayment")),
        capitalised_until=date_of(given, "capitalizationEndDate"),
        principal=recurrence(given, "PrincipalRedemption"),
        instalment=number(given, "nextPrincipalRedemptionPayment"),
        steps=steps_of(given),
        resets=resets_of(given),
        fees=fees_of(given),
        scaling=scaling_of(given),
        base=base_of(given),
        bought=trade_of(given, "purchaseDate", "priceAtPurchaseDate"),
        ended=trade_of(given, "terminationDate", "priceAtTerminationDate"),
        penalty=Penalty(given.get("penaltyType", "O")),
        penalty_rate=of(given, "penaltyRate"),
        notice=cycle_of(notice) if notice else Cycle(),
        month_end=MonthEndRule(given.get("endOfMonthConvention", "SD")),
        business_days=BusinessDayRule(RULES.get(rule, rule)),
        calendar=EVERY_DAY if works_weekends else WorkingDays(),
    )
