"""The start address and the home page of a portal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from scf.portals.parts import Empty, Home
from scf.portals.session import session_of


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
    page = Home(
        sentence=_("目前没有待办事项"),
        empty=Empty(_("还没有交易"), _("订单导入并确认后，融资申请、托管资金和还款会显示在这里。")),
    )
    return render(request, "home.html", {"page": page})
