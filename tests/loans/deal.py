"""Golden deal 1 as the loan core sees it: 800,000.00 at 4.35 %, 12 March to 10 June 2026."""

from datetime import date

from scf.loans.actions import Action, Draw, Repay, ReturnUnused
from scf.loans.postings import Kind, Posting
from scf.loans.terms import Terms

LOAN = 800_000_00
FUNDED = date(2026, 3, 12)
EXPIRY = date(2026, 5, 11)
MATURITY = date(2026, 6, 10)
LATE = date(2026, 6, 15)
RETURNED = 172_080_70
RELEASES = {
    date(2026, 3, 23): 298_081_90,
    date(2026, 4, 8): 165_997_40,
    date(2026, 4, 24): 163_840_00,
}


def deal_terms(**changes: object) -> Terms:
    """The terms of the deal, with what a variant changes."""
    terms: dict[str, object] = {
        "frame_minor": LOAN,
        "rate_ppm": 43_500,
        "penalty_rate_ppm": 65_250,
        "opened_on": FUNDED,
        "due_dates": (MATURITY,),
        "expiry_on": EXPIRY,
    }
    return Terms(**(terms | changes))  # type: ignore[arg-type]


def funded() -> Draw:
    return Draw(key="fund", on=FUNDED, amount_minor=LOAN)


def returned(amount: int = RETURNED, on: date = EXPIRY) -> ReturnUnused:
    return ReturnUnused(key=f"return:{on}", on=on, amount_minor=amount)


def repaid(amount: int, on: date) -> Repay:
    return Repay(key=f"repay:{on}", on=on, amount_minor=amount)


def until_first_sweep() -> list[Action]:
    return [funded(), returned(), repaid(400_000_00, MATURITY)]


def released() -> list[Action]:
    return [Draw(key=f"draw:{on}", on=on, amount_minor=sum_) for on, sum_ in RELEASES.items()]


def the(postings: tuple[Posting, ...], kind: Kind, on: date) -> Posting:
    """The one posting of a kind on a day."""
    found = [posting for posting in postings if (posting.kind, posting.on) == (kind, on)]
    assert len(found) == 1, found
    return found[0]
