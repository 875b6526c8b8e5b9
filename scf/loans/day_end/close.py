"""The close of a bank day for every running loan: the quiet ones together, the others folded."""

from collections.abc import Callable
from datetime import date

from scf.loans.day_end.quiet import CHUNK, close_quiet
from scf.loans.services.close import close_loans_together, count_running, loans_to_close

FOLDED_TOGETHER = 200  # in one transaction, whose locks others wait for
FOLDED_A_LINE = 1_000  # folded loans between two lines of progress


def close_loans(day: date, *, tell: Callable[[str], object] = str, chunk: int = CHUNK) -> int:
    """Close a day for all loans; returns how many were closed now.

    ``tell`` hears a line a chunk, and one a thousand folded loans, where there are more than that.
    Safe twice and after being killed anywhere: a loan has its row with all that its close brings,
    in the transaction of its chunk, and who has no row yet is found by that.
    """
    total, done = count_running(), 0
    for found in close_quiet(day, chunk=chunk):
        done += found
        if total > chunk:
            tell(f"{day} 日终 {done}/{total}")
    left = loans_to_close(day)
    for start in range(0, len(left), FOLDED_TOGETHER):
        together = left[start : start + FOLDED_TOGETHER]
        close_loans_together(together, day=day)
        done += len(together)
        if (start + FOLDED_TOGETHER) % FOLDED_A_LINE == 0:
            tell(f"{day} 日终 {done}/{total}")
    return done
