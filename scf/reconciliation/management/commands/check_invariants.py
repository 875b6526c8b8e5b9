"""``manage.py check_invariants [--json]``: what must always be true, and the rows that break it."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from scf.workflow.invariants import Violation, run_checks


class Command(BaseCommand):
    """Walks every room's invariants; exit 1 and the rows when one is broken."""

    help = "检查所有不变量；有违反时退出码为 1 / Check every invariant; exit 1 when one is broken"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One flag: ``--json`` for machines."""
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, **options: Any) -> None:
        """Print every check with the rows that break it, then exit 1 when there were any."""
        found = _checked_at_one_moment()
        is_clean = not any(found.values())
        if options["json"]:
            self.stdout.write(_as_json(found, is_clean=is_clean))
        else:
            self._print(found, is_clean=is_clean)
        if not is_clean:
            sys.exit(1)

    def _print(self, found: dict[str, list[Violation]], *, is_clean: bool) -> None:
        for name, violations in found.items():
            self.stdout.write(f"{'违反 FAIL' if violations else '正常 ok  '}  {name}")
            for violation in violations:
                self.stdout.write(f"      {violation.subject}  {_line(violation.details)}")
        count = sum(len(violations) for violations in found.values())
        words = "全部成立 / all hold" if is_clean else f"{count} 行违反 / {count} rows break them"
        self.stdout.write(f"{len(found)} 项检查 / checks: {words}")


def _checked_at_one_moment() -> dict[str, list[Violation]]:
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            # One snapshot for all checks: money that moves meanwhile is seen by none or by all.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return run_checks()


def _as_json(found: dict[str, list[Violation]], *, is_clean: bool) -> str:
    checks = {name: [asdict(each) for each in violations] for name, violations in found.items()}
    return json.dumps({"ok": is_clean, "checks": checks}, ensure_ascii=False, default=str, indent=2)


def _line(details: dict[str, object]) -> str:
    return " ".join(f"{name}={value}" for name, value in details.items())
