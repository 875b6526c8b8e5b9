"""The shapes of what people type on a deal's pages; rules live in the services."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from scf.core.errors import Conflict, Forbidden, RuleBroken
from scf.core.money import MoneyRefused, parse_yuan
from scf.portals.deal.words import REASONS
from scf.portals.forms import REFUSED

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class YuanField(forms.CharField):
    """An amount in yuan with at most two decimals; cleaned to fen."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: object) -> int:
        """Fen. Raises ValidationError with the rule that was broken."""
        text = super().clean(value)
        try:
            return parse_yuan(text)
        except MoneyRefused as refusal:
            raise forms.ValidationError(REFUSED[refusal.code]) from refusal


def quantity(label: "str | _StrPromise", *, required: bool = False) -> forms.DecimalField:
    """A quantity field: not below zero, at most six decimals."""
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_digits=18, decimal_places=6, required=required
    )


def tried(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do it; a broken rule, a conflict or a wrong code becomes an error of the form, so that
    nothing typed is lost.
    """
    try:
        act()
    except (Conflict, RuleBroken) as refusal:
        form.add_error(None, refusal.text())
        return False
    except Forbidden as refusal:
        if refusal.code != "wrong_code":
            raise
        form.add_error("code", refusal.text())
        return False
    return True


class OpinionForm(forms.Form):
    """The reviewer's opinion on exactly what was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    opinion = forms.CharField(
        label=_("审查意见"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000
    )


class ApprovalForm(forms.Form):
    """The approver's yes to exactly what was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    note = forms.CharField(label=_("审批意见（选填）"), max_length=500, required=False)


class ReasonForm(forms.Form):
    """Reason codes with a note, for a return or a rejection."""

    codes = forms.MultipleChoiceField(
        label=_("原因"), choices=list(REASONS.items()), widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("说明（买方可见）"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        required=False,
    )


class NotLendForm(forms.Form):
    """Why a bank does not lend beside; for the lender of record."""

    reason = forms.CharField(
        label=_("不批准出资的原因（贷款银行可见）"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )


class SendBackForm(forms.Form):
    """Why the approver gives it back to the reviewer; the bank's own."""

    note = forms.CharField(label=_("退回审查人的原因（仅行内可见）"), max_length=500)


class NoteForm(forms.Form):
    """A reason in words; ``label`` names what is being explained."""

    note = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: "str | Promise", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["note"].label = format_lazy(_("{}：说明"), label)


class ShipmentForm(forms.Form):
    """A delivery note; the quantity fields of the lines are added by the view."""

    number = forms.CharField(label=_("发货单号"), max_length=60)
    carrier = forms.CharField(label=_("承运方"), max_length=80, required=False)
    vehicle = forms.CharField(label=_("车牌号"), max_length=20, required=False)


class ReceiptForm(forms.Form):
    """What was found of one delivered line."""

    accepted = quantity(_("验收合格"), required=True)
    short = quantity(_("短少"))
    damaged = quantity(_("破损"))
    rejected = quantity(_("拒收"))
    reason = forms.CharField(label=_("原因（破损或拒收必填）"), max_length=500, required=False)
    slip = forms.FileField(label=_("磅单或签收单照片（选填）"), required=False)


class EvidenceForm(forms.Form):
    """What a carrier or warehouse states by the one-time link."""

    code = forms.CharField(label=_("验证码"), max_length=6)
    quantity = quantity(_("实交数量"), required=True)
    vehicle = forms.CharField(label=_("车牌号"), max_length=20, required=False)
    slip_number = forms.CharField(label=_("磅单号"), max_length=40, required=False)
    name = forms.CharField(label=_("您的姓名"), max_length=40)


class DisputeForm(forms.Form):
    """Why a line is disputed."""

    reason = forms.CharField(
        label=_("争议原因"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )


class DecisionForm(forms.Form):
    """How much of the held amount the payee gets, and why."""

    payee_gets = YuanField(label=_("付给收款人（元）"), max_length=30)
    decision = forms.CharField(
        label=_("裁定理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )


class RepaymentForm(forms.Form):
    """A repayment from the buyer's general wallet; the key makes a second press harmless."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    amount = YuanField(label=_("还款金额（元）"), max_length=30)
