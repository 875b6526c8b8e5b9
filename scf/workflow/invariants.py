"""The registry of what must always be true: every room adds its checks, ``check_invariants`` walks
them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Violation:
    """One row that breaks an invariant: what it is and the figures that disagree."""

    subject: str
    details: dict[str, object] = field(default_factory=dict)


Check = Callable[[], Iterable[Violation]]
_checks: dict[str, Check] = {}


def invariant(name: str) -> Callable[[Check], Check]:
    """Register a check under its name; it yields a violation for every row that breaks it."""

    def register(check: Check) -> Check:
        _checks[name] = check
        return check

    return register


def run_checks() -> dict[str, list[Violation]]:
    """Every registered check with the violations it found, in order of name."""
    autodiscover_modules("invariants")
    return {name: list(_checks[name]()) for name in sorted(_checks)}
