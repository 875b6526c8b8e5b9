"""Where the operator keeps the LPR quotes: a file of the stack, else the one shipped here."""

from pathlib import Path

from django.conf import settings

from scf.loans.quote_table import BadQuotes, QuoteTable, parse_quotes

FILE_NAME = "base_rates.csv"
_SHIPPED = Path(__file__).parent / "base_rates_cn.csv"


def kept_quotes_file() -> Path:
    """Return where the operator's own quotes lie, whether or not they are there."""
    return Path(settings.SCF_HOME) / FILE_NAME


def quote_table() -> QuoteTable:
    """Return the quotes in force. Raises BadQuotes for a file that cannot be right."""
    path = kept_quotes_file() if kept_quotes_file().is_file() else _SHIPPED
    return parse_quotes(path.read_text(encoding="utf-8"))


def keep_quotes(text: str) -> QuoteTable:
    """Put quotes in force, whole or not at all. Raises BadQuotes and then changes nothing.

    What was published stays: loans were priced from it.
    """
    table = parse_quotes(text)
    if not table.extends(quote_table()):
        raise BadQuotes(
            "已公布的报价不能修改或删除 / a published quote cannot be changed or left out"
        )
    path = kept_quotes_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return table
