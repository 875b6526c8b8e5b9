"""The menus of the four portals: one table; a room's pages are added here, each with its
permission.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.parties.permissions import Permission

P = Permission


@dataclass(frozen=True)
class Entry:
    """One line of a menu: its words, the name of its address, and the permissions any of which
    shows it (none: everybody).
    """

    label: str | Promise
    url_name: str
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True)
class MenuItem:
    """An entry as the page shows it."""

    label: str | Promise
    url: str
    is_here: bool


ORDERS = Entry(_("订单"), "orders", (P.ORDER_VIEW,))
APPLICATIONS = Entry(_("融资"), "applications", (P.APPLICATION_VIEW,))
LOANS = Entry(_("贷款"), "loans", (P.LOAN_VIEW,))
DEMANDS = Entry(_("代偿"), "demands", (P.LOAN_VIEW,))
PROGRAMMES = Entry(_("项目"), "programmes", (P.APPLICATION_VIEW,))
STUCK = Entry(_("异常处理"), "stuck", (P.CHAIN_REPAIR, P.CHAIN_REPAIR_APPROVE))

MENUS: dict[str, tuple[Entry, ...]] = {
    "enterprise": (Entry(_("首页"), "enterprise:home"), ORDERS, APPLICATIONS, DEMANDS, PROGRAMMES),
    "bank": (
        Entry(_("首页"), "bank:home"),
        APPLICATIONS,
        LOANS,
        ORDERS,
        PROGRAMMES,
        Entry(_("额度"), "bank:limits", (P.APPLICATION_VIEW,)),
        Entry(_("客户钱包"), "bank:wallets", (P.PAYMENT_SIGN,)),
        STUCK,
    ),
    "member": (Entry(_("首页"), "member:home"), ORDERS, APPLICATIONS, LOANS, PROGRAMMES),
    "operator": (Entry(_("首页"), "operator:home"), STUCK),
}


def menu_of(portal: str, actor: Actor, path: str) -> list[MenuItem]:
    """The menu of the actor's portal, marked where the reader is: the longest address that leads
    here.
    """
    shown = [
        (entry.label, reverse(entry.url_name))
        for entry in MENUS.get(portal, ())
        if not entry.permissions or any(actor.can(each) for each in entry.permissions)
    ]
    # Every address of a portal begins with its home's, so a home leads to itself alone.
    home = reverse(f"{portal}:home") if portal else ""
    leading = (
        url for _label, url in shown if path == url or (url != home and path.startswith(url))
    )
    here = max(leading, key=len, default="")
    return [MenuItem(label, url, is_here=url == here) for label, url in shown]
