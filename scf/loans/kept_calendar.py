"""Where the operator keeps the working days: a file of the stack, else the one shipped here."""

from pathlib import Path

from django.conf import settings

from scf.loans.working_days import WorkingDayTable, parse_table

FILE_NAME = "working_days.csv"
_SHIPPED = Path(__file__).parent / "working_days_cn.csv"


def kept_file() -> Path:
    """Return where the operator's own table lies, whether or not it is there."""
    return Path(settings.SCF_HOME) / FILE_NAME


def working_day_table() -> WorkingDayTable:
    """Return the table in force. Raises BadTable for a file that cannot be right."""
    path = kept_file() if kept_file().is_file() else _SHIPPED
    return parse_table(path.read_text(encoding="utf-8"))


def keep_table(text: str) -> WorkingDayTable:
    """Put a table in force, whole or not at all. Raises BadTable and then changes nothing."""
    table = parse_table(text)
    path = kept_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return table
