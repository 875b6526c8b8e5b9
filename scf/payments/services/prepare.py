"""Preparing an agreement and gathering the signatures of bank, buyer and seller under its very
terms.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import services as chain
from scf.chain.calls import ZERO_ADDRESS, ZERO_WORD
from scf.chain.contracts import address_of
from scf.chain.hashing import word_of
from scf.chain.parties import party_id_of
from scf.core.actor import Actor
from scf.core.errors import RuleBroken
from scf.payments import machine
from scf.payments.agreements import ESCROW, Action, escrow_act, line_id_of, terms_of
from scf.payments.models import Payment, PaymentLine
from scf.payments.selectors import lock_payment
from scf.payments.terms import (
    CONFIRM_BUYER_ALONE,
    CONFIRM_BUYER_AND_SECOND,
    CONFIRM_NOT_NEEDED,
    CONFIRM_SELLER_AND_BANK,
    RELEASE_POLICIES,
    Leaf,
    Terms,
    agreement_id_of,
    lines_root_of,
    payees_of,
    terms_hash_of,
)
from scf.wallets.acts import ActIn, approve_act, prepare_act
from scf.wallets.attempts import attempt_key
from scf.wallets.ledger_accounts import bank_number_of
from scf.wallets.models import Act, Purpose, Wallet
from scf.wallets.selectors import active_wallet
from scf.workflow.deals import lock_deal

TEMPLATE = word_of("scf.directed-purchase.v1")


@dataclass(frozen=True)
class AgreementLineIn:
    """One order line: the most that may be paid for it (fen) and its tolerances (ppm of quantity,
    K8).
    """

    order_line_id: UUID
    cap_minor: int
    tolerance_under_ppm: int = 0
    tolerance_over_ppm: int = 0


@dataclass(frozen=True)
class AgreementIn:
    """What the parties agreed. Amounts are fen; the clocks are aware moments (K10), ``*_days``
    calendar days.
    """

    application_id: UUID
    deal_id: UUID | None
    bank_id: UUID
    buyer_id: UUID
    seller_id: UUID
    release_policy: str
    total_minor: int
    own_funds_minor: int
    lines: tuple[AgreementLineIn, ...]
    fund_by: datetime
    expires_at: datetime
    long_stop_at: datetime
    refund_days: int
    dispute_days: int
    arbiter_days: int
    return_short: bool
    is_buyer_alone_enough: bool
    interest_to_buyer: bool
    interest_ppm: int = 0
    partner_ids: tuple[UUID, ...] = ()  # who lends beside the bank and may look (联合贷)


@transaction.atomic
def prepare_payment(given: AgreementIn) -> Payment:
    """Fix the terms and their hash; nothing moves and nobody has signed yet.

    One payment an application. Raises RuleBroken (wallet_missing, policy_not_offered,
    lines_do_not_add_up).
    """
    lock_deal(given.deal_id)
    known = Payment.objects.filter(application_id=given.application_id).first()
    if known:
        return known
    _check(given)
    lines = sorted(given.lines, key=lambda line: line_id_of(line.order_line_id))
    wallets = _Wallets.of(given)
    payment = _insert(given, wallets, _terms(given, wallets, lines))
    _add_lines(payment, lines)
    chain.watch(
        payment.agreement_id,
        deal_id=payment.deal_id,
        parties=(payment.bank_id, payment.buyer_id, payment.seller_id),
        readers=payment.partner_ids,
    )
    prepare_act(_opening(payment))
    return payment


@transaction.atomic
def sign_terms(payment_id: UUID, *, party: UUID, by: Actor) -> Act:
    """Ask for one party's signature under the terms; the last of the three opens the agreement on
    the chain. After an opening that failed all three sign once more. Returns the act of opening.
    """
    payment = lock_payment(payment_id, by=by)
    opening = _opening(payment)
    prepare_act(opening)
    return approve_act(opening.key, party=party, by=by)


@dataclass(frozen=True)
class _Wallets:
    bank: Wallet
    buyer: Wallet
    collection: Wallet
    payee: Wallet

    @classmethod
    def of(cls, given: AgreementIn) -> "_Wallets":
        return cls(
            bank=active_wallet(given.bank_id, bank_id=given.bank_id, purpose=Purpose.OWN),
            buyer=active_wallet(given.buyer_id, bank_id=given.bank_id, purpose=Purpose.GENERAL),
            collection=active_wallet(
                given.buyer_id, bank_id=given.bank_id, purpose=Purpose.COLLECTION
            ),
            payee=active_wallet(given.seller_id, bank_id=given.bank_id, purpose=Purpose.GENERAL),
        )


def _check(given: AgreementIn) -> None:
    if given.release_policy not in RELEASE_POLICIES:
        raise RuleBroken(
            _("暂不支持付款方式 %(policy)s"),
            code="policy_not_offered",
            policy=given.release_policy,
        )
    if sum(line.cap_minor for line in given.lines) != given.total_minor:
        raise RuleBroken(_("各行上限之和与融资总额不符"), code="lines_do_not_add_up")


def _insert(given: AgreementIn, wallets: _Wallets, terms: Terms) -> Payment:
    return Payment.objects.create(
        status=machine.S.PREPARED,
        deal_id=given.deal_id,
        application_id=given.application_id,
        bank_id=given.bank_id,
        buyer_id=given.buyer_id,
        seller_id=given.seller_id,
        partner_ids=list(given.partner_ids),
        bank_wallet=wallets.bank,
        buyer_wallet=wallets.buyer,
        collection_wallet=wallets.collection,
        payee_wallet=wallets.payee,
        agreement_id=agreement_id_of(terms, chain_id=settings.CHAIN_ID, escrow=address_of(ESCROW)),
        terms=asdict(terms),
        release_policy=given.release_policy,
        total_minor=given.total_minor,
        own_funds_minor=given.own_funds_minor,
        loan_minor=given.total_minor - given.own_funds_minor,
        fund_by=given.fund_by,
        expires_at=given.expires_at,
        interest_ppm=given.interest_ppm,
    )


def _terms(given: AgreementIn, wallets: _Wallets, lines: list[AgreementLineIn]) -> Terms:
    return Terms(
        template_id=TEMPLATE,
        loan_ref=word_of(f"loan:{given.application_id}"),
        funder=wallets.bank.address,
        own_payer=wallets.buyer.address,
        own_refund_to=wallets.buyer.address,
        own_collection=wallets.collection.address,
        payees=payees_of(wallets.payee.address),
        bank_id=bank_number_of(given.bank_id),
        total=given.total_minor,
        own_funds=given.own_funds_minor,
        fund_by=int(given.fund_by.timestamp()),
        expiry=int(given.expires_at.timestamp()),
        long_stop=int(given.long_stop_at.timestamp()),
        refund_days=given.refund_days,
        dispute_days=given.dispute_days,
        arbiter_days=given.arbiter_days,
        release_policy=RELEASE_POLICIES[given.release_policy],
        confirm_mode=_confirm_mode(given),
        return_short=given.return_short,
        confirmers=ZERO_WORD,
        # The bank decides disputes in this template: it is no party to the goods.
        arbiter=party_id_of(given.bank_id),
        lines_root=lines_root_of([_leaf(line) for line in lines]),
        interest_to=wallets.buyer.address if given.interest_to_buyer else ZERO_ADDRESS,
        salt=given.application_id.int,
    )


def _confirm_mode(given: AgreementIn) -> int:
    if given.release_policy == "PAY_ON_DRAWDOWN":
        return CONFIRM_NOT_NEEDED
    if given.release_policy == "PAY_ON_SHIPMENT":
        return CONFIRM_SELLER_AND_BANK
    return CONFIRM_BUYER_ALONE if given.is_buyer_alone_enough else CONFIRM_BUYER_AND_SECOND


def _leaf(line: AgreementLineIn) -> Leaf:
    return Leaf(
        line_id_of(line.order_line_id),
        0,
        line.cap_minor,
        line.tolerance_under_ppm,
        line.tolerance_over_ppm,
    )


def _add_lines(payment: Payment, lines: list[AgreementLineIn]) -> None:
    PaymentLine.objects.bulk_create(
        PaymentLine(
            status=machine.L.WAITING,
            payment=payment,
            deal_id=payment.deal_id,
            order_line_id=line.order_line_id,
            line_id=line_id_of(line.order_line_id),
            position=position,
            cap_minor=line.cap_minor,
            tolerance_under_ppm=line.tolerance_under_ppm,
            tolerance_over_ppm=line.tolerance_over_ppm,
        )
        for position, line in enumerate(lines)
    )


def opening_key(payment_id: UUID) -> str:
    """The wish that opening an agreement is, for all its attempts."""
    return f"open:{payment_id}"


def _opening(payment: Payment) -> ActIn:
    terms = terms_of(payment)
    return escrow_act(
        payment,
        "open",
        attempt_key(opening_key(payment.pk)),
        "open",
        [terms.as_call(), "instruction", "approvals"],
        action=Action.OPEN,
        parties=(payment.bank_id, payment.buyer_id, payment.seller_id),
        amount_minor=payment.total_minor,
        payee=payment.payee_wallet.address,
        payload_hash=terms_hash_of(terms),
    )
