"""The demo world before its first deal: organizations, people, wallets, programmes, limits. All
idempotent.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from scf.banks.services import open_collection_account
from scf.chain.services import register_party
from scf.core.actor import SYSTEM
from scf.core.money import MAX_MINOR
from scf.credit.inputs import LimitIn, ProgrammeIn
from scf.credit.models import Programme, ProgrammeVersion
from scf.credit.selectors import find_limit, terms_for
from scf.credit.services import (
    accept_invitation,
    approve_limit,
    approve_programme,
    invite_member,
    propose_limit,
    propose_programme,
    propose_version,
)
from scf.credit.terms import MAX_HASHED_INTEGER, ProgrammeTerms
from scf.ledger.services import open_book
from scf.parties.models import Organization, User
from scf.rehearsal.cast import (
    BANK,
    BUYERS,
    ENTERPRISE,
    ORGANIZATIONS,
    PEOPLE,
    SUPPLIERS,
    doer,
)
from scf.rehearsal.people import acting, organization, user_of
from scf.rehearsal.stack import Stack
from scf.rehearsal.stories import DOWNSTREAM, UPSTREAM
from scf.wallets.models import Purpose, Wallet
from scf.wallets.selectors import wallet_of
from scf.wallets.services import mint, open_wallet
from scf.workflow import clocks

YUAN = 100


@dataclass(frozen=True)
class Offered:
    """A programme of the demo: which side the core enterprise is on, its terms, who joins."""

    anchor_side: str
    terms: ProgrammeTerms
    members: tuple[str, ...]


PURPOSES = (Purpose.GENERAL, Purpose.COLLECTION)
PREFERRED = f"{DOWNSTREAM}（优选）"
GROWTH = f"{DOWNSTREAM}（成长）"
PROGRAMME_MINOR = 80_000_000 * YUAN
ENTERPRISE_MINOR = 100_000_000 * YUAN
TERMS = ProgrammeTerms(
    limit_minor=PROGRAMME_MINOR,
    rate_ppm=43_500,
    penalty_rate_ppm=65_250,
    interest_from="funding",
    tolerance_under_ppm=30_000,
    escrow_interest_ppm=500,
    escrow_interest_to="buyer",
)
# All four together are the 80,000,000.00 of the core enterprise. Rates are LPR 3.00 % and 85, 135
# or 165 basis points by tier, penalty half as much again; the better the tier, the less of the
# price is the buyer's own; the lowest pledges a deposit besides.
EXACT = replace(TERMS, tolerance_under_ppm=3_000)
OFFERED = {
    DOWNSTREAM: Offered("seller", replace(TERMS, limit_minor=40_000_000 * YUAN), BUYERS),
    PREFERRED: Offered(
        "seller",
        replace(
            EXACT,
            limit_minor=20_000_000 * YUAN,
            rate_ppm=38_500,
            penalty_rate_ppm=57_750,
            own_funds_ppm=150_000,
        ),
        ("qingye", "chenguang"),
    ),
    GROWTH: Offered(
        "seller",
        replace(
            EXACT,
            limit_minor=10_000_000 * YUAN,
            rate_ppm=46_500,
            penalty_rate_ppm=69_750,
            own_funds_ppm=300_000,
            deposit_ppm=50_000,
        ),
        ("baihe", "huazi"),
    ),
    UPSTREAM: Offered("buyer", replace(TERMS, limit_minor=10_000_000 * YUAN), SUPPLIERS),
}
BORROWER_MINOR = {"jinhe": 1_500_000 * YUAN, ENTERPRISE: 20_000_000 * YUAN}
OTHER_BORROWER_MINOR = 12_000_000 * YUAN


def programme_of(buyer: str) -> str:
    """The programme of a buyer's tier; the core enterprise's own purchases have theirs."""
    if buyer == ENTERPRISE:
        return UPSTREAM
    return next(
        (name for name in (PREFERRED, GROWTH) if buyer in OFFERED[name].members), DOWNSTREAM
    )


def build_world(stack: Stack, *, keys: Collection[str] = tuple(ORGANIZATIONS)) -> None:
    """The organizations of ``keys`` with their people, parties on the chain and wallets. Safe
    twice.
    """
    if _is_built(keys):
        return
    for key in keys:
        organization(key)
    for person, someone in PEOPLE.items():
        if someone.at in keys:
            user_of(person)
    bank = organization(BANK)
    open_book(bank.pk, name=bank.name)
    register_party(bank.pk, by=SYSTEM)
    stack.rest()
    traders = _traders(keys)
    for key in traders:
        register_party(organization(key).pk, bank_number=bank.bank_number, by=SYSTEM)
    stack.rest()
    open_wallet(bank.pk, bank_id=bank.pk, purpose=Purpose.OWN, by=SYSTEM)
    for key in traders:
        _open_wallets(organization(key), bank)
    stack.rest()


def _traders(keys: Collection[str]) -> list[str]:
    known = ((key, ORGANIZATIONS[key]) for key in keys)
    return [
        key for key, one in known if one.kind in ("enterprise", "member") and not one.trades_only
    ]


def _is_built(keys: Collection[str]) -> bool:
    people = {person for person, someone in PEOPLE.items() if someone.at in keys}
    wanted = 1 + len(PURPOSES) * len(_traders(keys))
    codes = [ORGANIZATIONS[key].uscc for key in keys]
    owners = Organization.objects.filter(uscc__in=codes).values_list("pk", flat=True)
    wallets = Wallet.objects.filter(owner_id__in=list(owners)).exclude(status="opening")
    users = User.objects.filter(username__in=people)
    return users.count() == len(people) and wallets.count() >= wanted


def build_programmes() -> None:
    """The programmes of the demo in force, their members joined, limits at all levels. Safe
    twice.
    """
    ensure_limit("enterprise", ENTERPRISE, ENTERPRISE_MINOR)
    for name, offered in OFFERED.items():
        programme = ensure_programme(name, anchor_side=offered.anchor_side, terms=offered.terms)
        for key in offered.members:
            ensure_member(programme, key)
    for key in (*BUYERS, ENTERPRISE):
        ensure_limit("borrower", key, BORROWER_MINOR.get(key, OTHER_BORROWER_MINOR))


def _open_wallets(owner: Organization, bank: Organization) -> None:
    for purpose in PURPOSES:
        open_wallet(owner.pk, bank_id=bank.pk, purpose=purpose, by=SYSTEM)
    open_collection_account(owner.pk, bank_id=bank.pk)


def wallet(key: str, purpose: str = Purpose.GENERAL) -> Wallet:
    """The organization's wallet at the demo bank. Raises LookupError before it was opened."""
    found = wallet_of(organization(key).pk, bank_id=organization(BANK).pk, purpose=purpose)
    if found is None:
        raise LookupError(f"{key} has no {purpose} wallet: build_world first")
    return found


def issue(to: Wallet, amount_minor: int, *, key: str) -> None:
    """Turn a deposit into coins of a wallet, by the bank's standing order for the demo. Once a
    key.
    """
    if amount_minor > 0:
        mint(to, amount_minor=amount_minor, key=key, standing="opening", by=SYSTEM)


def ensure_programme(name: str, *, anchor_side: str, terms: ProgrammeTerms) -> Programme:
    """The programme of this name, proposed by Chen and approved by Yi; as it is when it is
    there.
    """
    bank = organization(BANK)
    found: Programme | None = Programme.objects.filter(bank_id=bank.pk, name=name).first()
    if found is not None:
        return found
    given = ProgrammeIn(name, organization(ENTERPRISE).pk, anchor_side, terms)
    return _approved(propose_programme(given, by=acting("chen"))).programme


def _approved(version: ProgrammeVersion) -> ProgrammeVersion:
    return approve_programme(version.pk, seen=version.hash, by=acting("yi"))


def ensure_member(programme: Programme, key: str) -> None:
    """Invited by the core enterprise's sales, joined by its own signer."""
    member_id = organization(key).pk
    if programme.members.filter(organization_id=member_id).exists():
        return
    member = invite_member(
        programme.pk, organization_id=member_id, by=acting(doer(ENTERPRISE, "order"))
    )
    accept_invitation(member.pk, by=acting(doer(key, "sign")))


def ensure_limit(level: str, key: str, sanctioned_minor: int, *, revolves: bool = True) -> None:
    """A limit of at least so much (fen) at this level, proposed by Chen and approved by Yi."""
    about = organization(key).pk
    limit = find_limit(level=level, organization_id=about, bank_id=organization(BANK).pk, by=SYSTEM)
    if limit is not None and limit.sanctioned_minor >= sanctioned_minor:
        return
    given = LimitIn(
        level, about, sanctioned_minor, effective_on=clocks.business_date(), is_revolving=revolves
    )
    approve_limit(propose_limit(given, by=acting("chen")).pk, by=acting("yi"))


@dataclass(frozen=True)
class Room:
    """What an application needs at all three levels, in fen."""

    programme_id: UUID
    borrower: str
    amount_minor: int


def make_room(wanted: Room) -> None:
    """Raise whichever of the three limits is too small, so that the amount can be applied for."""
    amount = wanted.amount_minor
    bank_id = organization(BANK).pk
    for level, key in (("enterprise", ENTERPRISE), ("borrower", wanted.borrower)):
        limit = find_limit(
            level=level, organization_id=organization(key).pk, bank_id=bank_id, by=SYSTEM
        )
        have = limit.available_minor if limit else 0
        sanctioned = limit.sanctioned_minor if limit else 0
        if have < amount:
            ensure_limit(level, key, min(sanctioned + amount - have, MAX_MINOR))
    _widen_programme(wanted)


def _widen_programme(wanted: Room) -> None:
    programme = Programme.objects.get(pk=wanted.programme_id)
    limit = programme.limits.filter(level="programme").first()
    have = limit.available_minor if limit else 0
    if have >= wanted.amount_minor:
        return
    borrower_id = organization(wanted.borrower).pk
    terms = terms_for(programme.pk, borrower_id=borrower_id, by=SYSTEM).terms
    wider = min(terms.limit_minor + wanted.amount_minor - have, MAX_HASHED_INTEGER)
    terms = replace(terms, limit_minor=wider)
    _approved(propose_version(programme.pk, terms=terms, by=acting("chen")))
