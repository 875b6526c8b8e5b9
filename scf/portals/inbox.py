"""The reader's messages: the list, reading one or all, and what also comes by mail."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.core.actor import Actor
from scf.loans.selectors import list_loans
from scf.notifications.models import Channel, Kind
from scf.notifications.selectors import count_by_kind, kinds_by, list_inbox
from scf.notifications.services import mark_all_read, mark_read, set_preferences
from scf.notifications.wording import said_of
from scf.parties.models import User
from scf.parties.permissions import Permission
from scf.parties.services import set_mail_address
from scf.portals.lists import Tab, address, page_of
from scf.portals.parts import Empty
from scf.portals.session import actor_of

# What these facts tell of stands on the page of the loan.
ABOUT_A_LOAN = ("collection_task", "guarantee", "loan", "loan_proposal")
PAGES_APART = {"person": "mfa_index", "recovery": "people"}


class InboxFilter(forms.Form):
    """What the list is narrowed to; lives in the address."""

    kind = forms.ChoiceField(choices=[("", ""), *Kind.choices], required=False)
    unread = forms.BooleanField(required=False)


class KindForm(forms.Form):
    """Of which kind all are read; none means every kind."""

    kind = forms.ChoiceField(choices=[("", ""), *Kind.choices], required=False)


class PreferencesForm(forms.Form):
    """Where mail goes and what comes by it."""

    mail = forms.EmailField(label=_("邮箱"), required=False, max_length=254)
    kinds = forms.MultipleChoiceField(
        label=_("同时发邮件"),
        choices=[each for each in Kind.choices if each[0] != Kind.ACCOUNT],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        """Nothing can be sent without an address."""
        given = super().clean() or self.cleaned_data
        if given.get("kinds") and not given.get("mail") and "mail" not in self.errors:
            self.add_error("mail", _("请填写邮箱，或不选邮件"))
        return given


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The messages, newest first; what waits and of which kind live in the address."""
    by = actor_of(request)
    form = InboxFilter(request.GET)
    form.is_valid()
    given = form.cleaned_data
    kind, is_unread = given.get("kind", ""), given.get("unread", False)
    page = page_of(list_inbox(by=by, kind=kind, is_unread=is_unread), request)
    context = {
        "rows": said_of(page.rows),
        "page": page,
        "tabs": _tabs(request, by, is_unread=is_unread),
        "kind": kind,
        "is_unread": is_unread,
        "other_url": address(request, unread="" if is_unread else "1", after=""),
        "empty": Empty(
            _("没有未读消息") if is_unread else _("还没有消息"),
            _("轮到您处理、还款到期、资金到账和审批结果都会出现在这里。"),
        ),
    }
    return render(request, "inbox/list.html", context, status=400 if form.errors else 200)


def _tabs(request: HttpRequest, by: Actor, *, is_unread: bool) -> list[Tab]:
    counts = count_by_kind(by=by, is_unread=is_unread)
    chosen = request.GET.get("kind", "")
    everything = Tab(
        _("全部"), address(request, kind="", after=""), sum(counts.values()), not chosen
    )
    return [
        everything,
        *(
            Tab(label, address(request, kind=value, after=""), counts.get(value, 0), here)
            for value, label in Kind.choices
            if (here := value == chosen) or counts.get(value)
        ),
    ]


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """How many messages wait, as the head of a page shows it: a page that follows a deal asks
    again once the messages about what happened are written.
    """
    actor_of(request)  # somebody who is logged in; the count is that of every page's head
    return render(request, "parts/bell_count.html")


@require_GET
def open_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """To the loan, the deal or the account a message is about; whoever follows it has read it."""
    by = actor_of(request)
    item = mark_read(item_id, by=by)
    if item.deal_id is None:
        if item.fact.subject_kind == "wallet":
            return redirect("wallet", wallet_id=item.fact.subject_id)
        return redirect(PAGES_APART[item.fact.subject_kind])
    is_about_loan = item.fact.subject_kind in ABOUT_A_LOAN and by.can(Permission.LOAN_VIEW)
    loan = list_loans(by=by).filter(deal_id=item.deal_id).first() if is_about_loan else None
    if loan is not None:
        return redirect("loan", loan_id=loan.pk)
    return redirect("deal", deal_id=item.deal_id)


@require_POST
def read_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One message is read, and the list comes again as it was."""
    mark_read(item_id, by=actor_of(request))
    return redirect(_back_to(request))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All messages are read, or all of a kind."""
    form = KindForm(request.POST)
    count = (
        mark_all_read(by=actor_of(request), kind=form.cleaned_data["kind"])
        if form.is_valid()
        else 0
    )
    messages.success(request, _("已将 %(count)s 条消息标为已读") % {"count": count})
    return redirect(_back_to(request))


def preferences(request: HttpRequest) -> HttpResponse:
    """What also comes by mail, and where it goes."""
    by = actor_of(request)
    user: User = request.user  # type: ignore[assignment]  # actor_of refuses everybody else
    first = {"mail": user.email, "kinds": sorted(kinds_by(Channel.MAIL, by=by))}
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid() and by.person_id:
        given = form.cleaned_data
        set_mail_address(user, mail=given["mail"], by=by)
        set_preferences(by.person_id, channel=Channel.MAIL, kinds=given["kinds"], by=by)
        messages.success(request, _("通知设置已保存"))
        return redirect("inbox_preferences")
    context = {
        "form": form,
        "kinds": form["kinds"].subwidgets,
        "mail_is_on": settings.MAIL_IS_ON,
    }
    return render(request, "inbox/preferences.html", context, status=400 if form.errors else 200)


def _back_to(request: HttpRequest) -> str:
    """The list with the filters it was sent from."""
    form = InboxFilter(request.POST)
    form.is_valid()
    kept = [
        f"{name}={value}"
        for name, value in (
            ("kind", form.cleaned_data.get("kind")),
            ("unread", "1" if form.cleaned_data.get("unread") else ""),
        )
        if value
    ]
    return "?".join(filter(None, (reverse("inbox"), "&".join(kept))))
