"""Refusals that only a door makes: about the request itself, not about the business."""

from typing import TYPE_CHECKING

from scf.core.errors import DomainError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class RequestRefused(DomainError):
    """The request cannot be taken as it stands; ``status`` is that of HTTP."""

    def __init__(
        self, detail: "str | _StrPromise", *, status: int, code: str, **extra: object
    ) -> None:
        super().__init__(detail, code=code, **extra)
        self.status = status
