"""Line numbers as people write them: 1-40,43. Short enough for an address, whatever the order."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

MOST = 5_000
_PART = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?", re.ASCII)


class WrongRange(ValueError):
    """Not numbers and ranges of numbers; the message may be shown."""


def read_ranges(text: str) -> set[int]:
    """The numbers of ``1-40,43``; Chinese commas and blanks are taken too. Raises WrongRange."""
    found: set[int] = set()
    for part in re.split(r"[,，、;；\s]+", text.strip()):
        if part:
            found |= _numbers(part)
        if len(found) > MOST:
            raise WrongRange(_("行数过多"))
    return found


def write_ranges(numbers: Iterable[int]) -> str:
    """The shortest way to write them: {1, 2, 3, 5} -> 1-3,5."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def _numbers(part: str) -> set[int]:
    match = _PART.fullmatch(part.replace("–", "-").replace("—", "-"))
    first = int(match[1]) if match else 0
    last = int(match[2] or first) if match else 0
    if not 0 < first <= last or last - first >= MOST:
        raise WrongRange(_("行号写法不正确：%(part)s") % {"part": part[:20]})
    return set(range(first, last + 1))
