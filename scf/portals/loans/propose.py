"""A bank person proposes a decision about a loan: costs, waiver, write-off, grade, undo.

Nothing moves here: another person reads on the loan's page what it would do, and approves that.
"""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.core.money import format_yuan
from scf.loans.actions import CostNature
from scf.loans.decision_rows import ProposalKind, TierLabel
from scf.loans.machine import RUNNING, S
from scf.loans.models import Loan
from scf.loans.reading import is_owed, list_undoable, open_day_of
from scf.loans.services import propose_decision
from scf.loans.services.propose import DecisionIn
from scf.parties.permissions import Permission
from scf.portals.access import require_view
from scf.portals.deal.forms import tried
from scf.portals.forms import DateInput, YuanField
from scf.portals.loans.books import open_as_lender
from scf.portals.parts import Words

P = Permission
K = ProposalKind
NATURES = (("enforcement", _("实现债权的费用（诉讼、保全等）")), ("fee", _("约定的费用")))


class DecisionForm(forms.Form):
    """From which day, why, and the key that makes it once."""

    kind: ClassVar[ProposalKind]
    intro: ClassVar[Words]

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    on = forms.DateField(label=_("自哪一天起"), widget=DateInput())
    reason = forms.CharField(
        label=_("原因"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )

    def __init__(self, *args: Any, loan: Loan, **options: Any) -> None:
        super().__init__(*args, **options)
        self.loan = loan

    def amount_minor(self) -> int:
        """The sum of the decision in fen, 0 where it moves none."""
        return 0

    def details(self) -> dict[str, Any]:
        """What the decision says beyond its sum."""
        return {}

    def decision(self) -> DecisionIn:
        """What is proposed, as the service takes it."""
        given = self.cleaned_data
        return DecisionIn(
            kind=self.kind.value,
            on=given["on"],
            amount_minor=self.amount_minor(),
            details=self.details(),
            reason=given["reason"],
        )


class CostForm(DecisionForm):
    """A cost the borrower owes at once, or a fee that falls due on an agreed day."""

    kind = K.COST
    intro = _("实现债权的费用当日到期；约定的费用到约定日到期，逾期未付即为逾期。还款时最先偿还。")

    amount = YuanField(label=_("金额（元）"), max_length=30)
    nature = forms.ChoiceField(label=_("费用性质"), choices=NATURES)
    name = forms.CharField(
        label=_("费用名称"), max_length=60, required=False, help_text=_("约定的费用必填")
    )
    due_on = forms.DateField(
        label=_("费用到期日"),
        widget=DateInput(),
        required=False,
        help_text=_("约定的费用必填：不早于今天，不晚于贷款到期日"),
    )
    field_order = ("on", "amount", "nature", "name", "due_on", "reason")

    def clean(self) -> dict[str, Any]:
        """A fee needs its name and its day; a cost of enforcement has neither."""
        given = super().clean() or self.cleaned_data
        if given.get("amount") == 0:
            self.add_error("amount", _("金额必须大于零"))
        if given.get("nature") == CostNature.FEE:
            for field in ("name", "due_on"):
                if not given.get(field) and field not in self.errors:
                    self.add_error(field, _("约定的费用须写明名称和到期日"))
            if (due_on := given.get("due_on")) and (on := given.get("on")) and due_on < on:
                self.add_error("due_on", _("费用到期日不得早于入账日"))
        return given

    def amount_minor(self) -> int:
        """The cost."""
        return int(self.cleaned_data["amount"])

    def details(self) -> dict[str, Any]:
        """Its nature; of a fee its name and day."""
        given = self.cleaned_data
        if given["nature"] != CostNature.FEE:
            return {"nature": given["nature"]}
        return {
            "nature": given["nature"],
            "name": given["name"],
            "due_on": given["due_on"].isoformat(),
        }


class WaiverForm(DecisionForm):
    """Agreed fees, penalty, compound interest and interest forgiven."""

    kind = K.WAIVE
    intro = _("最多减免到所欠金额；本金和银行垫付的费用不能减免。")
    PARTS: ClassVar[tuple[str, ...]] = ("fee", "penalty", "compound", "interest")

    fee = YuanField(label=_("约定的费用（元）"), max_length=30, required=False)
    penalty = YuanField(label=_("罚息（元）"), max_length=30, required=False)
    compound = YuanField(label=_("复利（元）"), max_length=30, required=False)
    interest = YuanField(label=_("利息（元）"), max_length=30, required=False)
    field_order = ("on", *PARTS, "reason")

    def clean(self) -> dict[str, Any]:
        """At least one of them."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not any(given.get(name) for name in self.PARTS):
            self.add_error("penalty", _("至少填写一项减免金额"))
        return given

    def amount_minor(self) -> int:
        """All of them together."""
        return sum(self.details().values())

    def details(self) -> dict[str, Any]:
        """Each of them."""
        return {f"{name}_minor": self.cleaned_data[name] or 0 for name in self.PARTS}


class WriteOffForm(DecisionForm):
    """The loan leaves the balance sheet."""

    kind = K.WRITE_OFF
    intro = _("本金和利息转出表内，对借款人的债权仍在；以后收回的款项记为收回已核销贷款。")


class GradeForm(DecisionForm):
    """A grade given by people."""

    kind = K.GRADE
    intro = _("人工分类不得优于按逾期天数的分类，直到下一次人工分类为止。")

    tier = forms.ChoiceField(label=_("五级分类"), choices=TierLabel.choices)
    field_order = ("on", "tier", "reason")

    def details(self) -> dict[str, Any]:
        """The grade."""
        return {"tier": self.cleaned_data["tier"]}


class TechnicalForm(DecisionForm):
    """The delay has a technical reason."""

    kind = K.CALL_TECHNICAL
    intro = _("逾期 1 至 7 天、因系统或账户等技术原因的，可以认定为技术性逾期，分类仍为正常。")


class UndoForm(DecisionForm):
    """A decision made in error is taken out again."""

    kind = K.UNDO
    intro = _("撤销后，贷款按没有这项决定重新计算，差额冲正入账。")

    of = forms.ChoiceField(label=_("撤销哪一项"))
    field_order = ("of", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # It is dated as what it takes back.
        del self.fields["on"]
        self.standing = {row.key: row for row in list_undoable(self.loan)}
        field: Any = self.fields["of"]
        field.choices = [
            (key, f"{row.on.isoformat()} {K(row.kind).label} {_sum(row.amount_minor)}".strip())
            for key, row in self.standing.items()
        ]

    def clean(self) -> dict[str, Any]:
        """The day of what is undone."""
        given = super().clean() or self.cleaned_data
        if row := self.standing.get(given.get("of", "")):
            given["on"] = row.on
        return given

    def details(self) -> dict[str, Any]:
        """What is undone."""
        return {"of": self.cleaned_data["of"]}


FORMS: dict[str, type[DecisionForm]] = {
    form.kind.value: form
    for form in (CostForm, WaiverForm, WriteOffForm, GradeForm, TechnicalForm, UndoForm)
}


def propose(request: HttpRequest, loan_id: UUID, kind: str) -> HttpResponse:
    """Fill in one decision; by POST propose it to another person of the bank."""
    by, loan = open_as_lender(request, loan_id)
    require_view(by, P.LOAN_PROPOSE)
    if kind not in FORMS:
        raise Http404
    form = FORMS[kind](
        request.POST if request.method == "POST" else None,
        loan=loan,
        initial={"key": new_id().hex, "on": open_day_of(loan)},
    )

    def act() -> object:
        key = form.cleaned_data["key"]
        return propose_decision(loan.pk, given=form.decision(), key=key, by=by)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, _("已提出，须由另一位同事复核后生效"))
        return redirect("loan", loan_id=loan.pk)
    context = {"loan": loan, "form": form, "title": ProposalKind(kind).label, "intro": form.intro}
    return render(request, "loans/propose.html", context, status=400 if form.errors else 200)


def proposable(loan: Loan, *, by: Actor) -> list[tuple[str, Words]]:
    """The decisions this person may propose about a loan as it stands, in words."""
    if not by.can(P.LOAN_PROPOSE):
        return []
    kinds = [K.UNDO] if list_undoable(loan) else []
    if loan.status in RUNNING and (loan.principal_minor or is_owed(loan)):
        kinds = [K.COST, K.WAIVE, K.GRADE, *kinds]
        if loan.status == S.OVERDUE:
            kinds = [*kinds, K.CALL_TECHNICAL, K.WRITE_OFF]
    return [(kind.value, kind.label) for kind in kinds]


def _sum(amount_minor: int) -> str:
    return format_yuan(amount_minor) if amount_minor else ""
