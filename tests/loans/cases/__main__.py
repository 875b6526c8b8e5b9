"""``python -m tests.loans.cases DIR [--json] [--suite NAME]``: run reference cases."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tests.loans.cases.runner import report, run_folder


def main() -> int:
    """Run the folder and print the figures; 2 when the folder is not there."""
    asked = argparse.ArgumentParser(prog="python -m tests.loans.cases", description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--suite", action="append", default=[], help="only this suite")
    given = asked.parse_args()
    if not given.folder.is_dir():
        sys.stderr.write(f"no folder {given.folder}\n")
        return 2
    found = report(run_folder(given.folder, frozenset(given.suite)))
    if given.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(as_text(found))
    return 0


def as_text(found: dict[str, Any]) -> str:
    """The same figures as lines for a person."""
    lines = [
        f"{name}: {c['passed']}/{c['total']} cases, {c['checks_passed']}/{c['checks_total']} checks"
        for name, c in found["suites"].items()
    ]
    lines += [f"  {one['id']}: {one['difference']}" for one in found["failing"]]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
