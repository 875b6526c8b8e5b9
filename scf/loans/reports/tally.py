"""The sums of a month's lines, counted as they pass."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from scf.loans.buckets import BUCKETS
from scf.loans.classification import Tier
from scf.loans.reports.lines import LoanLine


@dataclass
class Sums:
    """Counts and sums in fen of some of the lines."""

    loans: int = 0
    principal_minor: int = 0
    overdue_minor: int = 0
    income_minor: int = 0
    required_minor: int = 0
    provision_minor: int = 0

    def add(self, line: LoanLine) -> None:
        """Count one line."""
        self.loans += 1
        self.principal_minor += line.principal_minor
        self.overdue_minor += line.overdue.total_minor if line.days_past_due else 0
        self.income_minor += line.income_minor
        self.required_minor += line.required_minor
        self.provision_minor += line.provision_minor


@dataclass
class Moved:
    """What opened, ended and moved in the month, in fen."""

    new_loans: int = 0
    lent_minor: int = 0
    settled_loans: int = 0
    received_minor: int = 0


@dataclass
class Tally:
    """Sums of the whole book, by (product, tier) and by bucket; settled loans are only counted."""

    whole: Sums = field(default_factory=Sums)
    groups: dict[tuple[str, Tier], Sums] = field(default_factory=lambda: defaultdict(Sums))
    buckets: dict[str, Sums] = field(
        default_factory=lambda: {each.code: Sums() for each in BUCKETS}
    )
    moved: Moved = field(default_factory=Moved)

    def add(self, line: LoanLine) -> None:
        """Count one line."""
        self.moved.new_loans += line.is_new
        self.moved.settled_loans += line.is_settled
        self.moved.lent_minor += line.lent_minor
        self.moved.received_minor += line.received_minor
        self.whole.add(line)
        self.groups[line.product, line.tier].add(line)
        if line.bucket:
            self.buckets[line.bucket.code].add(line)

    @property
    def rows(self) -> list[tuple[str, Tier, Sums]]:
        """The groups by product, the best tier first."""
        order = tuple(Tier)
        keys = sorted(self.groups, key=lambda key: (key[0], order.index(key[1])))
        return [(product, tier, self.groups[product, tier]) for product, tier in keys]


def tally(lines: Iterable[LoanLine]) -> Tally:
    """Count all lines."""
    counted = Tally()
    for line in lines:
        counted.add(line)
    return counted
