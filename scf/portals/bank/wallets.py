"""The customers' wallets at the bank's desk: balances, 兑换, and what customers' payers paid in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from scf.banks.models import BankCredit
from scf.banks.selectors import collection_numbers
from scf.banks.services import record_credit
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import NotFound
from scf.ledger.selectors import list_balances
from scf.parties.models import Organization
from scf.parties.permissions import Permission
from scf.parties.selectors import list_organizations
from scf.portals.access import require_view
from scf.portals.deal.forms import tried
from scf.portals.deal.words import ACTS, Words
from scf.portals.forms import YuanField
from scf.portals.lists import page_of
from scf.portals.names import short_names
from scf.portals.parts import Chip, Empty
from scf.portals.session import actor_of
from scf.portals.wallet import TONES as TONES_OF_STATUS
from scf.wallets import services
from scf.wallets.machine import A, S
from scf.wallets.models import Act, Purpose, Wallet
from scf.wallets.selectors import get_wallet, list_issues, list_kept_wallets
from scf.wallets.services.exchange import EXCHANGED

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

P = Permission
RECENT = 20
TONES = {A.ASKED: "grey", A.SENT: "blue", A.DONE: "green", A.FAILED: "red"}


class ExchangeForm(forms.Form):
    """How much, and under which number the bank's own system debited it."""

    amount = YuanField(label=_("兑换金额（元）"), max_length=30)
    reference = forms.CharField(
        label=_("核心系统流水号"), max_length=40,
        help_text=_("存款已在核心系统扣减的流水号；同一流水号只兑换一次"),
    )  # fmt: skip


class CreditForm(forms.Form):
    """A payment that came into a customer's collection account."""

    amount = YuanField(label=_("到账金额（元）"), max_length=30)
    payer_name = forms.CharField(label=_("付款人"), max_length=120)
    reference = forms.CharField(
        label=_("核心系统流水号"), max_length=80, help_text=_("同一流水号只入账一次")
    )
    remark = forms.CharField(label=_("附言"), max_length=200, required=False)


@dataclass(frozen=True)
class Held:
    """What one wallet of a customer holds, in fen, None where there is no such wallet; with its
    page, and its status where that is not the usual one.
    """

    label: Words
    minor: int | None
    url: str = ""
    chip: Chip | None = None


@dataclass(frozen=True)
class Customer:
    """One customer: its wallets in the order of the columns, and what may be done for it."""

    organization: Organization
    balances: list[Held]
    number: str
    exchange_url: str
    credit_url: str


@dataclass(frozen=True)
class Issue:
    """Money issued into a wallet, in words, with where it stands."""

    act: Act
    owner: str
    what: Words
    chip: Chip
    tx_url: str


@require_GET
def wallets(request: HttpRequest) -> HttpResponse:
    """The bank's customers with what lies in their wallets, and what was issued lately."""
    by = _desk(request)
    search = request.GET.get("q", "").strip()
    kept = list_kept_wallets(_bank(by))
    owners = list_organizations(by=by, search=search).filter(
        pk__in={wallet.owner_id for wallet in kept}
    )
    page = page_of(owners.order_by("-pk"), request)
    context = {
        "q": search,
        "page": page,
        "rows": _customers(page.rows, by),
        "columns": [purpose.label for purpose in _COLUMNS],
        "issues": _issues(by),
        "empty": Empty(_("没有客户钱包"), _("客户加入项目后在本行开立的钱包显示在这里。")),
    }
    return render(request, "bank/wallets.html", context)


def exchange(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """兑换 into a customer's general wallet, or the bank's own; asks for the second factor."""
    by = _desk(request)
    wallet = get_wallet(wallet_id, by=by)
    form = ExchangeForm(request.POST or None)

    def act() -> object:
        given = form.cleaned_data
        return services.exchange(
            wallet.pk, amount_minor=given["amount"], reference=given["reference"], by=by
        )

    return _asked(
        request, form, act, wallet.owner_id, by,
        title=_("存款兑换数字人民币"), done=_("已提交，链上确认后到钱包"),
    )  # fmt: skip


def credit(request: HttpRequest, owner_id: UUID) -> HttpResponse:
    """A payer's money into a customer's collection account; what is due is then taken from it."""
    by = _desk(request)
    number = collection_numbers(_bank(by)).get(owner_id)
    if number is None:
        raise NotFound(_("没有这个页面，或者您无权查看"))
    form = CreditForm(request.POST or None)

    def act() -> BankCredit:
        given = form.cleaned_data
        return record_credit(
            number,
            reference=given["reference"],
            amount_minor=given["amount"],
            payer_name=given["payer_name"],
            remark=given["remark"],
            by=by,
        )

    return _asked(
        request, form, act, owner_id, by,
        title=_("登记客户回款"), done=_("已登记，链上确认后进入回款监管钱包"),
    )  # fmt: skip


def _asked(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], object],
    owner_id: UUID,
    by: Actor,
    *,
    title: Words,
    done: "str | _StrPromise",
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, done)
        return redirect("bank:wallets")
    context = {
        "form": form,
        "title": title,
        "owner": list_organizations(by=by).filter(pk=owner_id).first(),
        "number": collection_numbers(_bank(by)).get(owner_id, ""),
    }
    return render(request, "bank/wallet_form.html", context, status=400 if form.errors else 200)


_COLUMNS = (Purpose.GENERAL, Purpose.COLLECTION, Purpose.DEPOSIT)


def _desk(request: HttpRequest) -> Actor:
    """Whoever signs for the bank: nobody else sees its customers' balances together."""
    by = actor_of(request)
    require_view(by, P.PAYMENT_SIGN)
    _bank(by)
    return by


def _bank(by: Actor) -> UUID:
    if by.organization_id is None:
        raise NotFound(_("没有这个页面，或者您无权查看"))
    return by.organization_id


def _customers(owners: Sequence[Organization], by: Actor) -> list[Customer]:
    bank_id = _bank(by)
    ids = {owner.pk for owner in owners}
    kept = [wallet for wallet in list_kept_wallets(bank_id) if wallet.owner_id in ids]
    codes = [wallet.account_code for wallet in kept]
    booked = {row.code: row.balance_minor for row in list_balances(bank_id, by=SYSTEM, codes=codes)}
    numbers = collection_numbers(bank_id)
    return [
        _customer(owner, [each for each in kept if each.owner_id == owner.pk], booked, numbers)
        for owner in owners
    ]


def _customer(
    owner: Organization, kept: list[Wallet], booked: Mapping[str, int], numbers: Mapping[UUID, str]
) -> Customer:
    into = next((each for each in kept if each.purpose in EXCHANGED), None)
    number = numbers.get(owner.pk, "")
    mine = {each.purpose: each for each in kept}
    # The bank's own coins stand in the first column.
    if Purpose.GENERAL not in mine and Purpose.OWN in mine:
        mine[Purpose.GENERAL] = mine[Purpose.OWN]
    return Customer(
        organization=owner,
        balances=[_held(purpose.label, mine.get(purpose), booked) for purpose in _COLUMNS],
        number=number,
        exchange_url=reverse("bank:exchange", args=[into.pk]) if into else "",
        credit_url=reverse("bank:credit", args=[owner.pk]) if number else "",
    )


def _held(label: Words, wallet: Wallet | None, booked: Mapping[str, int]) -> Held:
    if wallet is None:
        return Held(label, None)
    tone = TONES_OF_STATUS.get(wallet.status, "grey")
    return Held(
        label,
        booked.get(wallet.account_code, 0),
        reverse("wallet", args=[wallet.pk]),
        None if wallet.status == S.ACTIVE else Chip(wallet.status_label, tone),
    )


def _issues(by: Actor) -> list[Issue]:
    """What was issued lately, newest first."""
    found = list_issues(_bank(by), limit=RECENT)
    names = short_names((wallet.owner_id for _act, wallet in found), by=by)
    return [
        Issue(
            act=act,
            owner=names.get(wallet.owner_id, ""),
            what=ACTS.get(act.kind, act.kind),
            chip=Chip(act.status_label, TONES[A(act.status)]),
            tx_url=reverse("transaction", args=[act.tx_hash]) if act.tx_hash else "",
        )
        for act, wallet in found
    ]
