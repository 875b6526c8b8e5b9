"""Reference cases written by others stay as good as they are; a floor per suite, no list of ids."""

from pathlib import Path

import pytest

from tests.loans.cases.runner import load_cases, report, run_case

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "loan-vectors"

#: The share of whole cases that must pass, per suite; raise it whenever more pass.
FLOORS: dict[str, float] = {
    "apr": 0.98,
    "actus": 0.98,
    "fineract": 0.96,
    "fineract-emi": 0.96,
    "frappe": 1.0,
    "mortgagemath": 0.98,
    "numpy-financial": 0.98,
    "pyxirr": 0.98,
}


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the reference cases are not on this machine")
@pytest.mark.parametrize("suite", sorted(FLOORS))
def test_a_suite_passes_no_fewer_cases_than_before(suite: str) -> None:
    found = report([run_case(case) for case in load_cases(FOLDER) if case["suite"] == suite])

    counts = found["suites"][suite]
    assert counts["passed"] / counts["total"] >= FLOORS[suite], found["failing"][:5]


def test_a_case_nobody_can_run_fails_with_words() -> None:
    result = run_case({"id": "x/1", "suite": "of-nobody", "contract": {}, "checks": [{}]})

    assert (result.passed, result.difference, result.checks_total) == (False, "no adapter", 1)
