"""Runs every case of a folder and counts what held, whole cases and single checks.

The adapter of a case is the module beside this one with the name of the case's suite or of its
dialect (``contract.model``), hyphens written as underscores; it has one function
``run(case) -> list[CheckResult]`` with one result per check. A crash is a failing case, and so is
what is no case at all: a file that cannot be read, an entry without checks.
"""

import importlib
import importlib.util
import json
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.loans.cases.outcome import CheckResult, in_words

#: No single case may take longer than this many seconds.
SECONDS_PER_CASE = 10

#: Dialects that are run by the adapter of the suite they were first met in.
DIALECTS = {"tvm": "numpy-financial", "cashflows": "pyxirr"}

Case = dict[str, Any]
Adapter = Callable[[Case], list[CheckResult]]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: how many of its checks held, and the first difference."""

    id: str
    suite: str
    features: tuple[str, ...]
    passed: bool
    checks_passed: int
    checks_total: int
    difference: str


class TooSlow(BaseException):
    """The case took longer than it may; no adapter may catch this by accident."""


def load_cases(folder: Path) -> Iterator[Any]:
    """Every case of every JSON file of the folder, in the files' order.

    A file that cannot be read is one case without checks, which fails.
    """
    for path in sorted(folder.glob("*.json")):
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as problem:
            found = {"id": path.name, "suite": path.stem, "unreadable": str(problem)}
        yield from found if isinstance(found, list) else [found]


def adapter_of(case: Case) -> Adapter | None:
    """The function that runs a case of this dialect, None when nobody wrote one."""
    model = (case.get("contract") or {}).get("model") or ""
    for name in (case.get("suite") or "", DIALECTS.get(model, model)):
        module = f"{__package__}.{name.replace('-', '_')}"
        if name and importlib.util.find_spec(module):
            adapter: Adapter = importlib.import_module(module).run
            return adapter
    return None


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Interrupt the block once the seconds have passed."""

    def stop(_signal: int, _frame: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def run_case(case: Any) -> CaseResult:
    """Run one case; whatever goes wrong inside it is that case's difference."""
    given: Case = case if isinstance(case, dict) else {}
    checks, features = given.get("checks"), given.get("features")
    try:
        results, words = _results_of(given, checks)
    except TooSlow:
        results, words = [], f"took longer than {SECONDS_PER_CASE} s"
    total = len(checks) if isinstance(checks, list) else 0
    good = sum(result.passed for result in results)
    if not words and len(results) != total:
        words = f"{len(results)} results for {total} checks"
    first = next((result.difference for result in results if not result.passed), "")
    return CaseResult(
        id=str(given.get("id") or "a case without an id"),
        suite=str(given.get("suite") or "a case without a suite"),
        features=tuple(map(str, features)) if isinstance(features, list) else (),
        passed=not words and good == total,
        checks_passed=good,
        checks_total=total,
        difference=words or first,
    )


def _results_of(case: Case, checks: Any) -> tuple[list[CheckResult], str]:
    if not isinstance(checks, list):
        return [], case.get("unreadable") or "no list of checks"
    try:
        adapter = adapter_of(case)
        if adapter is None:
            return [], "no adapter"
        with within(SECONDS_PER_CASE):
            return adapter(case), ""
    except Exception as problem:  # noqa: BLE001 - the case fails with its words, the run goes on
        return [], in_words(problem)


def report(results: list[CaseResult]) -> dict[str, Any]:
    """Passes per suite and per feature, and each failing case with its first difference."""
    suites: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    features: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for result in results:
        suite = suites[result.suite]
        suite["passed"] += result.passed
        suite["total"] += 1
        suite["checks_passed"] += result.checks_passed
        suite["checks_total"] += result.checks_total
        for feature in result.features:
            features[feature]["passed"] += result.passed
            features[feature]["total"] += 1
    return {
        "suites": {name: dict(counts) for name, counts in sorted(suites.items())},
        "features": {name: dict(counts) for name, counts in sorted(features.items())},
        "failing": [
            {"id": result.id, "difference": result.difference}
            for result in results
            if not result.passed
        ],
    }


def run_folder(folder: Path, only: frozenset[str] = frozenset()) -> list[CaseResult]:
    """Run the folder's cases; ``only`` limits them to some suites."""
    cases = (case for case in load_cases(folder) if not only or suite_of(case) in only)
    return [run_case(case) for case in cases]


def suite_of(case: Any) -> Any:
    """The suite a case says it belongs to."""
    return case.get("suite") if isinstance(case, dict) else None
