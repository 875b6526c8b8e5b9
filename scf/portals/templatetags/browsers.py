"""Which browser and system a device reports, in words a person knows."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The most telling mark first: every browser also names those it descends from.
BROWSERS = (
    ("MicroMessenger/", "WeChat"), ("HuaweiBrowser/", "Huawei Browser"), ("Edg", "Edge"),
    ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"),
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


@register.filter
def browser(user_agent: str) -> str:
    """``Chrome · Linux`` from what a browser says of itself; in words what it does not say."""
    found = [_first(user_agent, BROWSERS), _first(user_agent, SYSTEMS)]
    return " · ".join(name for name in found if name) or _("未知浏览器")


def _first(user_agent: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in marks if mark in user_agent), "")
