"""Reference cases written by others stay as good as they are; a floor per suite, no list of ids."""

from pathlib import Path

import pytest

from tests.loans.cases import fineract, mortgage
from tests.loans.cases.runner import load_cases, report, run_case, run_folder

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "loan-vectors"

#: The share of whole cases that must pass, per suite; raise it whenever more pass.
FLOORS: dict[str, float] = {
    "apr": 1.0,
    "actus": 1.0,
    "fineract": 0.96,
    "fineract-emi": 0.96,
    "frappe": 1.0,
    "mortgagemath": 1.0,
    "numpy-financial": 1.0,
    "pyxirr": 1.0,
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "Expecting property name"),
        ("[7]", "no list of checks"),
        ('[{"id": 1, "suite": ["apr"], "checks": {}}]', "no list of checks"),
        ('[{"suite": "apr", "checks": [{"after": 0}]}]', "nothing known of 'tolerance'"),
        ('[{"suite": "x", "contract": {"model": "tvm"}, "checks": [{}]}]', "nothing known of"),
    ],
)
def test_what_is_no_case_fails_with_words_and_the_run_goes_on(tmp_path: Path, text, words) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    (tmp_path / "b.json").write_text('[{"suite": "y", "checks": [{}]}]', encoding="utf-8")

    found = report(run_folder(tmp_path))["failing"]

    assert [words in found[0]["difference"], found[1]["difference"]] == [True, "no adapter"]


def test_after_an_unknown_action_no_check_holds_but_those_before_it_do() -> None:
    status = {"check": "status", "status": "submitted_and_pending_approval"}
    case = {
        "contract": LOAN,
        "actions": [{"do": "create", "date": "2024-01-01"}, {"do": "sell_to_the_moon"}],
        "checks": [{"after": 1} | status, {"after": 2} | status, {"after": 9} | status],
    }

    found = fineract.run(case)

    assert [result.passed for result in found] == [True, False, False]
    assert found[1].difference == "unknown action sell_to_the_moon"


def test_a_mortgage_that_begins_with_interest_alone_quotes_it_as_its_instalment() -> None:
    # 120,000.00 at 6 %: 600.00 a month for two years, then level instalments over 28.
    checks = [{"after": 0, "check": "instalment_amount", "amount": "600.00"}]

    found = mortgage.run({"contract": MORTGAGE, "checks": checks, "tolerance": {"abs": "0.001"}})

    assert [result.passed for result in found] == [True]


LOAN = {
    "product": "a loan",
    "principal": "1200",
    "submitted_on": "2024-01-01",
    "start_date": "2024-01-01",
    "instalments": 3,
    "every": {"n": 1, "unit": "month"},
    "interest": {
        "rate_pct": "0",
        "rate_per": "year",
        "method": "flat",
        "calc_period": "same_as_repayment_period",
    },
    "day_count": {"month": "30", "year": "360"},
    "amortisation": "equal_instalment",
    "rounding": {},
    "schedule": {"type": "cumulative", "processing": "horizontal"},
    "allocation": {"strategy": "penalties_fees_interest_principal_order"},
    "delinquency": {"bucket_day_bounds": [], "grace_on_arrears_days": 0},
}
MORTGAGE = {
    "principal": "120000",
    "annual_rate_pct": "6",
    "term_months": 360,
    "amortisation_months": 360,
    "every": "monthly",
    "compounding": "monthly",
    "day_count": "30/360",
    "amortisation": "equal_instalment",
    "rounding": {
        "instalment": "half_up",
        "interest": "half_up",
        "unit": "0.01",
        "balance": "round_each",
    },
    "interest_only_months": 24,
    "given_instalment": None,
    "fee_per_instalment": "0",
    "rate_changes": [],
}
