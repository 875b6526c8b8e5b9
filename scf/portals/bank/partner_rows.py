"""The rows of a programme's form for the banks that lend beside the programme's own (联合贷)."""

from collections.abc import Iterator, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from scf.credit.partners import Partner
from scf.portals.forms import PercentField

ROWS = 2


class PartnerRows:
    """A bank and its share a row, among the fields of ``form``; empty rows say nothing."""

    def __init__(
        self, form: forms.Form, first: Sequence[Partner], banks: Sequence[tuple[str, str]]
    ) -> None:
        self.form = form
        known: list[Partner | None] = [*first, *[None] * max(1, ROWS - len(first))]
        self.many = len(known)
        for number, partner in enumerate(known):
            form.fields[f"partner_{number}_bank"] = forms.ChoiceField(
                label=_("联合出资行"),
                choices=[("", _("无")), *banks],
                required=False,
                initial=partner.bank if partner else "",
            )
            form.fields[f"partner_{number}_share"] = PercentField(
                label=_("出资比例（%）"), required=False, initial=partner.ppm if partner else None
            )

    def __iter__(self) -> Iterator[list[forms.BoundField]]:
        return iter([self._bound(number) for number in range(self.many)])

    def check(self) -> None:
        """A row has both a bank and a share, or neither."""
        for number in range(self.many):
            bank, share = self._given(number)
            if bank and not share:
                self.form.add_error(f"partner_{number}_share", _("请填写出资比例"))
            if share and not bank:
                self.form.add_error(f"partner_{number}_bank", _("请选择联合出资行"))

    def typed(self) -> tuple[Partner, ...]:
        """The partners typed, in the order of the rows."""
        given = [self._given(number) for number in range(self.many)]
        return tuple(Partner(bank, share) for bank, share in given if bank and share)

    def _given(self, number: int) -> tuple[str, int | None]:
        data = self.form.cleaned_data
        return data.get(f"partner_{number}_bank") or "", data.get(f"partner_{number}_share")

    def _bound(self, number: int) -> list[forms.BoundField]:
        return [self.form[f"partner_{number}_{name}"] for name in ("bank", "share")]
