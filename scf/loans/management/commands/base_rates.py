"""``manage.py base_rates [--put FILE]``: the LPR quotes in force, and whether one is missing."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scf.core import clock
from scf.loans.base_rate import Tenor, quote_on
from scf.loans.kept_quotes import keep_quotes, quote_table
from scf.loans.quote_table import PPM_PER_PERCENT, BadQuotes, QuoteTable


class Command(BaseCommand):
    """Shows the quotes of today, or puts a longer table in force; exit 1 when they look old."""

    help = "LPR 报价；可能缺报价时退出码为 1 / LPR quotes; exit 1 when one may be missing"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--put FILE``: take the operator's quotes from a CSV file."""
        parser.add_argument("--put", type=Path, help="CSV: published_on,1Y,5Y")

    def handle(self, **options: Any) -> None:
        """Print the last quotes and the warnings."""
        table, today = self._table(options["put"]), clock.today()
        for tenor in Tenor:
            quote = quote_on(table.quotes, tenor=tenor, day=max(today, table.last_on))
            whole, rest = divmod(quote.rate_ppm, PPM_PER_PERCENT)
            self.stdout.write(f"{tenor} {whole}.{rest // 100:02d} % {quote.published_on}")
        warnings = table.warnings(today)
        for warning in warnings:
            self.stdout.write(warning)
        if warnings:
            sys.exit(1)

    def _table(self, put: Path | None) -> QuoteTable:
        try:
            if put is None:
                return quote_table()
            return keep_quotes(put.read_text(encoding="utf-8"))
        except (BadQuotes, OSError) as wrong:
            raise CommandError(str(wrong)) from wrong
