"""Fees a loan contract names: each a sum on a day, a claim of the bank when its day has come.

A fee never lessens what is lent: interest, fees and deposit are not deducted from principal
(民法典 §670). It falls due on its day like any other claim and is paid first (§561).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import count

from scf.loans.calendars import add_months


class FeeAt(StrEnum):
    """When a fee falls due."""

    FUNDING = "funding"  # once, on the day the escrow is funded
    INSTALMENT = "instalment"  # on every due date
    YEAR = "year"  # on the day of funding and on each anniversary before maturity
    MATURITY = "maturity"  # once, at maturity or with an earlier settlement
    ADDED = "added"  # agreed later by two persons: once, on its day or with an earlier settlement


WITH_SETTLEMENT = (FeeAt.MATURITY, FeeAt.ADDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedFee:
    """``amount_minor`` fen of the fee called ``code``, due on the day ``on``."""

    code: str
    at: FeeAt
    on: date
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeClaim:
    """What of one fee is owed, in fen; ``nr`` is its place in the terms, 0 of a fee without a day.

    ``due_on`` is the day it was claimed. One added without an agreed day (kept from before such
    fees named theirs) is owed at once and never past due.
    """

    nr: int
    due_on: date
    owed_minor: int


def fees_left(claims: tuple[FeeClaim, ...], *, paid_minor: int) -> tuple[FeeClaim, ...]:
    """Return the claims still owed after so many fen paid or forgave them, the oldest first."""
    left: list[FeeClaim] = []
    for claim in claims:
        part = min(paid_minor, claim.owed_minor)
        paid_minor -= part
        if part < claim.owed_minor:
            left.append(replace(claim, owed_minor=claim.owed_minor - part))
    return tuple(left)


def fee_days(at: FeeAt, *, opened_on: date, due_dates: tuple[date, ...]) -> tuple[date, ...]:
    """Return the days on which a fee falls due over the life of a loan, rising."""
    match at:
        case FeeAt.FUNDING:
            return (opened_on,)
        case FeeAt.INSTALMENT:
            return due_dates
        case FeeAt.YEAR:
            return tuple(_anniversaries(opened_on, due_dates[-1]))
        case FeeAt.MATURITY:
            return due_dates[-1:]
        case FeeAt.ADDED:
            return ()  # no plan has it: it comes with its own day


def opened_fees(fees: tuple[AgreedFee, ...], *, planned: date, on: date) -> tuple[AgreedFee, ...]:
    """Return the fees of a loan that really opens on a day.

    Those of the planned opening follow it; others stay, and fall away with a due date that is not
    after the opening any more.
    """
    return tuple(
        replace(fee, on=on) if fee.on == planned else fee
        for fee in fees
        if fee.on == planned or fee.on > on
    )


def _anniversaries(start: date, end: date) -> Iterator[date]:
    for years in count():
        day = add_months(start, 12 * years)
        if day >= end:
            return
        yield day
