"""The shapes of what people type when they apply or look for an application."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scf.financing.machine import S
from scf.portals.applications.ranges import WrongRange, read_ranges
from scf.portals.forms import DateInput, YuanField
from scf.trade.models import OrderLine

SIDES = (("", _("全部")), ("buyer", _("我方是买方")), ("seller", _("我方是卖方")))


class ApplicationFilter(forms.Form):
    """What the list is narrowed to; lives in the address."""

    q = forms.CharField(
        label=_("搜索"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
        help_text=_("申请编号、订单号、企业名称或拼音首字母"),
    )
    side = forms.ChoiceField(label=_("角色"), choices=SIDES, required=False)
    least = YuanField(label=_("货款不低于（元）"), max_length=30, required=False)
    most = YuanField(label=_("货款不高于（元）"), max_length=30, required=False)
    mine = forms.BooleanField(label=_("只看等我处理的"), required=False)
    status = forms.ChoiceField(
        choices=[("", ""), *S.choices], required=False, widget=forms.HiddenInput
    )


class LinesForm(forms.Form):
    """Which lines of an order to finance: ticked one by one, or written as numbers."""

    line = forms.MultipleChoiceField(
        label=_("订单行"), required=False, widget=forms.CheckboxSelectMultiple
    )
    lines = forms.CharField(
        label=_("或按行号"),
        max_length=2000,
        required=False,
        help_text=_("例如 1-40,43"),
    )

    def __init__(self, *args: Any, free: Sequence[OrderLine], **options: Any) -> None:
        super().__init__(*args, **options)
        self.free = {line.line_number for line in free}
        field: Any = self.fields["line"]
        field.choices = [(str(line.line_number), line.name) for line in free]

    def clean(self) -> dict[str, Any]:
        """The numbers of both ways together; at least one, and only lines that are free."""
        given = super().clean() or self.cleaned_data
        try:
            written = read_ranges(given.get("lines", ""))
        except WrongRange as wrong:
            self.add_error("lines", str(wrong))
            return given
        numbers = {int(each) for each in given.get("line", [])} | written
        unknown = sorted(numbers - self.free)
        if unknown:
            first = unknown[0]
            self.add_error("lines", _("第 %(line)s 行不能融资") % {"line": first})
        elif not numbers:
            self.add_error("line", _("请至少选择一行订单"))
        given["numbers"] = numbers
        return given


class TermsForm(forms.Form):
    """Programme, dates, own funds and purpose; the rules on them are the programme's."""

    programme = forms.ChoiceField(label=_("融资项目"))
    matures_on = forms.DateField(label=_("还款日"), widget=DateInput())
    funding_planned_on = forms.DateField(label=_("计划放款日"), widget=DateInput())
    own_funds = YuanField(
        label=_("首付款（元）"),
        max_length=30,
        required=False,
        help_text=_("不填则按项目规定的最低比例"),
    )
    purpose = forms.CharField(
        label=_("资金用途"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写明用途和货物去向，银行据此审查"),
    )
    purpose.is_needed_to_submit = True  # type: ignore[attr-defined]

    def __init__(
        self,
        *args: Any,
        programmes: Sequence[tuple[str, str]],
        today: date,
        is_last_step: bool,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["programme"]
        field.choices = programmes
        self.today = today
        self.is_last_step = is_last_step

    def clean_purpose(self) -> str:
        """Needed to submit; while figures are still tried out it may be empty."""
        given: str = self.cleaned_data["purpose"]
        if self.is_last_step and not given:
            raise forms.ValidationError(_("请填写资金用途"))
        return given

    def clean_funding_planned_on(self) -> date:
        """Not in the past of the bank."""
        given: date = self.cleaned_data["funding_planned_on"]
        if given < self.today:
            raise forms.ValidationError(_("不能早于今天"))
        return given

    def clean(self) -> dict[str, Any]:
        """The loan ends after it begins."""
        given = super().clean() or self.cleaned_data
        begins, ends = given.get("funding_planned_on"), given.get("matures_on")
        if begins and ends and ends <= begins:
            self.add_error("matures_on", _("还款日须晚于计划放款日"))
        return given
