"""``python -m tests.bench``: every benchmark in turn, each in a process of its own."""

import subprocess
import sys

BENCHMARKS = (
    "tests.bench.bench_ledger",
    "tests.bench.bench_sender",
    "tests.bench.bench_indexer",
    "tests.bench.bench_loans",
    "tests.bench.bench_api",
)


def main() -> int:
    """0 when all ran and their invariants held."""
    codes = [subprocess.call([sys.executable, "-m", name]) for name in BENCHMARKS]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
