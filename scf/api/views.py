"""The pages for developers: the schema, the description to try it out, and what each code means."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from drf_spectacular.views import SpectacularAPIView

from scf.api.codes import CODES
from scf.core.errors import NotFound


class SchemaView(SpectacularAPIView):
    """The OpenAPI description of version 1, for anybody."""

    authentication_classes = ()
    permission_classes = ()


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI from our own files, without inline scripts."""
    return render(request, "api/docs.html")


@require_GET
def problems(request: HttpRequest, code: str = "") -> HttpResponse:
    """Every code with its meaning in both languages, or the one that a problem's type names."""
    if code and code not in CODES:
        raise NotFound(_("没有这个错误码"))
    rows = [
        {"code": each, "zh": zh, "en": en}
        for each, (zh, en) in CODES.items()
        if not code or each == code
    ]
    return render(request, "api/problems.html", {"rows": rows, "code": code})
