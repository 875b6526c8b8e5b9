"""Freezing a customer's wallet on a lawful order, and lifting it, at the bank's desk."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.parties.checks import require_step_up
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization
from scf.portals.access import require_view
from scf.portals.deal.forms import tried
from scf.portals.parts import Words
from scf.portals.session import actor_of
from scf.portals.wallet import LEVELS
from scf.wallets import services
from scf.wallets.lawful import LONGEST_AUTHORITY, LONGEST_NUMBER, LONGEST_REASON, LawfulOrder
from scf.wallets.machine import S
from scf.wallets.models import Wallet
from scf.wallets.selectors import get_wallet


class OrderForm(forms.Form):
    """The order: its number, who gave it, and why the bank acts on it."""

    authority = forms.CharField(
        label=_("作出机关"),
        max_length=LONGEST_AUTHORITY,
        help_text=_("法院、监察、公安或监管机关的全称"),
    )
    number = forms.CharField(
        label=_("文书编号"),
        max_length=LONGEST_NUMBER,
        help_text=_("如：（2026）浙01执保77号；其摘要写到链上"),
    )
    reason = forms.CharField(
        label=_("事由与核验"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("如：已核对执行人员证件与协助通知书原件。只有本行能看到"),
    )

    def order(self) -> LawfulOrder:
        """What was typed."""
        given = self.cleaned_data
        return LawfulOrder(given["number"], given["authority"], given["reason"])


class FreezeForm(OrderForm):
    """And how far it goes."""

    level = forms.ChoiceField(
        label=_("范围"),
        choices=[(S.FROZEN, _("全部冻结：不收不付")), (S.DEBIT_FROZEN, _("止付：只收不付"))],
        initial=S.FROZEN,
    )

    field_order = ("level", "authority", "number", "reason")

    def __init__(self, *args: Any, wallet: Wallet, **options: Any) -> None:
        super().__init__(*args, **options)
        if wallet.status == S.DEBIT_FROZEN:
            # It pays nothing already; what is left to choose is nothing.
            self.fields["level"].choices = [(S.FROZEN, LEVELS[S.FROZEN])]  # type: ignore[attr-defined]


def freeze(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """Freeze it, or what goes out of it; asks for the second factor."""
    by, wallet = _kept(request, wallet_id)
    form = FreezeForm(request.POST or None, wallet=wallet)

    def act() -> object:
        level = form.cleaned_data["level"]
        return services.freeze_wallet(wallet, order=form.order(), level=level, by=by)

    return _asked(
        request, form, act, wallet, by, title=_("冻结钱包"), done=_("已提交，链上确认后生效")
    )


def lift(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """Lift the freeze on an order that says so; asks for the second factor."""
    by, wallet = _kept(request, wallet_id)
    form = OrderForm(request.POST or None)

    def act() -> object:
        return services.unfreeze_wallet(wallet, order=form.order(), by=by)

    return _asked(
        request, form, act, wallet, by, title=_("解冻钱包"), done=_("已提交，链上确认后解冻")
    )


def _kept(request: HttpRequest, wallet_id: UUID) -> tuple[Actor, Wallet]:
    """A wallet of the reader's bank, for who may freeze; nobody else finds the page."""
    by = actor_of(request)
    require_view(by, Permission.WALLET_FREEZE)
    wallet = get_wallet(wallet_id, by=by)
    if wallet.bank_id != by.organization_id:
        raise NotFound(_("没有这个钱包"))
    return by, wallet


def _asked(
    request: HttpRequest,
    form: OrderForm,
    act: Callable[[], object],
    wallet: Wallet,
    by: Actor,
    *,
    title: Words,
    done: Words,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        require_step_up(by)
        if tried(form, act):
            messages.success(request, str(done))
            return redirect("wallet", wallet_id=wallet.pk)
    context = {
        "form": form,
        "title": title,
        "wallet": wallet,
        "owner": get_organization(wallet.owner_id),
        "is_freeze": isinstance(form, FreezeForm),
    }
    return render(request, "wallets/order.html", context, status=400 if form.errors else 200)
