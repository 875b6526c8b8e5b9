"""What an adapter answers for one check of a case."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: did it hold, and if not, the first difference in words."""

    passed: bool
    difference: str = ""


def held() -> CheckResult:
    """The check holds."""
    return CheckResult(passed=True)


def differs(difference: str) -> CheckResult:
    """The check does not hold, and why."""
    return CheckResult(passed=False, difference=difference)


def in_words(problem: Exception) -> str:
    """What went wrong, so that a reader knows what the case asked for."""
    if isinstance(problem, KeyError):
        return f"nothing known of {problem}"
    return f"{type(problem).__name__}: {problem}"
