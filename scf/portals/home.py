"""The start address and the home page of a portal: one sentence, what waits for me, where the
money is.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from scf.core.actor import Actor
from scf.portals.bank.home import bank_home
from scf.portals.enterprise.home import enterprise_home
from scf.portals.member.home import member_home
from scf.portals.operator.home import operator_home
from scf.portals.parts import Home
from scf.portals.session import session_of
from scf.wallets.selectors import list_frozen_wallets

HOMES: dict[str, Callable[[Actor], Home]] = {
    "bank": bank_home,
    "enterprise": enterprise_home,
    "member": member_home,
    "operator": operator_home,
}


def start(request: HttpRequest) -> HttpResponse:
    """To the portal of the organization one acts for; before login, to the login page."""
    session = session_of(request)
    if session.lacks_second_factor:
        return redirect("mfa_index")
    if not session.portal:
        return render(request, "no_organization.html", status=403)
    return redirect(f"{session.portal}:home")


def home(request: HttpRequest) -> HttpResponse:
    """What waits for me and where the money is."""
    session = session_of(request)
    page = HOMES[session.portal](session.actor)
    context = {"page": page, "frozen": list_frozen_wallets(by=session.actor)}
    return render(request, "home.html", context)
