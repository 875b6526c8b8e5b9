"""Putting right what the bank gave back: lines, amount, dates, purpose, papers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from scf.core.actor import Actor
from scf.core.errors import DomainError
from scf.core.money import format_yuan
from scf.documents.services import store_document
from scf.financing import services
from scf.financing.inputs import CorrectionIn
from scf.financing.models import Application
from scf.portals.applications.quote import QuoteView, quote_view
from scf.portals.deal.access import open_deal
from scf.portals.deal.page import bank_reasons
from scf.portals.forms import DateInput, YuanField, say_at, sent
from scf.trade.models import OrderLine
from scf.trade.selectors import list_financeable_lines
from scf.workflow import clocks

FIELD_OF = {
    "own_funds_too_low": "own_funds",
    "tenor_outside": "matures_on",
    "limit_exceeded": "own_funds",
    "line_locked": "lines",
    "no_lines": "lines",
}


class CorrectionForm(forms.Form):
    """The application as it stands, every part of it open to change."""

    lines = forms.MultipleChoiceField(label=_("订单行"), widget=forms.CheckboxSelectMultiple)
    own_funds = YuanField(
        label=_("首付款（元）"),
        max_length=30,
        required=False,
        help_text=_("不填则按项目规定的最低比例"),
    )
    funding_planned_on = forms.DateField(label=_("计划放款日"), widget=DateInput())
    matures_on = forms.DateField(label=_("还款日"), widget=DateInput())
    purpose = forms.CharField(
        label=_("资金用途"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    purpose.is_needed_to_submit = True  # type: ignore[attr-defined]
    document = forms.FileField(
        label=_("补充材料（选填）"),
        required=False,
        help_text=_("合同、发票或说明的 PDF、图片或表格；银行审查时可见"),
    )

    def __init__(
        self, *args: Any, rows: Sequence[OrderLine], is_last_step: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        # Words change no figure: while figures are tried out they may be missing.
        self.fields["purpose"].required = is_last_step
        field: Any = self.fields["lines"]
        field.choices = [(str(line.pk), _line_words(line)) for line in rows]

    def clean(self) -> dict[str, Any]:
        """The loan ends after it begins."""
        given = super().clean() or self.cleaned_data
        begins, ends = given.get("funding_planned_on"), given.get("matures_on")
        if begins and ends and ends <= begins:
            self.add_error("matures_on", _("还款日须晚于计划放款日"))
        return given


def resubmit(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The buyer puts right what the bank returned, and submits it again; ``try`` only reckons."""
    by, application = open_deal(request, deal_id, sides=("buyer",))
    start = _as_it_is(application)
    is_sent = request.method == "POST" and "try" not in request.POST
    rows = _rows(application, by)
    form = CorrectionForm(*sent(request), rows=rows, is_last_step=is_sent, initial=start)
    if is_sent and form.is_valid() and _resubmitted(form, application, by):
        messages.success(request, _("已重新提交，等待银行审查"))
        return redirect("deal", deal_id=deal_id)
    # What is only looked at has its price too: that of the application as it is.
    shown = form if form.is_bound else CorrectionForm(start, rows=rows, is_last_step=False)
    context = {
        "application": application,
        "form": form,
        "quote": _quoted(shown, application, by),
        "reasons": bank_reasons(application, by),
    }
    return render(request, "deal/resubmit.html", context, status=400 if form.errors else 200)


@require_GET
def correction_quote(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """What the application costs put right so, asked for while figures change."""
    by, application = open_deal(request, deal_id, sides=("buyer",))
    form = CorrectionForm(request.GET, rows=_rows(application, by), is_last_step=False)
    context = {"quote": _quoted(form, application, by), "form": form}
    return render(request, "applications/quote.html", context)


def _quoted(form: CorrectionForm, application: Application, by: Actor) -> QuoteView | None:
    """The quote of what stands in the form."""
    if not form.is_valid():
        return None
    try:
        changes = _changes(form.cleaned_data)
        return quote_view(services.preview_correction(application.pk, changes=changes, by=by))
    except DomainError as refusal:
        say_at(form, refusal, FIELD_OF)
        return None


def _changes(given: dict[str, Any], document_ids: tuple[UUID, ...] = ()) -> CorrectionIn:
    return CorrectionIn(
        order_line_ids=tuple(UUID(each) for each in given["lines"]),
        matures_on=given["matures_on"],
        funding_planned_on=given["funding_planned_on"],
        own_funds_minor=given["own_funds"],
        document_ids=document_ids,
    )


def _resubmitted(form: CorrectionForm, application: Application, by: Actor) -> bool:
    given = form.cleaned_data
    try:
        changes = _changes(given, _stored(given["document"], application, by))
        services.resubmit_application(
            application.pk, purpose=given["purpose"], changes=changes, by=by
        )
    except DomainError as refusal:
        say_at(form, refusal, FIELD_OF)
        return False
    return True


def _stored(file: Any, application: Application, by: Actor) -> tuple[UUID, ...]:
    if not file:
        return ()
    document = store_document(
        file.read(),
        name=file.name,
        audience=[application.bank_id, *application.partner_ids],
        deal_id=application.deal_id,
        by=by,
    )
    return (document.pk,)


def _rows(application: Application, by: Actor) -> list[OrderLine]:
    """The lines the application holds, and the others of its order that are free."""
    mine = [each.order_line for each in application.lines.select_related("order_line")]
    free = list_financeable_lines(by=by, order_id=application.order_id)
    return sorted({*mine, *free}, key=lambda line: line.line_number)


def _as_it_is(application: Application) -> dict[str, Any]:
    return {
        "lines": [str(each.order_line_id) for each in application.lines.all()],
        "own_funds": format_yuan(application.own_funds_minor),
        "funding_planned_on": max(application.funding_planned_on, clocks.business_date()),
        "matures_on": application.matures_on,
        "purpose": application.purpose,
    }


def _line_words(line: OrderLine) -> str:
    return f"{line.line_number} · {line.name} · {format_yuan(line.amount_minor)}"
