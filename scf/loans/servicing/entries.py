"""What a loan's history is made of: dated entries, never changed once made. Minor units."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from scf.loans.servicing.dates import Frequency


class Kind(StrEnum):
    """What an entry is; the values are the names its postings carry."""

    DISBURSEMENT = "disbursement"
    DOWN_PAYMENT = "down_payment"
    CAPITALISED_INCOME = "capitalized_income"
    REPAYMENT = "repayment"
    GOODWILL_CREDIT = "goodwill_credit"
    MERCHANT_REFUND = "merchant_issued_refund"
    PAYOUT_REFUND = "payout_refund"
    INTEREST_REFUND = "interest_refund"
    INTEREST_WAIVER = "interest_payment_waiver"
    CHARGE_ADJUSTMENT = "charge_adjustment"
    CHARGE_WAIVER = "waive_loan_charges"
    CHARGEBACK = "chargeback"
    CREDIT_REFUND = "credit_balance_refund"
    PAYMENT_REFUND = "refund"
    CHARGE_OFF = "charge_off"
    WRITE_OFF = "close_(as_written_off)"
    RE_AGE = "re_age"
    RE_AMORTISE = "re_amortize"
    ACCRUAL = "accrual"
    ACCRUAL_ADJUSTMENT = "accrual_adjustment"
    ACCRUAL_ACTIVITY = "accrual_activity"
    CHARGE = "charge"
    RATE_CHANGE = "rate_change"
    INTEREST_PAUSE = "interest_pause"


#: Entries that are money from (or for) the borrower, allocated by the order of payment.
PAYMENTS = frozenset(
    {
        Kind.REPAYMENT,
        Kind.DOWN_PAYMENT,
        Kind.GOODWILL_CREDIT,
        Kind.MERCHANT_REFUND,
        Kind.PAYOUT_REFUND,
        Kind.INTEREST_REFUND,
        Kind.INTEREST_WAIVER,
        Kind.CHARGE_ADJUSTMENT,
    }
)
#: Entries that are not postings: they change the terms or what is owed.
SILENT = frozenset({Kind.CHARGE, Kind.RATE_CHANGE, Kind.INTEREST_PAUSE})
ACCRUALS = frozenset({Kind.ACCRUAL, Kind.ACCRUAL_ADJUSTMENT, Kind.ACCRUAL_ACTIVITY})


class Basis(StrEnum):
    """What a charge is reckoned on."""

    FLAT = "flat"
    PRINCIPAL = "pct_of_principal"
    PRINCIPAL_AND_INTEREST = "pct_of_principal_plus_interest"
    INTEREST = "pct_of_interest"


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee or a penalty due on a day; ``amount`` in minor units, ``percent`` if reckoned."""

    name: str
    due_on: date
    is_penalty: bool
    amount: int = 0
    percent: Decimal = Decimal(0)
    basis: Basis = Basis.FLAT


@dataclass(frozen=True, slots=True)
class ReAge:
    """New instalments for the principal still owed."""

    first_due: date
    every: Frequency
    count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One act upon the loan: its day, the business day it was made on, and its own details.

    ``number`` tells entries apart and orders those made on one day; ``of`` is the entry it is
    about (a chargeback's payment, a waiver's charge).
    """

    number: int
    kind: Kind
    day: date
    booked_on: date
    amount: int = 0
    of: int | None = None
    charge: Charge | None = None
    rate: Decimal | None = None
    until: date | None = None
    re_age: ReAge | None = None
    waived: bool = False


def replay_key(entry: Entry) -> tuple[date, date, int]:
    """Order entries for a replay: by the day they take effect, then as they were made.

    A charge takes effect when it is made, but a back-dated one on its due date.
    """
    day = entry.day
    if entry.charge is not None:
        day = min(entry.charge.due_on, entry.booked_on)
    return day, entry.booked_on, entry.number
