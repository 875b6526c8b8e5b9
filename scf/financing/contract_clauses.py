"""The words of a loan contract (借款合同): its table of terms and its clauses, Chinese and English.

They are data (``contract_words.toml``): what is said only where it was agreed says so itself.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from scf.financing.contract_terms import agreed_in, figures_of
from scf.financing.models import Application
from scf.payments.models import Payment

WORDS = Path(__file__).with_name("contract_words.toml")


def term_rows(application: Application, payment: Payment) -> list[dict[str, str]]:
    """Each term as a row: ``zh`` and ``en`` name it, ``value`` and ``value_en`` say it."""
    holds, figures = agreed_in(application, payment), figures_of(application, payment)
    return [
        {
            "zh": row["zh"],
            "en": row["en"],
            "value": row["value"].format_map(figures),
            "value_en": row["value_en"].format_map(figures),
        }
        for row in _said(_words()["term"], holds)
    ]


def clauses_of(application: Application, payment: Payment) -> list[dict[str, Any]]:
    """The clauses in their order: ``zh`` and ``en`` title, ``parts`` the paragraphs of each."""
    holds = agreed_in(application, payment)
    return [
        {
            "zh": clause["zh"],
            "en": clause["en"],
            "parts": [
                {"zh": part["zh"], "en": part["en"]} for part in _said(clause["part"], holds)
            ],
        }
        for clause in _words()["clause"]
    ]


def _said(words: list[dict[str, str]], holds: set[str | None]) -> Iterator[dict[str, str]]:
    return (each for each in words if each.get("when") in holds)


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))
