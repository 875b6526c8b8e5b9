"""A programme's terms as plain frozen values, their hash, and what a bank may not put into them."""

from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any

import rfc8785
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from scf.core.errors import RuleBroken
from scf.core.money import PPM
from scf.credit import choices
from scf.credit.partners import Partner

MAX_HASHED_INTEGER = 2**53 - 1  # RFC 8785 knows no larger integer
NOT_OFFERED = (choices.ReleasePolicy.STAGED, choices.ReleasePolicy.GOODS_RELEASE)


@dataclass(frozen=True)
class Fee:
    """A fee of the programme: ``minor`` fen and ``ppm`` of the loan, each time ``at`` says; who
    pays it, who takes it. What the buyer pays the bank, the loan claims. The annual rate shown by
    law includes every fee the buyer pays; ``is_in_annual_rate`` may be false for the seller's
    alone.
    """

    code: str
    payer: str
    minor: int = 0
    ppm: int = 0
    is_in_annual_rate: bool = True
    taken_by: str = "bank"
    at: str = "funding"


@dataclass(frozen=True)
class ProgrammeTerms:
    """Everything a programme version fixes. Amounts fen, rates and shares ppm, periods calendar
    days (``inspection_days`` working days); defaults are those of conventions.md. ``due_day`` is a
    day of the month, 0 the funding's own. What was added later (``ADDED``) is hashed only where it
    is not the default, so that terms of before keep their hash and their meaning.
    """

    limit_minor: int
    rate_ppm: int
    penalty_rate_ppm: int
    release_policy: str = "PAY_ON_ACCEPTANCE"
    interest_from: str = "release"
    repayment: str = "bullet"
    day_base: int = 360
    tenor_min_days: int = 1
    tenor_max_days: int = 180
    own_funds_ppm: int = 200_000
    deposit_ppm: int = 0
    tolerance_under_ppm: int = 3_000
    tolerance_over_ppm: int = 3_000
    return_short_lines: bool = False
    inspection_days: int = 3
    dispute_days: int = 10
    arbiter_days: int = 10
    refund_days: int = 30
    expiry_days: int = 60
    long_stop_days: int = 60
    hold_days: int = 30
    approval_valid_days: int = 10
    sweep: str = "on_due"
    waterfall: tuple[str, ...] = choices.WATERFALL
    grace_days: int = 0
    penalty_from: str = "due_date"
    compound_on_interest: bool = False
    escrow_interest_ppm: int = 0
    escrow_interest_to: str = "nobody"
    evidence_minor: int = 0
    pays_on_silence: bool = False
    idle_cost_of: str = "seller"
    recourse: str = "none"
    fees: tuple[Fee, ...] = ()
    due_every: str = "month"
    due_day: int = 0
    due_date_rule: str = "as_agreed"
    interest_basis: str = "by_day"
    accrual_residual: str = "carry"
    early_interest: str = "whole"
    after_early: str = "lower"
    rate_base: str = "fixed"
    rate_margin_ppm: int = 0
    rate_reset: str = "fixed"
    free_days: int = 0
    free_kind: str = "always"
    principal_remainder: str = "last"
    partners: tuple[Partner, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The terms as JSON values, fees and partners as plain dictionaries."""
        plain = asdict(self)
        return plain | {name: list(plain[name]) for name in ("waterfall", "fees", "partners")}

    def content_hash(self) -> str:
        """SHA-256 (hex) over the canonical JSON of the terms (RFC 8785)."""
        said = self.as_dict()
        hashed = {
            name: said[name] for name in said if name not in ADDED or said[name] != ADDED[name]
        }
        hashed["fees"] = [_said(fee) for fee in said["fees"]]
        return sha256(rfc8785.dumps(hashed)).hexdigest()


TERM_NAMES = tuple(each.name for each in fields(ProgrammeTerms))
_ADDED_NAMES = (
    "due_every", "due_day", "due_date_rule", "interest_basis", "accrual_residual",
    "early_interest", "after_early", "rate_base", "rate_margin_ppm", "rate_reset", "free_days",
    "free_kind", "principal_remainder", "partners",
)  # fmt: skip
_NONE_SAID = ProgrammeTerms(limit_minor=0, rate_ppm=0, penalty_rate_ppm=0).as_dict()
ADDED = {name: _NONE_SAID[name] for name in _ADDED_NAMES}
CHOICES: dict[str, type[TextChoices]] = {
    "release_policy": choices.ReleasePolicy,
    "interest_from": choices.InterestFrom,
    "repayment": choices.Repayment,
    "sweep": choices.Sweep,
    "penalty_from": choices.PenaltyFrom,
    "escrow_interest_to": choices.InterestTo,
    "idle_cost_of": choices.IdleCostOf,
    "recourse": choices.Recourse,
    "due_every": choices.DueEvery,
    "due_date_rule": choices.DueDateRule,
    "interest_basis": choices.InterestBasis,
    "accrual_residual": choices.AccrualResidual,
    "early_interest": choices.EarlyInterest,
    "after_early": choices.AfterEarly,
    "rate_base": choices.RateBase,
    "rate_reset": choices.RateReset,
    "free_kind": choices.FreeKind,
    "principal_remainder": choices.PrincipalRemainder,
}
_SHARES = ("own_funds_ppm", "deposit_ppm", "tolerance_under_ppm", "tolerance_over_ppm")
_POSITIVE = (
    "limit_minor", "rate_ppm", "tenor_min_days", "inspection_days", "dispute_days", "arbiter_days",
    "refund_days", "expiry_days", "long_stop_days", "hold_days", "approval_valid_days",
)  # fmt: skip


def check_terms(terms: ProgrammeTerms) -> None:
    """Refuse terms no programme may have, in words.

    Raises RuleBroken: ``policy_not_offered`` for STAGED and GOODS_RELEASE, ``terms_invalid`` naming
    the field for everything else.
    """
    if terms.release_policy in NOT_OFFERED:
        raise RuleBroken(
            _("放款方式“%(policy)s”暂不提供：请选择放款即付、发货付款或验收付款"),
            code="policy_not_offered",
            policy=choices.ReleasePolicy(terms.release_policy).label,
        )
    for name in (*_unknown_choices(terms), *_wrong_figures(terms), *_wrong_pairs(terms)):
        raise RuleBroken(_("项目条款“%(field)s”的取值不允许"), code="terms_invalid", field=name)


def _unknown_choices(terms: ProgrammeTerms) -> list[str]:
    return [name for name, known in CHOICES.items() if getattr(terms, name) not in known.values]


def _wrong_figures(terms: ProgrammeTerms) -> list[str]:
    numbers = {each.name: getattr(terms, each.name) for each in fields(terms) if each.type is int}
    lowest = {"rate_margin_ppm": -PPM}
    return [
        *(
            name
            for name, value in numbers.items()
            if not lowest.get(name, 0) <= value <= MAX_HASHED_INTEGER
        ),
        *(name for name in _POSITIVE if getattr(terms, name) == 0),
        *(name for name in _SHARES if getattr(terms, name) >= PPM),
        *(f"fees.{fee.code}" for fee in terms.fees if not _is_allowed(fee)),
    ]


def _is_allowed(fee: Fee) -> bool:
    # The platform may charge a borrower nothing, and no cost of a borrower is left out of the rate.
    is_hidden = fee.payer == "buyer" and not fee.is_in_annual_rate
    is_platforms = fee.payer == "buyer" and fee.taken_by == choices.FeeTaker.PLATFORM
    is_known = fee.taken_by in choices.FeeTaker.values and fee.at in choices.FeeAt.values
    is_sound = bool(fee.code) and is_known and min(fee.minor, fee.ppm) >= 0
    return is_sound and not is_hidden and not is_platforms


def _wrong_pairs(terms: ProgrammeTerms) -> list[str]:
    # Penalty replaces the contract rate and lies between 1.3 and 1.5 times of it (K13).
    penalty, rate = terms.penalty_rate_ppm * 10, terms.rate_ppm
    rules = {
        "day_base": terms.day_base in (360, 365),
        "tenor_max_days": terms.tenor_min_days <= terms.tenor_max_days,
        "penalty_rate_ppm": 13 * rate <= penalty <= 15 * rate,
        "due_day": terms.due_day <= 31,
        **_product_rules(terms),
        "waterfall": sorted(terms.waterfall) == sorted(choices.WATERFALL),
        "escrow_interest_to": (terms.escrow_interest_to == "nobody")
        == (terms.escrow_interest_ppm == 0),
    }
    return [name for name, holds in rules.items() if not holds]


def _product_rules(terms: ProgrammeTerms) -> dict[str, bool]:
    is_floating = terms.rate_base != choices.RateBase.FIXED
    is_fee = terms.repayment == choices.Repayment.EQUAL_FEE
    # The fee counts the first principal, so no part of it may come back unused from the escrow.
    is_all_used = terms.interest_from == "release" or terms.release_policy == "PAY_ON_DRAWDOWN"
    is_bullet = terms.repayment == choices.Repayment.BULLET
    is_in_parts = is_fee or terms.repayment == choices.Repayment.EQUAL_PRINCIPAL
    return {
        "rate_margin_ppm": is_floating or terms.rate_margin_ppm == 0,
        "rate_reset": is_floating or terms.rate_reset == choices.RateReset.NEVER,
        "rate_base": not (is_floating and is_fee),
        "interest_from": not is_fee or is_all_used,
        "free_days": not (is_fee and terms.free_days),
        "principal_remainder": is_in_parts
        or terms.principal_remainder == choices.PrincipalRemainder.LAST,
        "free_kind": is_bullet or terms.free_kind == choices.FreeKind.ALWAYS,
    }


def _said(fee: dict[str, Any]) -> dict[str, Any]:
    """A fee as it is hashed: what was added later only where it is not the default of before."""
    defaults = (("taken_by", "bank"), ("at", "funding"))
    return {name: value for name, value in fee.items() if (name, value) not in defaults}
