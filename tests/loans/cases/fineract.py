"""Adapter: whole scenarios of a loan's life (actions and assertions in turn)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from scf.loans.servicing import acts, arrears
from scf.loans.servicing.dates import Frequency, Unit
from scf.loans.servicing.entries import Basis, Charge, Kind, ReAge
from scf.loans.servicing.life import Loan
from tests.loans.cases.fineract_checks import look
from tests.loans.cases.fineract_contract import cents, terms_of
from tests.loans.cases.outcome import CheckResult, differs, in_words

Json = dict[str, Any]
NAMES: dict[str, str] = {
    "loan_nsf_fee": "NSF fee",
    "loan_snooze_fee": "Snooze fee",
    "loan_percentage_processing_fee": "% Processing fee",
}


def run(case: Json) -> list[CheckResult]:
    """Live the scenario and answer its checks; none after an action that cannot be done holds."""
    terms = terms_of(case["contract"])
    world: Json = {"made": [], "options": {}}
    loan = Loan(terms, terms.submitted_on)
    results: dict[int, CheckResult] = {}
    stopped = ""
    for done in range(len(case["actions"]) + 1):
        if done and not stopped:
            loan, stopped = act(loan, case["actions"][done - 1], world)
        for number, check in enumerate(case["checks"]):
            if check["after"] == done:
                results[number] = differs(stopped) if stopped else look(loan, check, world)
    never = differs("its moment never comes")
    return [results.get(number, never) for number in range(len(case["checks"]))]


def act(loan: Loan, action: Json, world: Json) -> tuple[Loan, str]:
    """Do one action; return the loan after it, and why it could not be done."""
    name = action.get("do")
    if name not in ACTIONS:
        return loan, f"unknown action {name}"
    try:
        return ACTIONS[name](loan, action, world), ""
    except Exception as problem:  # noqa: BLE001 - it is the difference of every check that follows
        return loan, f"{name}: {in_words(problem)}"


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


def set_date(loan: Loan, action: Json, _world: Json) -> Loan:
    """Move the business date."""
    return acts.move_to(loan, day(action["date"]))


def advance(loan: Loan, action: Json, _world: Json) -> Loan:
    """Move the business date by days."""
    return acts.move_to(loan, loan.today + timedelta(days=int(action["days"])))


def create(loan: Loan, action: Json, _world: Json) -> Loan:
    """Apply for the loan."""
    return loan


def approve(loan: Loan, action: Json, world: Json) -> Loan:
    """Approve an amount and the expected day of the pay-out."""
    world["approved"] = True
    expected = action.get("expected_disbursement")
    terms = replace(
        loan.terms,
        principal=cents(action["amount"]),
        expected_on=day(expected) if expected else loan.terms.expected_on,
    )
    return replace(loan, terms=terms)


def disburse(loan: Loan, action: Json, _world: Json) -> Loan:
    """Pay out."""
    return acts.disburse(loan, day=day(action["date"]), amount=cents(action["amount"]))


def repay(loan: Loan, action: Json, _world: Json) -> Loan:
    """Take money in, of one kind or another."""
    kind = Kind(action["type"])
    return acts.repay(loan, kind=kind, day=day(action["date"]), amount=cents(action["amount"]))


def refund_transfer(loan: Loan, action: Json, _world: Json) -> Loan:
    """Take in a refund from the merchant's bank: a payment like any other."""
    return repay(loan, action | {"type": "payout_refund"}, _world)


def add_charge(loan: Loan, action: Json, world: Json) -> Loan:
    """Charge a fee or a penalty."""
    flat = action["basis"] == "flat"
    charge = Charge(
        name=name_of(action["charge"]),
        due_on=day(action["due_date"]),
        is_penalty=bool(action["penalty"]),
        amount=cents(action["amount"]) if flat else 0,
        percent=Decimal(0) if flat else Decimal(str(action["amount"])),
        basis=Basis(action["basis"]),
    )
    return acts.charge(loan, charge)


def name_of(charge: str) -> str:
    """Return the name a charge is shown by."""
    return NAMES.get(charge) or charge.removeprefix("loan_").replace("_", " ").capitalize()


def waive_charge(loan: Loan, _action: Json, _world: Json) -> Loan:
    """Waive the charge added last."""
    return acts.waive_charge(loan, acts.charges(loan)[-1].number)


def charge_adjustment(loan: Loan, action: Json, _world: Json) -> Loan:
    """Adjust a charge in the borrower's favour."""
    name, due = name_of(action["charge"]), day(action["due_date"])
    found = [
        entry
        for entry in acts.charges(loan)
        if entry.charge and entry.charge.name == name and entry.charge.due_on == due
    ]
    return acts.adjust_charge(loan, found[-1].number, amount=cents(action["amount"]))


def undo(loan: Loan, action: Json, world: Json) -> Loan:
    """Undo a posting named by type, day and place.

    The place counts among those of the day; where the day has fewer, the scenario counts over the
    loan's whole life, and does so from there on.
    """
    which = action["which"]
    on, nth = day(which["date"]), which.get("nth", 1)
    if "type" not in which:
        return acts.undo(loan, acts.all_of_day(loan, on)[int(nth) - 1])
    kind = Kind(which["type"])
    found = [p for p in acts.undoable(loan) if p.day == on and p.kind is kind]
    if nth in {"last_made", "last"}:
        return acts.undo(loan, found[-1])
    if int(nth) > len(found) or world.get("counts_over_life"):
        world["counts_over_life"] = True
        found = acts.made(loan, kind)
    return acts.undo(loan, found[int(nth) - 1])


def chargeback(loan: Loan, action: Json, _world: Json) -> Loan:
    """Take a payment back."""
    payments = acts.payments(loan)
    number = action["payment_nr"]
    chosen = payments[-1] if number == "last" else payments[int(number) - 1]
    return acts.charge_back(loan, chosen, amount=cents(action["amount"]))


def pay_off(loan: Loan, action: Json, _world: Json) -> Loan:
    """Pay all that is owed on a day."""
    return acts.pay_off(loan, day=day(action["date"]))


def credit_refund(loan: Loan, action: Json, _world: Json) -> Loan:
    """Pay the credit balance out."""
    return acts.refund_credit(loan, day=day(action["date"]), amount=cents(action["amount"]))


def charge_off(loan: Loan, action: Json, _world: Json) -> Loan:
    """Charge the loan off."""
    return acts.charge_off(loan, day=day(action["date"]))


def write_off(loan: Loan, action: Json, _world: Json) -> Loan:
    """Write the loan off."""
    return acts.write_off(loan, day=day(action["date"]))


def reschedule(loan: Loan, action: Json, _world: Json) -> Loan:
    """Move due dates, add instalments, change the rate."""
    rate = action.get("new_rate_pct")
    moved = action.get("adjusted_due_date")
    return acts.reschedule(
        loan,
        from_=day(action["from"]),
        moved_to=day(moved) if moved else None,
        extra=int(action.get("extra_terms") or 0),
        grace=int(action.get("grace_principal") or 0),
        rate=Decimal(str(rate)) if rate is not None else None,
    )


def re_age(loan: Loan, action: Json, _world: Json) -> Loan:
    """Make new instalments for what is owed."""
    every = Frequency(int(action["every"]["n"]), Unit(action["every"]["unit"]))
    rule = ReAge(day(action["start_date"]), every, int(action["instalments"]))
    return acts.re_age(loan, rule)


def pause(loan: Loan, action: Json, _world: Json) -> Loan:
    """Let no interest run for some days."""
    return acts.pause_interest(loan, first=day(action["start"]), last=day(action["end"]))


def capitalise(loan: Loan, action: Json, _world: Json) -> Loan:
    """Add income to the principal."""
    return acts.capitalise(loan, day=day(action["date"]), amount=cents(action["amount"]))


def set_option(loan: Loan, action: Json, _world: Json) -> Loan:
    """Change a policy of the lender."""
    option, value = action["option"], action["value"]
    if option == "charge-accrual-date":
        early = value == "submitted-date"
        return replace(loan, terms=replace(loan.terms, charges_accrue_early=early))
    if option == "enable-immediate-charge-accrual-post-maturity":
        at_once = value == "enabled"
        return replace(loan, terms=replace(loan.terms, late_charges_accrue_at_once=at_once))
    return loan


def run_job(loan: Loan, action: Json, _world: Json) -> Loan:
    """Run one of the lender's jobs over the loan."""
    if action["job"] == "loan_delinquency_classification":
        return arrears.reclassify(loan)
    if action["job"] == "add_periodic_accrual_transactions":
        return acts.accrue_now(loan)
    return loan


def last_of(kind: Kind) -> Callable[[Loan, Json, Json], Loan]:
    """Undo the last entry of a kind."""
    return lambda loan, _action, _world: acts.undo_last(loan, kind)


ACTIONS: dict[str, Callable[[Loan, Json, Json], Loan]] = {
    "set_business_date": set_date,
    "advance_business_date": advance,
    "create": create,
    "approve": approve,
    "disburse": disburse,
    "repay": repay,
    "add_charge": add_charge,
    "waive_charge": waive_charge,
    "charge_adjustment": charge_adjustment,
    "undo_transaction": undo,
    "chargeback": chargeback,
    "pay_off": pay_off,
    "credit_balance_refund": credit_refund,
    "charge_off": charge_off,
    "write_off": write_off,
    "reschedule": reschedule,
    "re_age": re_age,
    "re_amortise": lambda loan, _action, _world: acts.re_amortise(loan),
    "interest_pause": pause,
    "capitalise_income": capitalise,
    "refund_by_transfer": refund_transfer,
    "undo_charge_off": last_of(Kind.CHARGE_OFF),
    "undo_re_age": last_of(Kind.RE_AGE),
    "undo_re_amortise": last_of(Kind.RE_AMORTISE),
    "undo_last_disbursement": lambda loan, _action, _world: acts.undo_last_pay_out(loan),
    "undo_disbursement": lambda loan, _action, _world: acts.undo_all(loan),
    "end_of_day": lambda loan, _action, _world: acts.close_day(loan),
    "set_global_option": set_option,
    "run_job": run_job,
    "delinquency_pause": lambda loan, action, _world: arrears.pause(
        loan, day(action["start"]), day(action["end"])
    ),
    "delinquency_resume": lambda loan, action, _world: arrears.resume(loan, day(action["start"])),
}
