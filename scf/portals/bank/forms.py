"""The shapes of what the bank types about programmes and limits."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scf.credit import choices
from scf.credit.terms import ProgrammeTerms
from scf.portals.forms import DateInput, PercentField, YuanField
from scf.portals.programmes.terms import CHOICES, LABELS

NOT_TYPED = ("waterfall", "fees")  # by law, and by the price list


class TermsForm(forms.Form):
    """One field a term, made from the terms themselves: nothing can be forgotten."""

    def __init__(self, *args: Any, base: ProgrammeTerms | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.base = base
        for each in fields(ProgrammeTerms):
            if each.name not in NOT_TYPED:
                self.fields[each.name] = _field(each.name, each.default, base)

    def terms(self) -> ProgrammeTerms:
        """The terms typed; what is not typed stays as it was."""
        names = [each.name for each in fields(ProgrammeTerms) if each.name not in NOT_TYPED]
        given = {name: self.cleaned_data[name] for name in names}
        kept = {name: getattr(self.base, name) for name in NOT_TYPED} if self.base else {}
        return ProgrammeTerms(**given, **kept)


class ProgrammeForm(TermsForm):
    """A new programme: name, core enterprise and its side, and the first terms."""

    name = forms.CharField(label=_("项目名称"), max_length=120)
    enterprise = forms.ChoiceField(label=_("核心企业"))
    anchor_side = forms.ChoiceField(label=_("核心企业的角色"), choices=choices.AnchorSide.choices)

    def __init__(self, *args: Any, enterprises: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["enterprise"]
        field.choices = [("", _("请选择")), *enterprises]


class LimitForm(forms.Form):
    """A limit to propose."""

    level = forms.ChoiceField(
        label=_("层级"),
        choices=[
            (each.value, each.label)
            for each in (choices.LimitLevel.ENTERPRISE, choices.LimitLevel.BORROWER)
        ],
    )
    organization = forms.ChoiceField(label=_("企业"))
    sanctioned = YuanField(label=_("额度（元）"), max_length=30)
    effective_on = forms.DateField(label=_("生效日"), widget=DateInput())
    expires_on = forms.DateField(
        label=_("到期日（不填为长期）"), widget=DateInput(), required=False
    )
    is_revolving = forms.BooleanField(label=_("循环额度"), required=False, initial=True)
    reason = forms.CharField(
        label=_("理由"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False
    )

    def __init__(
        self, *args: Any, organizations: Iterable[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["organization"]
        field.choices = [("", _("请选择")), *organizations]


def _field(name: str, default: Any, base: ProgrammeTerms | None) -> forms.Field:
    first = getattr(base, name) if base else default
    initial = first if isinstance(first, int | str) else None
    label: Any = LABELS[name]
    if name in CHOICES:
        return forms.ChoiceField(label=label, choices=CHOICES[name].choices, initial=initial)
    if isinstance(default, bool):
        return forms.BooleanField(label=label, required=False, initial=initial)
    if name.endswith("_ppm"):
        return PercentField(label=label, initial=initial, help_text=_("百分数，最多四位小数"))
    if name.endswith("_minor"):
        return YuanField(label=label, max_length=30, initial=_yuan(initial))
    return forms.IntegerField(label=label, min_value=0, max_value=36_500, initial=initial)


def _yuan(minor: Any) -> str | None:
    return None if minor is None else f"{minor // 100}.{minor % 100:02d}"
