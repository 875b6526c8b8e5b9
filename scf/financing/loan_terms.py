"""From an application's terms to the loan's: the product, its due dates, its name on papers."""

from datetime import date

from scf.credit.choices import DueEvery, Repayment
from scf.credit.terms import ProgrammeTerms
from scf.financing.fees import buyers_fees, claims_of, claims_shown
from scf.financing.models import Application
from scf.financing.pricing import pricing_of
from scf.loans.calendars import EVERY_DAY
from scf.loans.due_plan import DueDateRule, DuePlan, DueRule, plan_due_dates
from scf.loans.free_period import FreePeriod
from scf.loans.kept_calendar import working_day_table
from scf.loans.terms import (
    AfterEarly,
    Claim,
    EarlyInterest,
    InterestBasis,
    InterestFrom,
    PenaltyFrom,
    Product,
    Remainder,
    Residual,
    Terms,
    Waterfall,
)

MONTHS = {DueEvery.MONTH.value: 1, DueEvery.QUARTER.value: 3}
# An instalment comes no sooner after funding, and no sooner before maturity; interest days do.
SHORTEST_INSTALMENT_DAYS = 15
REPAYMENTS = {
    "bullet": "到期一次还本付息",
    "interest_only": "先息后本",
    "equal_instalments": "等额本息",
    "equal_principal": "等额本金",
    "equal_fee": "等本等息",
}
EVERY = {"month": "按月", "quarter": "按季"}


def given_terms(application: Application) -> ProgrammeTerms:
    """The programme's terms as the application keeps them; what it does not name is the default."""
    return ProgrammeTerms(**application.terms)


def loan_terms(application: Application, *, plan: DuePlan | None = None) -> Terms:
    """The loan's terms as the core reads them, for an escrow funded on the planned day.

    Due dates and fees are those the buyer was shown in its quote; ``plan`` is given while it is
    made.
    """
    given, product = given_terms(application), Repayment(application.terms["repayment"])
    fees = claims_of(buyers_fees(application, plan)) if plan else claims_shown(application.quote)
    plan = plan or _shown_plan(application)
    return Terms(
        frame_minor=application.loan_minor,
        rate_ppm=given.rate_ppm,
        penalty_rate_ppm=given.penalty_rate_ppm,
        opened_on=application.funding_planned_on,
        due_dates=plan.due,
        planned_dates=plan.planned if plan.is_moved else (),
        product=Product.BULLET if product == Repayment.INTEREST_ONLY else Product(product),
        interest_from=InterestFrom(given.interest_from),
        day_base=given.day_base,
        basis=InterestBasis(given.interest_basis),
        residual=Residual(given.accrual_residual),
        remainder=Remainder(given.principal_remainder),
        grace_days=given.grace_days,
        penalty_from=PenaltyFrom(given.penalty_from),
        compound_on_interest=given.compound_on_interest,
        waterfall=Waterfall(order=tuple(Claim(claim) for claim in given.waterfall)),
        early_interest=EarlyInterest(given.early_interest),
        after_early=AfterEarly(given.after_early),
        free_days=given.free_days,
        free_kind=FreePeriod(given.free_kind),
        pricing=pricing_of(given),
        expiry_on=application.expires_on,
        fees=fees,
    )


def due_plan(application: Application) -> DuePlan:
    """The due dates from planned funding to maturity, by the programme's rule for holidays (K14).

    A year the working-day table lacks closes on weekends alone: see ``years_without_table``.
    """
    given = given_terms(application)
    calendar = working_day_table().calendar if _moves(given) else EVERY_DAY
    return plan_due_dates(
        _rule(given),
        opened_on=application.funding_planned_on,
        matures_on=application.matures_on,
        calendar=calendar,
    )


def years_without_table(application: Application, plan: DuePlan) -> list[int]:
    """The years of due dates whose holidays the operator has not entered yet, rising."""
    if not _moves(given_terms(application)):
        return []
    table = working_day_table()
    return sorted({day.year for day in plan.planned if not table.covers(day)})


def repayment_words(application: Application) -> str:
    """The product as a paper names it: 先息后本，按季，每季末月 20 日. Papers are in Chinese."""
    given = given_terms(application)
    name = REPAYMENTS[given.repayment] + _remainder_words(given) + _free_words(given)
    if given.repayment == Repayment.BULLET:
        return name
    month = "每季末月" if given.due_every == DueEvery.QUARTER else "每月"
    day = f"{month} {given.due_day} 日" if given.due_day else "放款对应日"
    return f"{name}，{EVERY[given.due_every]}，{day}"


def _remainder_words(given: ProgrammeTerms) -> str:
    """Where the rest goes, said of products of equal principal that put it in the first row."""
    in_parts = given.repayment in (Repayment.EQUAL_PRINCIPAL, Repayment.EQUAL_FEE)
    is_first = given.principal_remainder == Remainder.FIRST
    return "（本金除不尽的余数计入首期）" if in_parts and is_first else ""


def _free_words(given: ProgrammeTerms) -> str:
    if not given.free_days:
        return ""
    is_always = given.free_kind == FreePeriod.ALWAYS
    words = "免息" if is_always else "内结清免息，否则自放款日计息"
    return f"（自放款日起 {given.free_days} 天{words}）"


def _shown_plan(application: Application) -> DuePlan:
    quote = application.quote
    due = tuple(date.fromisoformat(row["due_on"]) for row in quote["schedule"])
    planned = tuple(date.fromisoformat(day) for day in quote.get("planned_dates", ()))
    return DuePlan(planned or due, due)


def _moves(given: ProgrammeTerms) -> bool:
    return given.due_date_rule == DueDateRule.NEXT_WORKING_DAY


def _rule(given: ProgrammeTerms) -> DueRule | None:
    if given.repayment == Repayment.BULLET:
        return None
    is_interest_only = given.repayment == Repayment.INTEREST_ONLY
    return DueRule(
        every_months=MONTHS[given.due_every],
        on_day=given.due_day,
        shortest_days=1 if is_interest_only else SHORTEST_INSTALMENT_DAYS,
    )
