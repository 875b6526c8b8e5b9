"""What every page's head needs: who, where, the menu, language and theme."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from scf.notifications.selectors import count_unread
from scf.parties.models import Theme, User
from scf.parties.permissions import Permission
from scf.portals.figures import chosen
from scf.portals.navigation import menu_of
from scf.portals.session import Session, session_of

SCHEMES = {Theme.LIGHT: "light", Theme.DARK: "dark"}


def page(request: HttpRequest) -> dict[str, Any]:
    """``session``, ``menu``, ``unread``, ``theme``, ``scheme``, ``figures``, ``languages`` and
    ``is_demo`` for ``base.html``.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"theme": Theme.AUTO.value, "scheme": "light", **_site()}
    session: Session = session_of(request)
    return {
        "session": session,
        "menu": menu_of(session.portal, session.actor, request.path),
        "theme": user.theme,
        "themes": Theme.choices,
        "unread": count_unread(by=session.actor),
        "may_manage_keys": session.actor.can(Permission.API_KEY_MANAGE),
        "may_recover": session.actor.can(Permission.ACCESS_RECOVER),
        "scheme": SCHEMES.get(Theme(user.theme), "light"),
        "figures": chosen(request),
        **_site(),
    }


def _site() -> dict[str, Any]:
    return {
        "languages": settings.LANGUAGES,
        "is_demo": settings.CHAIN_ID == settings.DEMO_CHAIN_ID,
    }
