"""A loan's life: acts come in, postings go out, and nothing posted is ever changed.

`Loan` is a value; every verb returns the loan after it. A verb adds or drops entries, replays, and
compares: what came out otherwise than it was posted is reversed by the system and posted anew.
Amounts in minor units.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from scf.loans.servicing.components import NOTHING, Amounts
from scf.loans.servicing.entries import ACCRUALS, SILENT, Entry, Kind, replay_key
from scf.loans.servicing.replay import replay
from scf.loans.servicing.schedule import DateChange
from scf.loans.servicing.state import Outcome, State
from scf.loans.servicing.terms import Terms


@dataclass(frozen=True, slots=True)
class Posting:
    """One posted fact. ``is_undone``: a person reversed it; ``is_replaced``: a replay did."""

    number: int
    kind: Kind
    day: date
    amount: int
    parts: Amounts = NOTHING
    overpaid: int = 0
    entry: int | None = None
    balance: int = 0
    is_undone: bool = False
    is_replaced: bool = False
    is_replayed: bool = False

    @property
    def is_live(self) -> bool:
        """Say whether the posting still counts."""
        return not self.is_undone and not self.is_replaced


@dataclass(frozen=True, slots=True)
class Loan:
    """Terms, history and postings of one loan, on one business day."""

    terms: Terms
    today: date
    entries: tuple[Entry, ...] = ()
    changes: tuple[DateChange, ...] = ()
    postings: tuple[Posting, ...] = ()
    seen_on: date | None = None
    closed_through: date | None = None
    accrued_till: date | None = None
    delinquency_pauses: tuple[tuple[date, date], ...] = ()
    bucket: int | None = None
    instalment_buckets: tuple[tuple[date, int], ...] = ()
    next_number: int = 1

    def state(self, day: date | None = None) -> State:
        """Return where the loan stands, with interest on arrears up to a day.

        Without one, up to the last day the loan was acted upon or its day was closed.
        """
        return replay(self.terms, self.entries, day or self.seen_on or self.today, self.changes)

    @property
    def disbursed(self) -> bool:
        """Say whether anything was paid out."""
        return any(entry.kind is Kind.DISBURSEMENT for entry in self.entries)

    def live(self, *kinds: Kind) -> list[Posting]:
        """Return the postings of some kinds that still count."""
        return [p for p in self.postings if p.is_live and p.kind in kinds]

    def entry(self, number: int) -> Entry:
        """Return an entry by its number."""
        return next(entry for entry in self.entries if entry.number == number)


def add(loan: Loan, entry: Entry) -> Loan:
    """Return the loan after one more entry; its number is given here."""
    numbered = replace(entry, number=loan.next_number, booked_on=loan.today)
    entries = _in_order(loan, (*loan.entries, numbered), numbered)
    return post(replace(loan, entries=entries, next_number=loan.next_number + 1))


def undo(loan: Loan, number: int) -> Loan:
    """Return the loan as if an entry had never been made; its posting stays, as undone."""
    gone = {number} | {e.number for e in loan.entries if e.of == number and _follows(e)}
    entries = tuple(entry for entry in loan.entries if entry.number not in gone)
    postings = tuple(
        replace(p, is_undone=True) if p.entry in gone and p.is_live else p for p in loan.postings
    )
    return post(replace(loan, entries=_replay_order(loan, entries), postings=postings))


def forget(loan: Loan, number: int) -> Loan:
    """Return the loan without the postings made from an entry on: they are not shown any more."""
    entries = tuple(e for e in loan.entries if e.number < number)
    kept = {e.number for e in entries}
    postings = tuple(
        p if p.entry in kept or p.entry is None else replace(p, is_replaced=True)
        for p in loan.postings
    )
    without = replace(loan, entries=entries, postings=postings)
    return post(without) if entries else without


def change(loan: Loan, entries: tuple[Entry, ...], changes: tuple[DateChange, ...]) -> Loan:
    """Return the loan with other entries or due dates, replayed in order."""
    return post(replace(loan, entries=_replay_order(loan, entries), changes=changes))


def _follows(entry: Entry) -> bool:
    return entry.kind is Kind.INTEREST_REFUND


def _in_order(loan: Loan, entries: tuple[Entry, ...], new: Entry) -> tuple[Entry, ...]:
    # A cumulative loan takes the newest entry on top of where it stands; a charge, a pay-out or an
    # act dated before others replays them. A progressive loan always stands where its entries lead.
    if loan.terms.is_progressive:
        return _replay_order(loan, entries)
    is_back_dated = any(e.day > new.day for e in loan.entries if e.kind not in SILENT)
    if is_back_dated or new.kind in {Kind.CHARGE, Kind.DISBURSEMENT}:
        return _replay_order(loan, entries)
    return entries


def _replay_order(loan: Loan, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    ordered = sorted(entries, key=replay_key)
    if loan.terms.is_progressive:
        return tuple(ordered)
    # A cumulative schedule knows all its charges from the start.
    return tuple(sorted(ordered, key=lambda entry: entry.kind not in SILENT))


def post(loan: Loan) -> Loan:
    """Return the loan with postings that say what its replay says."""
    loan = replace(loan, seen_on=loan.today)
    state = loan.state()
    postings = list(loan.postings)
    number = loan.next_number
    replaced_on: set[date] = set()
    for entry in loan.entries:
        if entry.kind in SILENT:
            continue
        outcome = state.outcomes[entry.number]
        index = _posted(postings, entry)
        if index is None:
            if _was_dropped(postings, entry) or _is_nothing(entry, outcome):
                continue
            postings.append(_posting(number, entry, outcome))
        elif _differs(postings[index], outcome) or (
            loan.terms.is_progressive and entry.day in replaced_on
        ):
            postings[index] = replace(postings[index], is_replaced=True)
            if entry.kind is Kind.CHARGE_OFF and not outcome.amount:
                continue  # nothing is left to charge off
            postings.append(replace(_posting(number, entry, outcome), is_replayed=True))
            replaced_on.add(entry.day)
        else:
            continue
        number += 1
    return with_balances(replace(loan, postings=tuple(postings), next_number=number))


def _posted(postings: list[Posting], entry: Entry) -> int | None:
    for index, posting in enumerate(postings):
        if posting.entry == entry.number and posting.is_live:
            return index
    return None


def _is_nothing(entry: Entry, outcome: Outcome) -> bool:
    return entry.kind is Kind.INTEREST_REFUND and not outcome.amount


def _was_dropped(postings: list[Posting], entry: Entry) -> bool:
    return entry.kind is Kind.CHARGE_OFF and any(p.entry == entry.number for p in postings)


def _posting(number: int, entry: Entry, outcome: Outcome) -> Posting:
    return Posting(
        number, entry.kind, entry.day, outcome.amount, outcome.parts, outcome.overpaid, entry.number
    )


def _differs(posting: Posting, outcome: Outcome) -> bool:
    return (posting.amount, posting.parts, posting.overpaid) != (
        outcome.amount,
        outcome.parts,
        outcome.overpaid,
    )


def post_income(loan: Loan, kind: Kind, day: date, parts: Amounts) -> Loan:
    """Return the loan with income recognised (or taken back) on a day; nothing for nothing."""
    if not any(parts):
        return loan
    posting = Posting(loan.next_number, kind, day, sum(parts), parts)
    number = loan.next_number + 1
    return replace(loan, postings=(*loan.postings, posting), next_number=number)


def shown(loan: Loan) -> list[Posting]:
    """Return the postings people see, by day: what a replay replaced is not among them."""
    return sorted((p for p in loan.postings if not p.is_replaced), key=lambda p: (p.day, p.number))


#: Postings that leave the principal as it is; their balance shows as nothing.
_OUTSIDE_BALANCE = ACCRUALS | {Kind.RE_AGE, Kind.RE_AMORTISE, Kind.CHARGE_OFF}


def with_balances(loan: Loan) -> Loan:
    """Return the loan with the principal owed after each posting; an undone one keeps its last."""
    found: dict[int, int] = {}
    balance = 0
    for posting in shown(loan):
        if posting.kind not in _OUTSIDE_BALANCE and posting.is_live:
            balance += _moves(posting)
            found[posting.number] = max(balance, 0)
    postings = tuple(replace(p, balance=found.get(p.number, p.balance)) for p in loan.postings)
    return replace(loan, postings=postings)


def _moves(posting: Posting) -> int:
    if posting.kind in {Kind.DISBURSEMENT, Kind.CAPITALISED_INCOME}:
        return posting.amount - posting.overpaid
    if posting.kind in {Kind.CHARGEBACK, Kind.CREDIT_REFUND}:
        if posting.overpaid:
            return max(posting.amount - posting.overpaid, 0)
        return posting.parts[0]
    if posting.kind is Kind.PAYMENT_REFUND:
        return posting.parts[0]
    return -posting.parts[0]
