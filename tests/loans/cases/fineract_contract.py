"""Reads a contract of the scenario dialect into the engine's terms."""

from datetime import date
from decimal import Decimal
from typing import Any

from scf.loans.servicing import terms as t
from scf.loans.servicing.components import Component
from scf.loans.servicing.dates import Frequency, Unit
from scf.loans.servicing.entries import Kind
from scf.loans.servicing.factors import DayBasis, LeapYear
from scf.loans.servicing.rounding import Rounding

Json = dict[str, Any]
PEN, FEE, INT, PRI = Component.PENALTY, Component.FEE, Component.INTEREST, Component.PRINCIPAL
ALL, CHARGES = t.Reach.ALL, t.Reach.DUE_CHARGES
COMPONENTS = {"penalty": PEN, "fee": FEE, "interest": INT, "principal": PRI}


def in_turn(*order: Component) -> t.InstalmentOrder:
    """One order, whether an instalment is due or not."""
    return t.InstalmentOrder(order, tuple((component, ALL) for component in order))


IN_TURN = {
    "penalties_fees_interest_principal_order": in_turn(PEN, FEE, INT, PRI),
    "interest_principal_penalties_fees_order": in_turn(INT, PRI, PEN, FEE),
    "principal_interest_penalties_fees_order": in_turn(PRI, INT, PEN, FEE),
    "due_penalty_fee_interest_principal_in_advance_principal_penalty_fee_interest": (
        t.InstalmentOrder(
            (PEN, FEE, INT, PRI),
            (
                *((PEN, CHARGES), (FEE, CHARGES), (PRI, ALL)),
                *((PEN, ALL), (FEE, ALL), (INT, ALL), (PRI, ALL)),
            ),
        )
    ),
    "due_penalty_interest_principal_fee_in_advance_penalty_interest_principal_fee": (
        t.InstalmentOrder(
            (PEN, INT, PRI, FEE),
            (
                *((PEN, CHARGES), (FEE, CHARGES)),
                *((PEN, ALL), (INT, ALL), (PRI, ALL), (FEE, ALL)),
            ),
        )
    ),
}


def cents(text: str | float | None) -> int:
    """Read an amount as minor units."""
    return int((Decimal(str(text or 0)) * 100).to_integral_value())


def terms_of(contract: Json) -> t.Terms:
    """Return the terms a contract states."""
    interest, grace = contract["interest"], contract.get("grace") or {}
    schedule = contract["schedule"]
    strategy = contract["allocation"]["strategy"]
    if strategy not in IN_TURN and not contract["allocation"].get("rules"):
        raise ValueError(f"unknown allocation strategy {strategy}")
    submitted = date.fromisoformat(contract["submitted_on"])
    return t.Terms(
        principal=cents(contract["principal"]),
        submitted_on=submitted,
        expected_on=date.fromisoformat(contract["start_date"]),
        count=int(contract["instalments"]),
        every=Frequency(int(contract["every"]["n"]), Unit(contract["every"]["unit"])),
        rate=Decimal(str(interest["rate_pct"])),
        rate_per=t.RatePer(interest["rate_per"]),
        method=t.Method(interest["method"]),
        basis=basis_of(contract),
        daily_interest=interest["calc_period"] == "daily",
        is_progressive=schedule["type"] == "progressive",
        is_vertical=schedule["processing"] == "vertical",
        rounding=Rounding(multiple=cents(contract["rounding"].get("instalment_multiple_of"))),
        orders=orders_of(contract["allocation"]),
        instalment_order=IN_TURN.get(strategy),
        credit_order=credit_order_of(contract["allocation"]),
        down_payment=down_payment_of(contract),
        recalculation=recalculation_of(contract),
        charge_off=t.ChargeOff((contract.get("charge_off_behaviour") or "regular").lower()),
        counts_from_submission=contract.get("repayment_start_date_type") == "2",
        fixed_length=schedule.get("fixed_length_days"),
        principal_grace=int(grace.get("principal_instalments") or 0),
        interest_grace=int(grace.get("interest_instalments") or 0),
        equal_principal=contract["amortisation"] == "equal_principal",
        delinquency_bounds=tuple(contract["delinquency"]["bucket_day_bounds"]),
        grace_on_arrears=int(contract["delinquency"]["grace_on_arrears_days"] or 0),
        refunds_interest=refunds_of(contract),
        posts_activity=posts_activity(contract["product"]),
    )


#: Products that post each instalment's income, though their names do not say so.
ACTIVITY = frozenset({"LP2_ADV_CUSTOM_PMT_ALLOC_PROGRESSIVE_LOAN_SCHEDULE_HORIZONTAL"})


def posts_activity(product: str) -> bool:
    """Say whether a product posts each instalment's income; the contract states it by its name."""
    return "ACCRUAL_ACTIVITY" in product or product in ACTIVITY


def refunds_of(contract: Json) -> frozenset[Kind]:
    """Return which refunds give interest back: those named, or both if only an order is given."""
    named = contract.get("supported_interest_refund_types")
    if named:
        return frozenset(Kind(name.lower()) for name in named)
    rules = contract["allocation"].get("rules") or ()
    if any(rule["transaction"] == "interest_refund" for rule in rules):
        return frozenset({Kind.MERCHANT_REFUND, Kind.PAYOUT_REFUND})
    return frozenset()


def basis_of(contract: Json) -> DayBasis:
    """Return the day count."""
    count = contract["day_count"]
    leap = LeapYear.EVERY_PERIOD
    if count.get("custom_strategy") == "FEB_29_PERIOD_ONLY":
        leap = LeapYear.PERIOD_WITH_FEB_29
    return DayBasis(
        month=None if count["month"] == "actual" else int(count["month"]),
        year=None if count["year"] == "actual" else int(count["year"]),
        leap=leap,
        disbursement_day_counts=bool(contract["interest"].get("recognised_on_disbursement_date")),
    )


def orders_of(allocation: Json) -> tuple[tuple[Kind | None, t.PaymentOrder], ...]:
    """Return the order of payment for every kind of payment the contract names."""
    found = []
    for rule in allocation.get("rules") or ():
        name = rule["transaction"]
        order = tuple(bucket(text) for text in rule["order"])
        kind = None if name == "default" else Kind(name)
        found.append((kind, t.PaymentOrder(order, t.Future(rule["future_instalment_rule"]))))
    return tuple(found)


def bucket(text: str) -> t.Bucket:
    """Read one line of an order of payment, such as past_due_penalty."""
    due, _, component = text.rpartition("_")
    return t.Due(due), COMPONENTS[component]


def credit_order_of(allocation: Json) -> tuple[Component, ...]:
    """Return the order a chargeback reopens what was paid in."""
    for rule in allocation.get("credit_rules") or ():
        if rule["transaction"] == "chargeback":
            return tuple(COMPONENTS[name] for name in rule["order"])
    return ()


def down_payment_of(contract: Json) -> t.DownPayment | None:
    """Return the down payment, if the contract has one."""
    given = contract.get("down_payment")
    if not given:
        return None
    return t.DownPayment(Decimal(str(given["percent"])), bool(given["auto_repay"]))


def recalculation_of(contract: Json) -> t.Recalculation | None:
    """Return how interest follows the money, if it does."""
    given = contract.get("recalculation")
    if not given:
        return None
    return t.Recalculation(
        rest=t.Rest(given["rest_frequency"]),
        early_to_period_end=given["pre_closure"] == "till_rest_frequency_date",
        on_past_due=not given.get("disallow_on_past_due"),
        after_early=t.AfterEarly(given["reschedule"]),
        compounds=given.get("compounding") in {"interest", "interest_and_fee"},
    )
