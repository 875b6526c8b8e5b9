"""Any amount a column can hold is written in capital numerals."""

import pytest

from scf.core.money import MAX_MINOR
from scf.documents.capitals import capital_yuan


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (37260237, "叁拾柒万贰仟陆佰零贰元叁角柒分"),
        (10**18, "壹亿亿元整"),
        (10**18 + 1, "壹亿亿元零壹分"),
        (10**18 + 30_000_000_00, "壹亿亿叁仟万元整"),
        (10**18 + 5_00, "壹亿亿零伍元整"),
        (
            MAX_MINOR,
            "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分",
        ),
        (-(10**18), "负壹亿亿元整"),
    ],
)
def test_an_amount_in_capital_numerals(minor, words):
    assert capital_yuan(minor) == words
