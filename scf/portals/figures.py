"""Yuan or ten thousands of yuan (元, 万元): how the pages of one reader show figures.

Kept in a cookie. Only what is read is rounded: where somebody is bound by a figure, or pays it, it
always stands there to the fen.
"""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

COOKIE = "figures"
WAN, YUAN = "wan", "yuan"
CHOICES = (YUAN, WAN)
# Below one 万 a figure rounded to 0.01 万 says too little.
LEAST_MINOR = 10_000_00
EXACT = frozenset(
    {
        "accept", "agree_return", "apply_lines", "apply_papers", "apply_quote", "apply_terms",
        "claim", "confirm_acceptance", "decide", "dispute", "import_job", "paper", "pay_out",
        "loan_what_if", "repay", "resubmit", "sign", "stuck", "verify",
    }
)  # fmt: skip

_in_wan: ContextVar[bool] = ContextVar("figures_in_wan", default=False)


class FiguresMiddleware:
    """Remembers for the time of one request whether its figures are shown in 万."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _in_wan.set(False)
        try:
            return self.get_response(request)
        finally:
            _in_wan.reset(token)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """The page is known now, and with it whether its figures must be exact."""
        name = request.resolver_match.url_name if request.resolver_match else ""
        _in_wan.set(chosen(request) == WAN and name not in EXACT)


def chosen(request: HttpRequest) -> str:
    """What the reader chose; yuan until then."""
    return WAN if request.COOKIES.get(COOKIE) == WAN else YUAN


def shown_in_wan(minor: int) -> bool:
    """Whether this figure, in fen, is shown in 万 on the page being made."""
    return _in_wan.get() and abs(minor) >= LEAST_MINOR
