"""Fields and answers shared by the forms of the portals; rules live in the services."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from scf.core.errors import Conflict, DomainError, RuleBroken
from scf.core.money import MoneyRefused, parse_yuan

# In the reader's language; the refusal itself says both at once.
REFUSED = {
    "money_not_a_number": _("不是金额：请用半角数字，例如 12,345.67"),
    "money_too_many_decimals": _("金额最多两位小数"),
    "money_negative": _("金额不能为负"),
    "money_too_large": _("金额过大"),
}


class DateInput(forms.DateInput):
    """The browser's own choice of a day; sends ISO dates."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class YuanField(forms.CharField):
    """An amount in yuan with at most two decimals; cleaned to fen, None when empty."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> int | None:
        """Fen. Raises ValidationError with the rule that was broken."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_yuan(text)
        except MoneyRefused as refusal:
            raise forms.ValidationError(REFUSED[refusal.code]) from refusal


class PercentField(forms.DecimalField):
    """A percentage with at most four decimals; cleaned to ppm."""

    def __init__(self, *, least: int = 0, **options: Any) -> None:
        super().__init__(min_value=least, max_value=100, decimal_places=4, **options)

    def clean(self, value: Any) -> int | None:
        """Parts per million: 4.35 -> 43500."""
        percent = super().clean(value)
        return None if percent is None else int(percent * 10_000)

    def prepare_value(self, value: Any) -> Any:
        """Ppm of a first value as a percentage; what a person typed stays as typed."""
        if not isinstance(value, int):
            return value
        return f"{Decimal(value).scaleb(-4).normalize():f}"


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(
        label=_("原因"), widget=forms.Textarea(attrs={"rows": 2}), max_length=300
    )


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form was sent with, fields and files: nothing at all when the page is only looked
    at, so that a form sent empty is still one that was sent.
    """
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def say_at(form: forms.Form, refusal: DomainError, fields: Mapping[str, str] | None = None) -> None:
    """Show a service's refusal in the form, at the field its code belongs to.

    Only rules and conflicts are answers to what was typed; anything else is raised again.
    """
    if not isinstance(refusal, RuleBroken | Conflict):
        raise refusal
    name = (fields or {}).get(refusal.code)
    form.add_error(name if name in form.fields else None, refusal.text())
