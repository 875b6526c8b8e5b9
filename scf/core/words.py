"""Words for what the code names: lists as people write them, and permissions as people say them.

The room that grants the permissions teaches their words at start; rooms below it refuse in them.
"""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Words = str | Promise

_permissions: dict[str, tuple[Words, Sequence[Words]]] = {}


def _joined(words: Sequence[Words]) -> str:
    distinct = dict.fromkeys(str(each) for each in words)
    return gettext("、").join(distinct)


listed = lazy(_joined, str)


def teach_permissions(words: Mapping[str, tuple[Words, Sequence[Words]]]) -> None:
    """Say for each permission what it lets a person do, and which roles hold it."""
    _permissions.update({str(name): said for name, said in words.items()})


def words_of_permission(permission: str) -> tuple[Words, Sequence[Words]]:
    """What the permission lets a person do, and the roles that hold it.

    A step no role holds is the system's own.
    """
    return _permissions.get(str(permission), (_("办理这一步"), [_("系统")]))
