"""The LPR quotes the operator keeps: read, extended, shown."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from scf.loans.base_rate import Tenor, quote_on
from scf.loans.kept_quotes import _SHIPPED, keep_quotes, kept_quotes_file, quote_table
from scf.loans.quote_table import BadQuotes, parse_quotes

HEAD = "published_on,1Y,5Y\n"
SHIPPED = _SHIPPED.read_text(encoding="utf-8")


@pytest.fixture
def home(settings, tmp_path):
    """A stack of its own."""
    settings.SCF_HOME = str(tmp_path)
    return tmp_path


def test_the_quotes_of_the_worked_example_are_there(home):
    quotes = quote_table().quotes

    assert quote_on(quotes, tenor=Tenor.ONE_YEAR, day=date(2024, 1, 15)).rate_ppm == 34_500
    assert quote_on(quotes, tenor=Tenor.FIVE_YEARS, day=date(2024, 2, 20)).rate_ppm == 39_500


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("day,1Y,5Y\n", "line 1"),
        (HEAD, "rise"),
        (HEAD + "2026-13-20,3.00,3.50\n", "line 2"),
        (HEAD + "2026-01-20,3.00\n", "line 2"),
        (HEAD + "2026-01-20,3.00,three\n", "line 2"),
        (HEAD + "2026-01-20,3.00,0\n", "line 2"),
        (HEAD + "2026-02-20,3.00,3.50\n2026-01-20,3.00,3.50\n", "rise"),
    ],
)
def test_quotes_that_cannot_be_right_are_refused_by_their_line(text, words):
    with pytest.raises(BadQuotes, match=words):
        parse_quotes(text)


def test_a_quote_once_published_is_neither_changed_nor_left_out(home):
    longer = SHIPPED + "2026-05-20,2.90,3.40\n"
    keep_quotes(longer)
    for wrong in (SHIPPED, longer.replace("2.90", "2.80")):
        with pytest.raises(BadQuotes, match="cannot be changed"):
            keep_quotes(wrong)

    assert kept_quotes_file().read_text(encoding="utf-8") == longer


def test_the_command_shows_the_quotes_and_fails_when_they_are_old(home, time_machine):
    time_machine.move_to("2026-06-01T04:00:00Z")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("base_rates", stdout=out)
    assert "1Y 3.00 % 2025-05-20" in out.getvalue()
    assert "newer one" in out.getvalue()

    put = home / "mine.csv"
    put.write_text(SHIPPED + "2026-05-20,2.90,3.40\n", encoding="utf-8")
    out = StringIO()
    call_command("base_rates", put=put, stdout=out)
    assert out.getvalue() == "1Y 2.90 % 2026-05-20\n5Y 3.40 % 2026-05-20\n"
    with pytest.raises(CommandError):
        call_command("base_rates", put=home / "nothing.csv")
