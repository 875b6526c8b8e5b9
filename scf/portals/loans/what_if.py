"""What a restructure would mean: the plan as it is beside the plan as it would be, then a proposal.

Looking changes nothing; a proposal waits for another person of the bank, who sees what it would do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.core.money import PPM
from scf.loans.actions import RefusedAction, Restructure
from scf.loans.calendars import add_months
from scf.loans.kept_calendar import working_day_table
from scf.loans.machine import RUNNING, ProposalStatus
from scf.loans.models import Loan, LoanProposal
from scf.loans.reading import list_proposals, open_day_of, terms_of
from scf.loans.services import approve_proposal, propose_decision, refuse_proposal
from scf.loans.services.life import book_of
from scf.loans.services.propose import DecisionIn, why_overtaken
from scf.loans.terms import Product, Terms
from scf.loans.what_if import Plan, PlanRow, what_if
from scf.parties.permissions import Permission
from scf.portals.deal.forms import tried
from scf.portals.forms import DateInput, PercentField, ReasonForm
from scf.portals.loans.books import open_as_lender
from scf.portals.loans.words import PRODUCTS
from scf.portals.parts import Words

P = Permission
LONGEST = 360  # months


class RestructureForm(forms.Form):
    """New dates typed one by one, or a new last date with a number of monthly instalments."""

    dates = forms.CharField(
        label=_("新的还款日（每行一个）"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST * 12,
        required=False,
        help_text=_("或在下面填最后还款日和期数，按月倒推"),
    )
    last_on = forms.DateField(label=_("新的最后还款日"), widget=DateInput(), required=False)
    rows = forms.IntegerField(
        label=_("期数（按月）"), min_value=1, max_value=LONGEST, required=False
    )
    product = forms.ChoiceField(label=_("还款方式"))
    rate = PercentField(label=_("年利率（%）"))
    penalty_rate = PercentField(label=_("罚息年利率（%）"))
    moves = forms.BooleanField(label=_("遇节假日顺延到下一工作日"), required=False)
    is_relief = forms.BooleanField(label=_("借款人困难（重组，观察六个月）"), required=False)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        field: Any = self.fields["product"]
        field.choices = list(PRODUCTS.items())

    def clean(self) -> dict[str, Any]:
        """The due dates, rising and after today."""
        given = super().clean() or self.cleaned_data
        try:
            days = _days(given)
        except ValueError:
            self.add_error("dates", _("日期写法不正确，如 2026-12-31"))
            return given
        if not days:
            self.add_error("dates", _("请填写新的还款日，或最后还款日和期数"))
        elif days[0] <= self.today:
            self.add_error("dates", _("还款日须晚于今天"))
        elif days[-1] > add_months(self.today, LONGEST):
            self.add_error("dates", _("最后还款日不能晚于三十年后"))
        given["due_dates"] = days
        return given

    def change(self) -> Restructure:
        """The change as the core takes it."""
        given = self.cleaned_data
        return Restructure(
            key="what_if",
            on=self.today,
            due_dates=given["due_dates"],
            rate_ppm=given["rate"],
            penalty_rate_ppm=given["penalty_rate"],
            product=Product(given["product"]),
            is_relief=given["is_relief"],
        )


class ProposeForm(forms.Form):
    """Why, and the key that makes it once."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("原因"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )


@dataclass(frozen=True)
class PlanView:
    """A plan beside another: each row with its costs, penalty and compound interest together; the
    rate is ppm a year, None without one.
    """

    title: Words
    plan: Plan
    rows: Sequence[tuple[PlanRow, int]]
    annual_ppm: int | None


@dataclass(frozen=True)
class ProposalView:
    """A proposal in words with what it would change: (name, before, after) in fen; ``overtaken``
    says why nobody can approve it any more.
    """

    proposal: LoanProposal
    amounts: Sequence[tuple[Words, int, int]]
    dates: Sequence[str]
    may_decide: bool
    overtaken: str


def restructure(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Enter new dates and rates, see both plans; by POST propose exactly that."""
    by, loan = open_as_lender(request, loan_id)
    today = open_day_of(loan)
    given = request.POST if request.method == "POST" else request.GET
    form = RestructureForm(given or None, today=today, initial=_first(terms_of(loan), today))
    plans = _plans(loan, form, today)
    propose = ProposeForm(
        request.POST if request.method == "POST" else None, initial={"key": new_id().hex}
    )
    if request.method == "POST" and plans and propose.is_valid():

        def act() -> object:
            return _propose(loan, form, propose, by)

        if tried(propose, act):
            messages.success(request, _("已提出，须由另一位同事复核后生效"))
            return redirect("loan", loan_id=loan.pk)
    context = {
        "loan": loan,
        "form": form,
        "plans": plans,
        "difference": plans[1].plan.total_minor - plans[0].plan.total_minor if plans else 0,
        "typed": [(name, given[name]) for name in form.fields if name in given],
        "propose": propose if plans and by.can(P.LOAN_PROPOSE) else None,
    }
    bad = form.errors or (request.method == "POST" and propose.errors)
    return render(request, "loans/what_if.html", context, status=400 if bad else 200)


@require_POST
def approve(request: HttpRequest, loan_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Another person puts in force exactly what was shown."""
    by, loan = open_as_lender(request, loan_id)
    approve_proposal(proposal_id, seen=request.POST.get("seen", "")[:64], by=by)
    messages.success(request, _("已生效"))
    return redirect("loan", loan_id=loan.pk)


@require_POST
def refuse(request: HttpRequest, loan_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Say no to a proposal, with the reason."""
    by, loan = open_as_lender(request, loan_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        refuse_proposal(proposal_id, reason=form.cleaned_data["reason"], by=by)
        messages.success(request, _("已退回，贷款不变"))
    else:
        messages.error(request, _("请填写不同意的原因"))
    return redirect("loan", loan_id=loan.pk)


def proposals_of(loan: Loan, *, by: Actor) -> dict[str, Any]:
    """For the bank's page of a loan: what waits for a second person, and whether one may ask."""
    waiting = list_proposals(loan, by=by).filter(status=ProposalStatus.PROPOSED)
    return {
        "proposals": [_proposal_view(each, by) for each in waiting],
        "may_what_if": loan.status in RUNNING and loan.principal_minor > 0,
    }


def _proposal_view(proposal: LoanProposal, by: Actor) -> ProposalView:
    before, after = proposal.shown["before"], proposal.shown["after"]
    named: tuple[tuple[str, Words], ...] = (
        ("due_minor", _("现在应还")),
        ("settlement_minor", _("今天还清要付")),
        ("principal_minor", _("本金")),
    )
    return ProposalView(
        proposal=proposal,
        amounts=[(label, before[name], after[name]) for name, label in named],
        dates=after["due_dates"],
        may_decide="approved" in LoanProposal.machine.available(proposal, by=by),
        overtaken=why_overtaken(proposal),
    )


def _plans(loan: Loan, form: RestructureForm, today: date) -> list[PlanView]:
    if not form.is_valid():
        return []
    try:
        found = what_if(book_of(loan, on=today), form.change(), on=today)
    except RefusedAction:
        form.add_error("dates", _("贷款不能接受这样的还款日"))
        return []
    pairs = ((_("现在的计划"), found.before), (_("重组后的计划"), found.after))
    return [PlanView(title, plan, _rows(plan), _ppm(plan.annual_rate)) for title, plan in pairs]


def _rows(plan: Plan) -> list[tuple[PlanRow, int]]:
    return [
        (row, row.payment_minor - row.principal_minor - row.interest_minor) for row in plan.rows
    ]


def _propose(loan: Loan, form: RestructureForm, propose: ProposeForm, by: Actor) -> object:
    change = form.change()
    given = DecisionIn(
        kind="restructure",
        on=change.on,
        details={
            "due_dates": [day.isoformat() for day in change.due_dates],
            "rate_ppm": change.rate_ppm,
            "penalty_rate_ppm": change.penalty_rate_ppm,
            "product": str(change.product),
            "is_relief": change.is_relief,
        },
        reason=propose.cleaned_data["reason"],
    )
    return propose_decision(loan.pk, given=given, key=propose.cleaned_data["key"], by=by)


def _first(terms: Terms, today: date) -> dict[str, Any]:
    """The form as it stands before anything is typed: what is left of the present plan."""
    return {
        "dates": "\n".join(day.isoformat() for day in terms.due_dates if day > today),
        "product": str(terms.product),
        "rate": terms.rate_ppm,
        "penalty_rate": terms.penalty_rate_ppm,
        "moves": True,
        "is_relief": True,
    }


def _days(given: dict[str, Any]) -> tuple[date, ...]:
    """The typed dates, or months counted back from the last one. Raises ValueError."""
    last, rows = given.get("last_on"), given.get("rows")
    if last and rows:
        days = [add_months(last, -back) for back in range(rows - 1, -1, -1)]
    else:
        typed = re.split(r"[\s,，、;；]+", given.get("dates", "").strip())
        days = [date.fromisoformat(each) for each in typed if each]
    if given.get("moves"):
        calendar = working_day_table().calendar
        days = [calendar.next_working(day) for day in days]
    return tuple(sorted(set(days)))


def _ppm(rate: Decimal | None) -> int | None:
    return None if rate is None else int(rate * PPM)
