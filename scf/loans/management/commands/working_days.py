"""``manage.py working_days [--put FILE]``: the years the calendar knows, and what is missing."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scf.core import clock
from scf.loans.kept_calendar import keep_table, working_day_table
from scf.loans.working_days import BadTable, WorkingDayTable


class Command(BaseCommand):
    """Shows the table in force, or puts a new one in force; exit 1 when a year is missing."""

    help = "工作日历（放假调休）；缺年份时退出码为 1 / Working days; exit 1 for a missing year"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--put FILE``: take the operator's table from a CSV file."""
        parser.add_argument("--put", type=Path, help="CSV: first,last,kind,name")

    def handle(self, **options: Any) -> None:
        """Print the years and the warnings."""
        table = self._table(options["put"])
        years = ", ".join(map(str, table.years)) or "无 / none"
        self.stdout.write(f"已有年份 / years: {years}")
        warnings = table.warnings(clock.today())
        for warning in warnings:
            self.stdout.write(warning)
        if warnings:
            sys.exit(1)

    def _table(self, put: Path | None) -> WorkingDayTable:
        try:
            if put is None:
                return working_day_table()
            return keep_table(put.read_text(encoding="utf-8"))
        except (BadTable, OSError) as wrong:
            raise CommandError(str(wrong)) from wrong
