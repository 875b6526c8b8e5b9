"""The operator's table of holidays and worked weekends, and the warning for a missing year."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scf.loans.kept_calendar import keep_table, kept_file, working_day_table
from scf.loans.working_days import BadTable, parse_table

HEAD = "first,last,kind,name\n"
WHOLE_2027 = HEAD + "2027-01-01,2027-01-03,closed,元旦\n2027-10-01,2027-10-07,closed,国庆节\n"


@pytest.fixture
def home(settings, tmp_path):
    settings.SCF_HOME = tmp_path
    return tmp_path


def test_the_table_that_comes_with_us_knows_holidays_and_worked_weekends(home):
    table = working_day_table()
    days = table.calendar

    assert table.years == (2024, 2025, 2026)
    assert days.next_working(date(2026, 2, 15)) == date(2026, 2, 24)
    assert days.is_working(date(2026, 2, 14))  # a Saturday worked for the spring festival
    assert not days.is_working(date(2026, 10, 7))
    assert days.next_working(date(2025, 10, 1)) == date(2025, 10, 9)
    assert days.is_working(date(2025, 9, 28))
    assert days.next_working(date(2024, 9, 15)) == date(2024, 9, 18)


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 10, 31), ()),
        (date(2026, 11, 1), (2027,)),
        (date(2027, 1, 1), (2027,)),
        (date(2027, 12, 1), (2027, 2028)),
    ],
)
def test_next_years_holidays_are_missed_from_november_on(home, today, missing):
    table = working_day_table()

    assert table.missing(today) == missing
    assert all(str(y) in words for y, words in zip(missing, table.warnings(today), strict=True))
    assert not table.covers(date(2027, 6, 1))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("day,kind\n", "line 1"),
        (HEAD + "2026-13-01,2026-01-01,closed,元旦\n", "line 2"),
        (HEAD + "2026-01-03,2026-01-01,closed,元旦\n", "backwards"),
        (HEAD + "2026-01-01,2026-03-01,closed,元旦\n", "too long"),
        (HEAD + "2026-01-01,2026-01-01,open,元旦\n", "closed or worked"),
        (HEAD + "2026-01-05,2026-01-05,worked,元旦\n", "weekend"),
        (HEAD + "2026-01-01,2026-01-03,closed,元旦\n2026-01-03,2026-01-04,closed,x\n", "twice"),
        (HEAD + "2026-01-01\n", "line 2"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused_by_its_line(text, words):
    with pytest.raises(BadTable, match=words):
        parse_table(text)


def test_the_operators_table_comes_before_ours_and_a_wrong_one_changes_nothing(home):
    keep_table(WHOLE_2027)
    with pytest.raises(BadTable):
        keep_table(HEAD + "2028-01-01,,closed,元旦\n")

    assert working_day_table().years == (2027,)
    assert kept_file().read_text(encoding="utf-8") == WHOLE_2027


def test_the_command_says_which_years_are_there_and_fails_for_a_missing_one(home, time_machine):
    time_machine.move_to("2027-03-01T04:00:00Z")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("working_days", stdout=out)
    assert "2024, 2025, 2026" in out.getvalue()
    assert "the holidays of 2027" in out.getvalue()

    put = home / "mine.csv"
    put.write_text(WHOLE_2027, encoding="utf-8")
    out = StringIO()
    call_command("working_days", put=put, stdout=out)
    assert out.getvalue() == "已有年份 / years: 2027\n"


def test_a_file_that_is_not_there_is_said(home):
    with pytest.raises(CommandError):
        call_command("working_days", put=home / "nothing.csv")
