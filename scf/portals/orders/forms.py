"""The shapes of what people type about orders."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scf.portals.forms import YuanField
from scf.trade.importing.limits import MAX_SHEET_BYTES
from scf.trade.machine import OrderStatus

MIB = 1024 * 1024


class OrderFilter(forms.Form):
    """What an order list is narrowed to; lives in the address."""

    q = forms.CharField(
        label=_("搜索"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
        help_text=_("订单号、企业名称或拼音首字母"),
    )
    least = YuanField(label=_("金额不低于（元）"), max_length=30, required=False)
    most = YuanField(label=_("金额不高于（元）"), max_length=30, required=False)
    status = forms.ChoiceField(
        choices=[("", ""), *OrderStatus.choices], required=False, widget=forms.HiddenInput
    )


class UploadForm(forms.Form):
    """An order file, and who its parties are where its codes do not say so."""

    file = forms.FileField(
        label=_("订单文件"),
        help_text=_("UBL 2.1 XML、xlsx 或 csv，不超过 10 MB"),
        widget=forms.FileInput(attrs={"accept": ".xml,.xlsx,.csv"}),
    )
    side = forms.ChoiceField(
        label=_("本机构是"),
        choices=[("", _("按文件中的信用代码")), ("buyer", _("买方")), ("seller", _("卖方"))],
        required=False,
    )
    counterparty = forms.ChoiceField(
        label=_("对方企业"),
        required=False,
        help_text=_("文件里没有统一社会信用代码时选择"),
    )
    is_read_as_cny = forms.BooleanField(
        label=_("文件是外币：按人民币读取金额（只改币种，不换算）"), required=False
    )

    def __init__(self, *args: Any, companies: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["counterparty"]
        field.choices = [("", _("按文件中的信用代码")), *companies]

    def clean_file(self) -> Any:
        """A file within the size every reader takes."""
        given = self.cleaned_data["file"]
        if given.size > MAX_SHEET_BYTES:
            raise forms.ValidationError(
                _("文件超过 %(most)s MB，请拆分后再上传"), params={"most": MAX_SHEET_BYTES // MIB}
            )
        return given

    def clean(self) -> dict[str, Any]:
        """Both or neither: a side without a counterparty names nobody."""
        given = super().clean() or self.cleaned_data
        if bool(given.get("side")) != bool(given.get("counterparty")):
            missing = "counterparty" if given.get("side") else "side"
            self.add_error(missing, _("请同时选择本机构的角色和对方企业"))
        return given
