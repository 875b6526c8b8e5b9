"""An address that is none of ours answers as a missing thing does."""

from typing import Any, NoReturn

from django.http import Http404
from rest_framework.request import Request

from scf.api.door import Door


class Nowhere(Door):
    """404 for whatever is asked."""

    schema = None  # type: ignore[assignment]

    def get(self, _request: Request, **_ids: Any) -> NoReturn:
        """There is nothing here."""
        raise Http404

    def post(self, _request: Request, **_ids: Any) -> NoReturn:
        """There is nothing here."""
        raise Http404
