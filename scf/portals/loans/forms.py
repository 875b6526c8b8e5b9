"""The shapes of what people type on the pages of loans; rules live in the services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scf.loans.buckets import BUCKETS
from scf.loans.machine import S
from scf.loans.portfolio import Wanted
from scf.portals.forms import YuanField
from scf.portals.loans.words import bucket_words

WITHIN = (
    ("", _("不限")),
    ("0", _("今天")),
    ("7", _("7 天内")),
    ("30", _("30 天内")),
    ("90", _("90 天内")),
)


class LoanFilter(forms.Form):
    """What the list is narrowed to; lives in the address."""

    q = forms.CharField(
        label=_("搜索"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
        help_text=_("贷款编号、企业名称或拼音首字母"),
    )
    bucket = forms.ChoiceField(label=_("逾期天数"), required=False)
    due = forms.ChoiceField(label=_("到期还款"), choices=WITHIN, required=False)
    least = YuanField(label=_("余额不低于（元）"), max_length=30, required=False)
    most = YuanField(label=_("余额不高于（元）"), max_length=30, required=False)
    status = forms.ChoiceField(
        choices=[("", ""), *S.choices], required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        choices = [(each.code, bucket_words(each)) for each in BUCKETS]
        self.fields["bucket"].choices = [("", _("不限")), *choices]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """The filters without the status, which is told apart by tabs."""
        given = self.cleaned_data
        due = given.get("due", "")
        return Wanted(
            search=given.get("q", ""),
            bucket=given.get("bucket", ""),
            due_within=int(due) if due else None,
            least_minor=given.get("least"),
            most_minor=given.get("most"),
        )
