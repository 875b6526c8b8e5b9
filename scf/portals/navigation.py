"""The menus of the four portals: one table; a room's pages are added here, each with its
permission.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor


@dataclass(frozen=True)
class Entry:
    """One line of a menu: its words, the name of its address, and who sees it (empty:
    everybody).
    """

    label: str | Promise
    url_name: str
    permission: str = ""


@dataclass(frozen=True)
class MenuItem:
    """An entry as the page shows it."""

    label: str | Promise
    url: str
    is_here: bool


MENUS: dict[str, tuple[Entry, ...]] = {
    "enterprise": (Entry(_("首页"), "enterprise:home"),),
    "bank": (Entry(_("首页"), "bank:home"),),
    "member": (Entry(_("首页"), "member:home"),),
    "operator": (Entry(_("首页"), "operator:home"),),
}


def menu_of(portal: str, actor: Actor, path: str) -> list[MenuItem]:
    """The menu of the actor's portal, marked where the reader is: the longest address that leads
    here.
    """
    shown = [
        (entry.label, reverse(entry.url_name))
        for entry in MENUS.get(portal, ())
        if not entry.permission or actor.can(entry.permission)
    ]
    here = max((url for _label, url in shown if path.startswith(url)), key=len, default="")
    return [MenuItem(label, url, is_here=url == here) for label, url in shown]
