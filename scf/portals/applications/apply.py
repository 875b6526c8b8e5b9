"""Applying step by step: order, lines, terms with a live quote, papers in full, submit.

Every step's figures stand in the address, so nothing is lost by going back, and nothing is kept
before the last step.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from scf.core.actor import Actor
from scf.core.errors import DomainError, NotFound, RuleBroken
from scf.core.money import format_yuan
from scf.credit.inputs import ApplicationTerms
from scf.credit.selectors import list_programmes, terms_for
from scf.financing.services import ApplicationIn, preview_application, submit_application
from scf.parties.permissions import Permission
from scf.portals.access import require_view
from scf.portals.applications.forms import LinesForm, TermsForm
from scf.portals.applications.quote import QuoteView, quote_view
from scf.portals.applications.ranges import WrongRange, read_ranges, write_ranges
from scf.portals.forms import say_at, sent
from scf.portals.orders.figures import quantity_text
from scf.portals.parts import Empty
from scf.portals.session import actor_of
from scf.trade.models import Order, OrderLine
from scf.trade.selectors import get_order, list_financeable_lines
from scf.workflow import clocks

FIELD_OF = {
    "own_funds_too_low": "own_funds",
    "tenor_outside": "matures_on",
    "member_suspended": "programme",
    "programme_not_in_force": "programme",
    "wrong_programme": "programme",
    "limit_exceeded": "own_funds",
    "limit_missing": "programme",
    "limit_frozen": "programme",
    "limit_not_in_force": "programme",
}
USUAL_DAYS = 90
TICKED_AT_MOST = 200


@dataclass(frozen=True)
class Choice:
    """What was chosen so far: the order, its lines, and the programmes that could finance them."""

    order: Order
    lines: list[OrderLine]
    programmes: list[ApplicationTerms]
    numbers: str

    @property
    def total_minor(self) -> int:
        """What the chosen lines are worth, in fen."""
        return sum(line.amount_minor for line in self.lines)


@require_GET
def choose_order(request: HttpRequest) -> HttpResponse:
    """The orders with lines that can be financed."""
    by = _applicant(request)
    free = list_financeable_lines(by=by).filter(order__buyer_id=by.organization_id)
    orders = (
        free.order_by("-order_id")
        .values("order_id", "order__number", "order__seller__name", "order__ordered_on")
        .annotate(many=Count("pk"), worth=Sum("amount_minor"))
    )
    empty = Empty(
        _("没有可以融资的订单"),
        _("订单由卖方确认、以人民币计价、且未在别处融资，才会出现在这里。"),
        _("查看订单"),
        reverse("orders"),
    )
    return render(request, "applications/choose.html", {"orders": orders[:100], "empty": empty})


def choose_lines(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Which lines: ticked, or by number on a long order."""
    by = _applicant(request)
    order = _own_order(order_id, by)
    free = list(list_financeable_lines(by=by, order_id=order.pk))
    form = LinesForm(sent(request)[0], free=free)
    if request.method == "POST" and form.is_valid():
        query = QueryDict(mutable=True)
        query["lines"] = write_ranges(form.cleaned_data["numbers"])
        return redirect(f"{reverse('apply_terms', args=[order.pk])}?{query.urlencode()}")
    ticked = set(request.POST.getlist("line")) if form.is_bound else None
    context = {
        "order": order,
        "form": form,
        "rows": [
            (line, quantity_text(line.quantity), ticked is None or str(line.line_number) in ticked)
            for line in free[:TICKED_AT_MOST]
        ],
        "is_long": len(free) > TICKED_AT_MOST,
        "all_numbers": write_ranges(line.line_number for line in free),
    }
    return render(request, "applications/lines.html", context, status=400 if form.errors else 200)


@require_GET
def terms(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Programme, dates and own funds, with what it costs beside them."""
    by = _applicant(request)
    choice = _choice(request, order_id, by)
    if not choice.lines:
        messages.info(request, _("请先选择要融资的订单行"))
        return redirect("apply_lines", order_id=order_id)
    form = _terms_form(request.GET, choice, is_last_step=False)
    shown = _quoted(form, choice, by) if choice.programmes else None
    return _terms_page(request, choice, form, shown)


@require_GET
def quote(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The quote alone, asked for while figures change."""
    by = _applicant(request)
    choice = _choice(request, order_id, by)
    form = _terms_form(request.GET, choice, is_last_step=False)
    context = {"quote": _quoted(form, choice, by), "form": form}
    return render(request, "applications/quote.html", context)


def papers(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The request and the mandate in full, then the submit."""
    by = _applicant(request)
    choice = _choice(request, order_id, by)
    given = request.POST if request.method == "POST" else request.GET
    form = _terms_form(given, choice, is_last_step=True)
    if request.method == "POST" and form.is_valid():
        answer = _submitted(request, form, choice, by)
        if answer is not None:
            return answer
    # What lacks only its purpose has its price all the same.
    priced = form if not form.errors else _terms_form(given, choice, is_last_step=False)
    shown = _quoted(priced, choice, by)
    if shown is None or form.errors:
        return _terms_page(request, choice, form, shown, status=400)
    context = {"choice": choice, "form": form, "quote": shown, "fields": _carried(form, choice)}
    return render(request, "applications/papers.html", context)


def _submitted(
    request: HttpRequest, form: TermsForm, choice: Choice, by: Actor
) -> HttpResponse | None:
    try:
        application = submit_application(_asked(form, choice), by=by)
    except DomainError as refusal:
        _say(form, refusal)
        return None
    messages.success(
        request, _("已提交，申请编号 %(number)s，等待银行审查") % {"number": application.number}
    )
    return redirect("deal", deal_id=application.deal_id)


def _terms_page(
    request: HttpRequest,
    choice: Choice,
    form: TermsForm,
    shown: QuoteView | None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"choice": choice, "form": form, "quote": shown}
    return render(request, "applications/terms.html", context, status=status)


def _applicant(request: HttpRequest) -> Actor:
    by = actor_of(request)
    require_view(by, Permission.APPLICATION_SUBMIT)
    return by


def _own_order(order_id: UUID, by: Actor) -> Order:
    order = get_order(order_id, by=by)
    if order.buyer_id != by.organization_id:
        raise NotFound(_("没有这张订单"))
    return order


def _choice(request: HttpRequest, order_id: UUID, by: Actor) -> Choice:
    order = _own_order(order_id, by)
    written = request.POST.get("lines", "") or request.GET.get("lines", "")
    try:
        numbers = read_ranges(written)
    except WrongRange:
        numbers = set()
    free = list_financeable_lines(by=by, order_id=order.pk)
    lines = [line for line in free if line.line_number in numbers]
    return Choice(
        order=order,
        lines=lines,
        programmes=_programmes(order, by),
        numbers=write_ranges(line.line_number for line in lines),
    )


def _programmes(order: Order, by: Actor) -> list[ApplicationTerms]:
    """The programmes in force whose enterprise is a party of the order and the buyer a member."""
    found = []
    sides = (order.buyer_id, order.seller_id)
    for programme in list_programmes(by=by).filter(enterprise_id__in=sides)[:20]:
        try:
            found.append(terms_for(programme.pk, borrower_id=order.buyer_id, by=by))
        except (NotFound, RuleBroken):
            continue
    return found


def _terms_form(given: QueryDict, choice: Choice, *, is_last_step: bool) -> TermsForm:
    today = clocks.business_date()
    data = given if "programme" in given else _usual(choice, today)
    choices = [(str(each.programme_id), each.programme_name) for each in choice.programmes]
    return TermsForm(data, programmes=choices, today=today, is_last_step=is_last_step)


def _usual(choice: Choice, today: date) -> dict[str, str]:
    first = next(iter(choice.programmes), None)
    days = (
        min(max(USUAL_DAYS, first.terms.tenor_min_days), first.terms.tenor_max_days) if first else 0
    )
    return {
        "programme": str(first.programme_id) if first else "",
        "funding_planned_on": today.isoformat(),
        "matures_on": (today + timedelta(days=days)).isoformat(),
    }


def _quoted(form: TermsForm, choice: Choice, by: Actor) -> QuoteView | None:
    if not choice.lines or not form.is_valid():
        return None
    try:
        return quote_view(preview_application(_asked(form, choice), by=by))
    except DomainError as refusal:
        _say(form, refusal)
        return None


def _asked(form: TermsForm, choice: Choice) -> ApplicationIn:
    given = form.cleaned_data
    return ApplicationIn(
        programme_id=UUID(given["programme"]),
        order_line_ids=tuple(line.pk for line in choice.lines),
        matures_on=given["matures_on"],
        funding_planned_on=given["funding_planned_on"],
        own_funds_minor=given["own_funds"],
        purpose=given["purpose"],
    )


def _say(form: TermsForm, refusal: DomainError) -> None:
    if refusal.code == "own_funds_too_low":
        figures = {name: format_yuan(int(str(refusal.extra[name]))) for name in ("least", "total")}
        words = _("首付款须不少于 %(least)s 元，且小于货款 %(total)s 元") % figures
        form.add_error("own_funds", words)
    else:
        say_at(form, refusal, FIELD_OF)


def _carried(form: TermsForm, choice: Choice) -> dict[str, Any]:
    return {"lines": choice.numbers, **{name: form.data.get(name, "") for name in form.fields}}
