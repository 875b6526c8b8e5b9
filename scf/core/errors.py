"""The refusals a service may raise; each carries a stable code and a sentence safe to show, Chinese
first.
"""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from scf.core.words import listed, words_of_permission

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class DomainError(Exception):
    """A refusal with words for people and a ``code`` for machines.

    ``detail`` is a translatable sentence (the Chinese is the source text) that may name values of
    ``extra`` as ``%(name)s``; ``extra`` also goes into the problem body of the API.
    """

    status = 500

    def __init__(self, detail: "str | _StrPromise", *, code: str = "", **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code
        self.extra = extra

    default_code = "error"

    def text(self) -> str:
        """The sentence in the active language, with its values filled in."""
        return str(self.detail) % self.extra if self.extra else str(self.detail)

    def __str__(self) -> str:
        return f"{self.code}: {self.text()}"


class NotFound(DomainError):
    """It does not exist, or not for you: the two are not told apart."""

    status = 404
    default_code = "not_found"


class Forbidden(DomainError):
    """The permission is missing, or this person of all may not."""

    status = 403
    default_code = "forbidden"


class NotPermitted(Forbidden):
    """The actor's roles do not hold this permission: says what it is for and who holds it."""

    def __init__(self, permission: str) -> None:
        what, holders = words_of_permission(permission)
        super().__init__(
            _("您的岗位不能%(what)s，请由%(holders)s办理"),
            permission=str(permission),
            what=what,
            holders=listed(holders),
        )


class OnePersonTwice(Forbidden):
    """Maker and checker, or the words of two sides, would be one person's (four eyes)."""

    default_code = "four_eyes"

    def __init__(self) -> None:
        super().__init__(_("经办与复核必须是两个人：请由另一位同事操作"))


class Conflict(DomainError):
    """The world moved on: wrong state, duplicate key, content changed."""

    status = 409
    default_code = "wrong_state"


class RuleBroken(DomainError):
    """A rule of the business with a code of its own says no."""

    status = 422
    default_code = "rule_broken"


class Unavailable(DomainError):
    """The node or the bank did not answer; the only refusal worth retrying unchanged."""

    status = 503
    default_code = "unavailable"
