"""The repayment plan of a loan as its page shows it: each row with how it stands, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from scf.core.money import format_yuan
from scf.loans.models import Loan
from scf.loans.plan_rows import InstalmentView, RowStanding
from scf.loans.schedule import schedule
from scf.loans.selectors import LoanView
from scf.portals.parts import Chip, Words


@dataclass(frozen=True)
class PlanRow:
    """One row of the plan with where it stands; money in fen."""

    row: InstalmentView
    total_minor: int
    paid_minor: int
    chip: Chip
    is_next: bool
    note: Words = ""


def plan_of(view: LoanView) -> list[PlanRow]:
    """The rows of a loan's plan; before it is drawn, what it will ask for."""
    if not view.loan.drawn_minor:
        return _plan_ahead(view.loan)
    rows, following = [], next((row for row in view.rows if row.owed_minor), None)
    for row in view.rows:
        total = row.principal_minor + row.interest_minor + row.penalty_minor
        is_next = row is following
        rows.append(
            PlanRow(row, total, _paid(row), _plan_chip(row, is_next=is_next), is_next, _note(row))
        )
    return rows


def _plan_ahead(loan: Loan) -> list[PlanRow]:
    """What the loan will ask for if all of it is lent on its first day."""
    chip = Chip(_("放款后生效"), "grey")
    return [
        PlanRow(
            row=InstalmentView(
                nr=row.nr,
                on=loan.core_terms.opened_on,
                due_on=row.due_on,
                principal_minor=row.principal_minor,
                principal_paid_minor=0,
                interest_minor=row.interest_minor,
                interest_paid_minor=0,
                penalty_minor=0,
                penalty_paid_minor=0,
            ),
            total_minor=row.payment_minor,
            paid_minor=0,
            chip=chip,
            is_next=False,
        )
        for row in schedule(loan.core_terms)
    ]


def _paid(row: InstalmentView) -> int:
    return row.principal_paid_minor + row.interest_paid_minor + row.penalty_paid_minor


def _note(row: InstalmentView) -> Words:
    """What of a row paid off early is not asked for any more."""
    if not row.fell_away_minor:
        return ""
    return _("利息 %(yuan)s 元不再收取") % {"yuan": format_yuan(row.fell_away_minor)}


def _plan_chip(row: InstalmentView, *, is_next: bool) -> Chip:
    days = abs((row.due_on - row.on).days)
    match row.standing:
        case RowStanding.PAID:
            return Chip(_("已还清"), "green")
        case RowStanding.SETTLED_EARLY:
            return Chip(_("已提前还清"), "green")
        case RowStanding.NOTHING_DUE:
            return Chip(_("无须还款"), "grey")
        case RowStanding.OVERDUE:
            return Chip(_("逾期 %(days)s 天") % {"days": days}, "red")
        case RowStanding.DUE:
            return Chip(_("今天到期"), "orange")
        case RowStanding.AHEAD:
            return Chip(_("还有 %(days)s 天") % {"days": days}, "blue" if is_next else "grey")
