"""The shapes of what the bank types about programmes and limits."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scf.core.money import format_yuan
from scf.credit import choices
from scf.credit.terms import CHOICES, Fee, ProgrammeTerms
from scf.portals.bank.partner_rows import PartnerRows
from scf.portals.forms import DateInput, PercentField, YuanField
from scf.portals.parts import Words
from scf.portals.programmes.terms import LABELS, PAYERS, TAKERS

NOT_TYPED = ("waterfall", "fees", "partners")  # by law; and in rows of their own
# What a new programme is proposed with where the rule (K14) is not the default of before.
SUGGESTED = {"due_date_rule": choices.DueDateRule.NEXT_WORKING_DAY.value}
FEE_ROWS = 3
FEE_FIELDS = ("code", "payer", "taken_by", "at", "yuan", "share")
SIGNED = ("rate_margin_ppm",)
# In the order a programme is thought of; what stands in none of them comes with the first.
GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (_("项目与额度"), ()),
    (
        _("利率"),
        (
            "rate_ppm", "rate_base", "rate_margin_ppm", "rate_reset", "interest_from", "day_base",
            "free_days", "free_kind", "penalty_rate_ppm", "penalty_from", "grace_days",
            "compound_on_interest",
        ),
    ),
    (
        _("还款"),
        (
            "repayment", "due_every", "due_day", "due_date_rule", "interest_basis",
            "accrual_residual", "principal_remainder", "early_interest", "after_early", "sweep",
        ),
    ),
    (
        _("付款与托管"),
        (
            "release_policy", "expiry_days", "long_stop_days", "escrow_interest_ppm",
            "escrow_interest_to", "idle_cost_of",
        ),
    ),
    (
        _("收货与争议"),
        (
            "tolerance_under_ppm", "tolerance_over_ppm", "return_short_lines", "inspection_days",
            "evidence_minor", "pays_on_silence", "dispute_days", "arbiter_days", "refund_days",
        ),
    ),
)  # fmt: skip


class TermsForm(forms.Form):
    """One field a term, made from the terms themselves: nothing can be forgotten."""

    def __init__(
        self,
        *args: Any,
        base: ProgrammeTerms | None = None,
        banks: Sequence[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.base = base
        for each in fields(ProgrammeTerms):
            if each.name not in NOT_TYPED:
                self.fields[each.name] = _field(each.name, each.default, base)

        for number, fee in enumerate(_first_fees(base)):
            self.fields |= _fee_fields(number, fee)
        self.partners = PartnerRows(self, base.partners if base else (), banks)

    @property
    def groups(self) -> list[tuple[Words, list[forms.BoundField]]]:
        """The fields that are no part of a fee or a partner, by what they are about."""
        grouped = {name for _title, names in GROUPS for name in names}
        plain = [bound.name for bound in self.visible_fields()]
        rest = [
            name
            for name in plain
            if name not in grouped and not name.startswith(("fee_", "partner_"))
        ]
        groups = [(GROUPS[0][0], rest), *GROUPS[1:]]
        return [(title, [self[name] for name in names]) for title, names in groups]

    @property
    def fee_rows(self) -> list[list[forms.BoundField]]:
        """The rows for fees, each with its fields."""
        rows = range(len(_first_fees(self.base)))
        return [[self[f"fee_{row}_{name}"] for name in FEE_FIELDS] for row in rows]

    def clean(self) -> dict[str, Any]:
        """A fee has a name, and a fixed sum or a share of the loan."""
        given, asked = super().clean() or self.cleaned_data, ("code", "yuan", "share")
        for row in range(len(_first_fees(self.base))):
            code, yuan, share = (given.get(f"fee_{row}_{name}") for name in asked)
            if (yuan or share) and not code:
                self.add_error(f"fee_{row}_code", _("请填写费用名称"))
            if code and not (yuan or share):
                self.add_error(f"fee_{row}_yuan", _("请填写固定金额或按贷款的比例"))
        self.partners.check()
        return given

    def _fees(self) -> tuple[Fee, ...]:
        rows = [
            {name: self.cleaned_data[f"fee_{row}_{name}"] for name in FEE_FIELDS}
            for row in range(len(_first_fees(self.base)))
        ]
        return tuple(
            Fee(
                code=row["code"],
                payer=row["payer"],
                taken_by=row["taken_by"] or choices.FeeTaker.BANK.value,
                minor=row["yuan"] or 0,
                ppm=row["share"] or 0,
                at=row["at"] or choices.FeeAt.FUNDING.value,
            )
            for row in rows
            if row["code"]
        )

    def terms(self) -> ProgrammeTerms:
        """The terms typed; what is not typed stays as it was."""
        names = [each.name for each in fields(ProgrammeTerms) if each.name not in NOT_TYPED]
        given = {name: self.cleaned_data[name] for name in names}
        kept: dict[str, Any] = {"waterfall": self.base.waterfall} if self.base else {}
        partners = self.partners.typed()
        return ProgrammeTerms(**given, **kept, fees=self._fees(), partners=partners)


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
    first = getattr(base, name) if base else SUGGESTED.get(name, default)
    initial = first if isinstance(first, int | str) else None
    label: Any = LABELS[name]
    if name in CHOICES:
        return forms.ChoiceField(label=label, choices=CHOICES[name].choices, initial=initial)
    if isinstance(default, bool):
        return forms.BooleanField(label=label, required=False, initial=initial)
    if name.endswith("_ppm"):
        least = -100 if name in SIGNED else 0
        words = _("百分数，最多四位小数")
        return PercentField(label=label, initial=initial, help_text=words, least=least)
    if name.endswith("_minor"):
        return YuanField(label=label, max_length=30, initial=_yuan(initial))
    return forms.IntegerField(label=label, min_value=0, max_value=36_500, initial=initial)


def _first_fees(base: ProgrammeTerms | None) -> list[Fee | None]:
    """The fees there are, and empty rows for more."""
    known: list[Fee | None] = list(base.fees) if base else []
    return [*known, *[None] * max(1, FEE_ROWS - len(known))]


def _fee_fields(number: int, fee: Fee | None) -> dict[str, forms.Field]:
    share = PercentField(label=_("按贷款比例（%）"), initial=fee and fee.ppm, required=False)
    fields_of_row = {
        "code": forms.CharField(
            label=_("费用名称"), max_length=40, required=False, initial=fee and fee.code
        ),
        "payer": forms.ChoiceField(
            label=_("付款方"), choices=PAYERS, required=False, initial=fee.payer if fee else "buyer"
        ),
        "taken_by": forms.ChoiceField(
            label=_("收取方"),
            choices=TAKERS,
            required=False,
            initial=fee.taken_by if fee else "bank",
        ),
        "at": forms.ChoiceField(
            label=_("收取日"),
            choices=choices.FeeAt.choices,
            required=False,
            initial=fee.at if fee else "funding",
        ),
        "yuan": YuanField(
            label=_("固定金额（元）"),
            max_length=30,
            required=False,
            initial=_yuan(fee.minor) if fee else None,
        ),
        "share": share,
    }
    return {f"fee_{number}_{name}": field for name, field in fields_of_row.items()}


def _yuan(minor: Any) -> str | None:
    return None if minor is None else format_yuan(minor)
