"""The contract interest of one due date, as formulas a person can check by hand."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from scf.loans.accrual import Runs, Segment
from scf.loans.models import Loan
from scf.loans.selectors import formula_text
from scf.loans.services.life import book_of


@dataclass(frozen=True)
class Stretch:
    """Days over which one balance bore one rate, and the formula of their interest."""

    starts_on: date
    ends_on: date
    text: str


@dataclass(frozen=True)
class InterestDue:
    """How the interest of a due date ran and what of it was paid before, in fen."""

    starts_on: date
    stretches: tuple[Stretch, ...]
    total_minor: int
    paid_minor: int

    @property
    def owed_minor(self) -> int:
        """What of it is to pay on the due date."""
        return self.total_minor - self.paid_minor


def interest_due(loan: Loan, *, due_on: date) -> InterestDue:
    """The interest of the row due on a day, as it stands or will stand then if nothing changes.

    Raises KeyError for a day on which nothing falls due.
    """
    book = book_of(loan, on=due_on)
    row = {row.due_on: row for row in book.state.rows}[due_on]
    mine = (one for one in book.segments if (one.row_nr, one.runs) == (row.nr, Runs.CONTRACT))
    return InterestDue(
        starts_on=row.starts_on,
        stretches=tuple(
            Stretch(one.starts_on, one.ends_on, formula_text(one, book.terms.day_base))
            for one in _joined(mine)
        ),
        total_minor=row.contract.recognised_minor,
        paid_minor=row.contract.paid_minor,
    )


def _joined(segments: Iterable[Segment]) -> list[Segment]:
    """Neighbours with one balance and one rate as one: the fold stops at more days than a reader
    wants to see.
    """
    joined: list[Segment] = []
    for each in segments:
        last = joined[-1] if joined else None
        if last and _goes_on(last, each):
            joined[-1] = replace(last, ends_on=each.ends_on)
        else:
            joined.append(each)
    return joined


def _goes_on(last: Segment, each: Segment) -> bool:
    same = (each.starts_on, each.base_minor, each.rate_ppm, each.daily_share)
    return same == (last.ends_on, last.base_minor, last.rate_ppm, last.daily_share)
