"""Figures in yuan or in 万, as each reader likes; in words in the reader's language."""

import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from scf.core.money import MAX_MINOR
from scf.portals.amount_words import ONES, SCALES, TENS, english_yuan
from scf.portals.templatetags.money import capital
from tests.portals.rooms import browser_of, text_of
from tests.portals.test_applications import submitted

FIGURE = re.compile(r'<span title="([^"]+)">([^<]+)</span>')


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path, db):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def test_a_reader_chooses_wan_and_sees_the_exact_figure_in_the_title():
    application = submitted()
    ma = browser_of("ma")
    deal = f"/deals/{application.deal_id}/"
    assert "1,000,000.00" in text_of(ma.get(deal))

    answer = ma.post("/preferences/", {"figures": "wan", "next": deal})
    assert answer.headers["Location"] == deal
    for page in (deal, "/applications/", "/orders/"):
        assert ("1,000,000.00 元", "100.00 万") in FIGURE.findall(text_of(ma.get(page))), page
    assert "1,000,000.00" in text_of(browser_of("ma").get(deal))  # another browser is untouched

    ma.post("/preferences/", {"figures": "yuan", "next": deal})
    assert not FIGURE.findall(text_of(ma.get(deal)))


def test_in_english_the_figure_says_what_it_counts():
    application = submitted()
    ma = browser_of("ma")
    ma.post("/preferences/", {"figures": "wan", "language": "en"})
    shown = text_of(ma.get(f"/deals/{application.deal_id}/"))
    assert ("1,000,000.00 yuan", "100.00 × 10k") in FIGURE.findall(shown)


def test_what_binds_or_is_paid_is_exact_whatever_was_chosen():
    application = submitted()
    ma = browser_of("ma")
    ma.post("/preferences/", {"figures": "wan"})
    shown = text_of(ma.get(f"/deals/{application.deal_id}/resubmit"))
    lines = text_of(ma.get(f"/applications/new/{application.order_id}/"))
    assert not FIGURE.findall(shown)
    assert not FIGURE.findall(lines)


def test_a_small_figure_is_not_rounded_away():
    zhou = browser_of("zhou")
    application = submitted()
    zhou.post("/preferences/", {"figures": "wan"})
    shown = text_of(zhou.get(f"/deals/{application.deal_id}/review"))
    assert "96.67" in shown
    assert "8,700.00" in shown
    assert ("800,000.00 元", "80.00 万") in FIGURE.findall(shown)


def test_an_unknown_choice_changes_nothing():
    ma = browser_of("ma")
    assert "figures" not in ma.post("/preferences/", {"figures": "<script>"}).cookies


def test_the_review_says_the_amount_in_words_of_the_readers_language():
    application = submitted()
    zhou = browser_of("zhou")
    assert "捌拾万元整" in text_of(zhou.get(f"/deals/{application.deal_id}/review"))
    zhou.post("/preferences/", {"language": "en"})
    shown = text_of(zhou.get(f"/deals/{application.deal_id}/review"))
    assert "eight hundred thousand yuan only" in shown
    assert "捌拾万" not in shown


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (0, "zero yuan only"),
        (5, "zero yuan and five fen"),
        (1_00, "one yuan only"),
        (-21_10, "minus twenty-one yuan and ten fen"),
        (8_700_00, "eight thousand seven hundred yuan only"),
        (
            372_602_37,
            "three hundred seventy-two thousand six hundred two yuan and thirty-seven fen",
        ),
        (1_000_000_000_019_00, "one trillion nineteen yuan only"),
    ],
)
def test_amounts_in_english_words(minor, words):
    assert english_yuan(minor) == words
    with translation.override("en"):
        assert capital(minor) == words


@given(st.integers(min_value=0, max_value=MAX_MINOR))
def test_english_words_read_back_are_the_amount(minor):
    yuan, rest = english_yuan(minor).split(" yuan ")
    fen = 0 if rest == "only" else read(rest.removeprefix("and ").removesuffix(" fen"))
    assert read(yuan) * 100 + fen == minor


def read(words: str) -> int:
    """The number that English words say."""
    whole, group = 0, 0
    for word in words.replace("-", " ").split():
        if word in ONES:
            group += ONES.index(word)
        elif word in TENS:
            group += TENS.index(word) * 10
        elif word == "hundred":
            group *= 100
        else:
            whole, group = whole + group * 1000 ** SCALES.index(word), 0
    return whole + group
