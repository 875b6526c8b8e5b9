"""Compares what a scenario asserts with what the engine says. Amounts in minor units inside."""

from collections import Counter
from datetime import date
from itertools import groupby
from typing import Any

from scf.loans.servicing import arrears, standing
from scf.loans.servicing.components import Component
from scf.loans.servicing.entries import Kind
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.life import Loan, Posting, shown
from scf.loans.servicing.state import State
from tests.loans.cases.fineract_contract import cents
from tests.loans.cases.outcome import CheckResult, differs, held, in_words

Json = dict[str, Any]
COLUMNS = (
    ("principal", Component.PRINCIPAL),
    ("interest", Component.INTEREST),
    ("fees", Component.FEE),
    ("penalties", Component.PENALTY),
)


def look(loan: Loan, check: Json, world: Json) -> CheckResult:
    """Answer one check."""
    if check.get("check") not in CHECKS:
        return differs(f"after {check['after']}: unknown check {check.get('check')}")
    try:
        words = CHECKS[check["check"]](loan, check, world)
    except Exception as problem:  # noqa: BLE001 - the check differs with its words
        words = in_words(problem)
    return differs(f"after {check['after']} {check['check']}: {words}") if words else held()


def instalment_row(row: Instalment, balance: int) -> Json:
    """One instalment as the scenarios show it."""
    return {
        "nr": row.number,
        "days": (row.due_on - row.start).days,
        "due_date": row.due_on.isoformat(),
        "paid_date": row.met_on.isoformat() if row.met_on else None,
        "balance": balance,
        **{name: row.due[component] for name, component in COLUMNS},
        "due": row.total_due,
        "paid": row.total_paid,
        "in_advance": row.in_advance,
        "late": row.late,
        "waived": sum(row.waived),
        "outstanding": row.total_outstanding,
    }


def schedule_rows(loan: Loan, state: State) -> list[Json]:
    """The whole schedule, pay-outs among the instalments, with the running balance."""
    waiting = standing.pay_outs(loan)
    rows: list[Json] = []
    balance = 0
    for row in state.rows:
        while waiting and waiting[0][0] <= row.due_on and not _is_later(loan, waiting[0][0], row):
            day, amount = waiting.pop(0)
            balance += amount
            rows.append({"kind": "disbursement", "date": day.isoformat(), "balance": amount})
        balance += row.credited[Component.PRINCIPAL] - row.due[Component.PRINCIPAL]
        rows.append({"kind": "instalment"} | instalment_row(row, balance))
    for day, amount in waiting:
        rows.append({"kind": "disbursement", "date": day.isoformat(), "balance": amount})
    return rows


def _is_later(loan: Loan, day: date, row: Instalment) -> bool:
    # A progressive schedule shows what is paid out on a due date after the instalment.
    return (
        loan.terms.is_progressive
        and day == row.due_on
        and not row.is_down_payment
        and row.start != day
    )


def in_day_order(rows: list[Json]) -> list[Json]:
    """Pay-outs that stand together may stand in any order: put them in that of their days."""
    found: list[Json] = []
    for kind, group in groupby(rows, key=lambda row: row["kind"]):
        together = list(group)
        found += sorted(together, key=lambda r: r["date"]) if kind == "disbursement" else together
    return found


def check_schedule(loan: Loan, check: Json, _world: Json) -> str:
    """Every row, every column asserted."""
    found = in_day_order(schedule_rows(loan, standing.current(loan)))
    if len(found) != len(check["rows"]):
        return f"{len(found)} rows, not {len(check['rows'])}"
    for ours, theirs in zip(found, in_day_order(check["rows"]), strict=True):
        words = _row_differs(ours, theirs)
        if words:
            return words
    return ""


def _row_differs(ours: Json, theirs: Json) -> str:
    if ours["kind"] != theirs["kind"]:
        return f"a {ours['kind']}, not a {theirs['kind']}"
    where = theirs.get("nr") or theirs["date"]
    for name, value in theirs.items():
        if name in {"kind", "nr"} or name not in ours:
            continue
        exact = name in {"days", "due_date", "date", "paid_date"}
        wanted = value if exact else cents(value)
        if ours[name] != wanted:
            return f"row {where} {name} {ours[name]}, not {wanted}"
    if theirs["kind"] == "instalment" and "paid_date" not in theirs and ours["paid_date"]:
        return f"row {where} paid on {ours['paid_date']}, not open"
    return ""


def check_totals(loan: Loan, check: Json, _world: Json) -> str:
    """The foot of the schedule."""
    rows = [instalment_row(row, 0) for row in standing.current(loan).rows]
    for name, value in check.items():
        if name in {"after", "check"}:
            continue
        total = sum(row[name] for row in rows)
        if total != cents(value):
            return f"{name} {total}, not {cents(value)}"
    return ""


def posting_row(posting: Posting) -> Json:
    """One posting as the scenarios show it."""
    return {
        "date": posting.day.isoformat(),
        "type": posting.kind.value,
        "amount": posting.amount,
        **{name: posting.parts[component] for name, component in COLUMNS},
        "balance": posting.balance,
        "overpayment": posting.overpaid,
        "reverted": posting.is_undone,
        "replayed": posting.is_replayed,
    }


def check_transactions(loan: Loan, check: Json, _world: Json) -> str:
    """All postings. Those of one day may stand in any order, as in the original assertion."""
    names = list(check["rows"][0]) if check["rows"] else []
    ours = Counter(tuple(posting_row(posting)[name] for name in names) for posting in shown(loan))
    theirs = Counter(
        tuple(_as_ours(name, row.get(name)) for name in names) for row in check["rows"]
    )
    extra, missing = list((ours - theirs).elements()), list((theirs - ours).elements())
    if not extra and not missing:
        return ""
    return f"ours {sorted(map(str, extra))[:2]} theirs {sorted(map(str, missing))[:2]}"


def _as_ours(name: str, value: Any) -> object:
    if name in {"date", "type", "reverted", "replayed"}:
        return value
    return cents(value)


def check_outstanding(loan: Loan, check: Json, _world: Json) -> str:
    """What is owed in all."""
    found = standing.current(loan).outstanding
    return "" if found == cents(check["amount"]) else f"{found}, not {cents(check['amount'])}"


def check_overpaid(loan: Loan, check: Json, _world: Json) -> str:
    """The credit balance."""
    found = standing.current(loan).overpaid
    return "" if found == cents(check["amount"]) else f"{found}, not {cents(check['amount'])}"


def check_overdue(loan: Loan, check: Json, _world: Json) -> str:
    """What is past due."""
    state = standing.current(loan)
    found = sum(row.total_outstanding for row in state.rows if row.due_on < loan.today)
    return "" if found == cents(check["amount"]) else f"{found}, not {cents(check['amount'])}"


STATUS = {"closed (obligations met)": "closed_obligations_met"}


def check_status(loan: Loan, check: Json, world: Json) -> str:
    """The loan's status."""
    found = standing.status(loan, is_approved=bool(world.get("approved")))
    wanted = STATUS.get(check["status"], check["status"])
    return "" if found == wanted else f"{found}, not {wanted}"


def check_charges(loan: Loan, check: Json, world: Json) -> str:
    """The loan's charges."""
    found = []
    for charge in standing.current(loan).charges:
        found.append(
            (
                charge.charge.name,
                charge.charge.is_penalty,
                charge.charge.due_on.isoformat(),
                charge.amount,
                charge.paid,
                charge.waived,
                charge.outstanding,
            )
        )
    for row in check["rows"]:
        wanted = (
            row["name"],
            row["penalty"],
            row["due_date"],
            *(cents(row[name]) for name in ("due", "paid", "waived", "outstanding")),
        )
        if wanted not in found:
            return f"{wanted} not among {found}"
        found.remove(wanted)
    return "" if check["partial"] or not found else f"{found} too much"


def check_charged_off(loan: Loan, check: Json, _world: Json) -> str:
    """When the loan was charged off."""
    live = loan.live(Kind.CHARGE_OFF)
    found = live[-1].day.isoformat() if live else None
    return "" if found == check["date"] else f"{found}, not {check['date']}"


def check_maturity(loan: Loan, check: Json, _world: Json) -> str:
    """When the loan really ended."""
    found = standing.actual_maturity(loan)
    found_text = found.isoformat() if found else None
    return "" if found_text == check["date"] else f"{found_text}, not {check['date']}"


def check_all_met(loan: Loan, _check: Json, _world: Json) -> str:
    """Nothing is owed."""
    found = standing.current(loan).outstanding
    return "" if found == 0 else f"{found} owed"


def range_name(bucket: int | None) -> str:
    """A bucket's name in this dialect."""
    return "no_delinquency" if bucket is None else f"range_{bucket}"


def check_range(loan: Loan, check: Json, _world: Json) -> str:
    """The loan's bucket, and since when it is delinquent."""
    since = arrears.assess(loan, standing.current(loan)).since
    found = range_name(loan.bucket), since.isoformat() if since else None
    wanted = check["range"], check["since"]
    return "" if found == wanted else f"{found}, not {wanted}"


def check_delinquency(loan: Loan, check: Json, world: Json) -> str:
    """The loan's bucket with amount and days."""
    known = arrears.assess(loan, standing.current(loan))
    found = known.amount, known.days_delinquent, known.days_past_due
    wanted = cents(check["amount"]), check["delinquent_days"], check["past_due_days"]
    return check_range(loan, check, world) or ("" if found == wanted else f"{found}, not {wanted}")


def check_instalments(loan: Loan, check: Json, _world: Json) -> str:
    """How much lies in each bucket."""
    amounts = arrears.amounts_by_bucket(loan, standing.current(loan))
    found = sorted((range_name(bucket), amount) for bucket, amount in amounts)
    wanted = sorted((row["range"], cents(row["amount"])) for row in check["rows"])
    return "" if found == wanted else f"{found}, not {wanted}"


CHECKS = {
    "delinquency_range": check_range,
    "delinquency_loan": check_delinquency,
    "delinquency_instalments": check_instalments,
    "schedule": check_schedule,
    "schedule_totals": check_totals,
    "transactions": check_transactions,
    "outstanding": check_outstanding,
    "overpaid": check_overpaid,
    "overdue": check_overdue,
    "status": check_status,
    "charges": check_charges,
    "charged_off_on": check_charged_off,
    "actual_maturity": check_maturity,
    "all_obligations_met": check_all_met,
}
