"""Money that a frozen wallet could not receive waits in the escrow; here its owner and the bank
agree to send it on.
"""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.core.money import format_yuan
from scf.financing.models import Application
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization
from scf.payments.claims import Claim, list_claims
from scf.payments.models import Payment
from scf.payments.selectors import payment_of
from scf.payments.services import claim_waiting
from scf.portals.deal.access import open_deal
from scf.portals.deal.actions import Button
from scf.portals.deal.words import Words


class ClaimForm(forms.Form):
    """Which wallet is meant."""

    wallet = forms.UUIDField()


@dataclass(frozen=True)
class ClaimCard:
    """What waits for one wallet as the page shows it; ``agreed`` names each who must agree."""

    claim: Claim
    owner: str
    agreed: list[tuple[str, bool]]
    may_agree: bool


def claim(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """What waits for the reader's wallets (for the bank: for all), who has agreed, and the yes."""
    by, application = open_deal(request, deal_id)
    payment = payment_of(application.pk, by=by)
    claims = list_claims(payment, by=by)
    if request.method == "POST":
        return _agree(request, application, payment, claims, by)
    cards = [_card(each, by) for each in claims]
    return render(request, "deal/claim.html", {"application": application, "cards": cards})


def _agree(
    request: HttpRequest, application: Application, payment: Payment, claims: list[Claim], by: Actor
) -> HttpResponse:
    form = ClaimForm(request.POST)
    wanted = form.cleaned_data["wallet"] if form.is_valid() else None
    found = next((each for each in claims if each.wallet.pk == wanted), None)
    if found is None or not may_agree(by) or by.organization_id is None:
        raise NotFound(_("没有等待领取的款项"))
    claim_waiting(payment.pk, wallet=found.wallet, party=by.organization_id, by=by)
    messages.success(request, _("已同意，双方都同意后付到钱包"))
    return redirect("deal", deal_id=application.deal_id)


def _card(found: Claim, by: Actor) -> ClaimCard:
    return ClaimCard(
        claim=found,
        owner=get_organization(found.wallet.owner_id).name,
        agreed=[
            (get_organization(party).short_name, is_agreed)
            for party, is_agreed in found.agreed.items()
        ],
        may_agree=may_agree(by) and found.awaits(by) and not found.is_frozen,
    )


def may_agree(by: Actor) -> bool:
    """Whether the person may sign for its organization that waiting money is paid on."""
    return by.can(Permission.PAYMENT_SIGN) or by.can(Permission.APPLICATION_SIGN)


def kept_words(payment: Payment | None, by: Actor) -> list[Words]:
    """That money waits for a wallet that could not receive it, and what has to happen, as far as
    it is the reader's concern.
    """
    if payment is None or payment.claimable_minor <= 0:
        return []
    said: list[Words] = [
        _("%(yuan)s 元暂时付不进收款方的钱包，留在托管待其领取；不影响其他款项。")
        % {"yuan": format_yuan(payment.claimable_minor)}
    ]
    claims = list_claims(payment, by=by)
    if any(each.is_frozen for each in claims):
        said.append(_("钱包冻结中：须先由开户银行凭有权机关的通知解冻。"))
    elif claims:
        said.append(_("钱包已可收款：钱包所有人和银行各同意一次，就付到钱包。"))
    return said


def claim_button(application: Application, payment: Payment | None, by: Actor) -> list[Button]:
    """The way to the page, while anything waits that the reader may see."""
    if payment is None or payment.claimable_minor <= 0 or not by.can(Permission.APPLICATION_VIEW):
        return []
    claims = list_claims(payment, by=by)
    if not claims:
        return []
    is_due = may_agree(by) and any(each.awaits(by) and not each.is_frozen for each in claims)
    words: Words = _("领取待付款项") if is_due else _("查看待领取款项")
    tone = "primary" if is_due else "outline-secondary"
    return [Button(words, reverse("claim", args=[application.deal_id]), tone=tone)]
