"""One deal: the four machines side by side, where its money is, its lines, and what happened."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers

from scf.api.door import Shown
from scf.api.fields import DecimalText, Fen
from scf.api.v1.deliveries import AcceptanceOut
from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.financing import selectors as financing
from scf.financing.access import may_read_words, sides_of
from scf.financing.models import Application
from scf.financing.selectors.under_way import tx_depths
from scf.loans import selectors as loans
from scf.loans.models import Loan
from scf.loans.seen import status_for
from scf.parties.permissions import Permission
from scf.payments.machine import D
from scf.payments.models import Deposit, Payment
from scf.payments.selectors import deposit_of, payment_of
from scf.trade.selectors import list_lines_of_deal
from scf.workflow.models import Fact
from scf.workflow.selectors import timeline


class TurnOut(serializers.Serializer[Any]):
    """Whose turn it is, for what, until when; without party while the chain has the word."""

    party_id = serializers.UUIDField(allow_null=True)
    what = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    is_mine = serializers.BooleanField()


class StatusesOut(serializers.Serializer[Any]):
    """The machines of application, escrow and loan; null before there is one, or not for you."""

    application = serializers.CharField()
    escrow = serializers.CharField(allow_null=True)
    loan = serializers.CharField(allow_null=True)


class MoneyOut(serializers.Serializer[Any]):
    """Where the money is, in fen, as the chain's events told it. ``repaid_minor`` is principal."""

    currency = serializers.CharField()
    total_minor = Fen()
    own_funds_minor = Fen()
    loan_minor = Fen()
    own_funds_in_minor = Fen()
    funded_minor = Fen()
    in_escrow_minor = Fen()
    released_minor = Fen()
    claimable_minor = Fen()
    returned_minor = Fen()
    repaid_minor = Fen(allow_null=True)
    outstanding_minor = Fen(allow_null=True)


class DepositOut(serializers.Serializer[Any]):
    """What the buyer pledges beside the loan (K17), in fen; for buyer and bank alone."""

    status = serializers.ChoiceField(choices=D.choices)
    wanted_minor = Fen()
    held_minor = Fen()
    applied_minor = Fen()
    returned_minor = Fen()


class DealLineOut(serializers.Serializer[Any]):
    """A financed line: status of the goods, status of its money, and how much of each."""

    order_line_id = serializers.UUIDField()
    line_number = serializers.IntegerField()
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = DecimalText()
    accepted_quantity = DecimalText()
    status = serializers.CharField()
    escrow_status = serializers.CharField(allow_null=True)
    amount_minor = Fen()
    cap_minor = Fen(allow_null=True)
    confirmed_minor = Fen(allow_null=True)
    released_minor = Fen(allow_null=True)
    returned_minor = Fen(allow_null=True)


class HappenedOut(serializers.Serializer[Any]):
    """One fact, with the transaction that carries it where there is one."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    at = serializers.DateTimeField()
    business_date = serializers.DateField()
    actor = serializers.CharField()
    organization_id = serializers.UUIDField(allow_null=True)
    amount_minor = Fen(allow_null=True)
    words = serializers.CharField()
    tx_hash = serializers.CharField(allow_null=True)
    confirmations = serializers.IntegerField(allow_null=True)


class DealOut(serializers.Serializer[Any]):
    """A deal as one of its parties sees it."""

    id = serializers.UUIDField()
    application_id = serializers.UUIDField()
    application_number = serializers.CharField()
    order_id = serializers.UUIDField()
    agreement_id = serializers.CharField(allow_null=True)
    loan_id = serializers.UUIDField(allow_null=True)
    parties = serializers.DictField(child=serializers.UUIDField())
    statuses = StatusesOut()
    turn = TurnOut()
    money = MoneyOut()
    deposit = DepositOut(allow_null=True)
    lines = DealLineOut(many=True)
    waiting_acceptances = AcceptanceOut(many=True)
    timeline = HappenedOut(many=True)


class OneDeal(Shown):
    """The deal of an application."""

    reads, reading, gives = Permission.APPLICATION_VIEW, "getDeal", DealOut

    def find(self, *, by: Actor, **ids: UUID) -> dict[str, Any]:
        return deal_of(financing.get_deal(ids["deal_id"], by=by), by=by)


def deal_of(application: Application, *, by: Actor) -> dict[str, Any]:
    """Everything the deal shows this actor, put together from the rooms' selectors."""
    escrow, loan = _escrow_of(application, by), _loan_of(application, by)
    turn = financing.turn_of(application)
    return {
        "id": application.deal_id,
        "application_id": application.pk,
        "application_number": application.number,
        "order_id": application.order_id,
        "agreement_id": escrow.agreement_id if escrow else None,
        "loan_id": loan.pk if loan else None,
        "parties": application.parties(),
        "statuses": {
            "application": application.status,
            "escrow": escrow.status if escrow else None,
            "loan": status_for(loan, by=by) if loan else None,
        },
        "turn": {
            "party_id": turn.party_id,
            "what": str(turn.what),
            "due_at": turn.due_at,
            "is_mine": financing.is_mine(turn, by=by),
        },
        "money": _money(application, escrow, loan),
        "deposit": _deposit_of(application, escrow, by),
        "lines": _lines(application, escrow, by),
        "waiting_acceptances": _waiting(application, by),
        "timeline": _timeline(application, by),
    }


def _escrow_of(application: Application, by: Actor) -> Payment | None:
    try:
        return payment_of(application.pk, by=by)
    except NotFound:
        return None


def _loan_of(application: Application, by: Actor) -> Loan | None:
    """The loan for its lender and its borrower; a seller follows the escrow alone."""
    try:
        return loans.loan_of(application.pk, by=by)
    except NotFound:
        return None


def _deposit_of(application: Application, escrow: Payment | None, by: Actor) -> Deposit | None:
    is_told = by.organization_id in (application.bank_id, application.buyer_id)
    return deposit_of(escrow.pk) if escrow and is_told else None


def _money(application: Application, escrow: Payment | None, loan: Loan | None) -> dict[str, Any]:
    told = (
        "own_funds_in_minor",
        "funded_minor",
        "in_escrow_minor",
        "released_minor",
        "claimable_minor",
        "returned_minor",
    )
    return {
        "currency": application.order.currency,
        "total_minor": application.total_minor,
        "own_funds_minor": application.own_funds_minor,
        "loan_minor": application.loan_minor,
        **{name: getattr(escrow, name) if escrow else 0 for name in told},
        "repaid_minor": loan.drawn_minor - loan.principal_minor if loan else None,
        "outstanding_minor": loan.principal_minor if loan else None,
    }


def _lines(application: Application, escrow: Payment | None, by: Actor) -> list[dict[str, Any]]:
    held = {line.order_line_id: line for line in escrow.lines.all()} if escrow else {}
    figures = ("cap_minor", "confirmed_minor", "released_minor", "returned_minor")
    return [
        {
            "order_line_id": line.pk,
            "line_number": line.line_number,
            "name": line.name,
            "unit": line.unit,
            "quantity": line.quantity,
            "accepted_quantity": line.accepted_quantity,
            "status": line.status,
            "escrow_status": held[line.pk].status if line.pk in held else None,
            "amount_minor": line.amount_minor,
            **{name: getattr(held.get(line.pk), name, None) for name in figures},
        }
        for line in list_lines_of_deal(application.deal_id, by=by)
    ]


def _waiting(application: Application, by: Actor) -> Any:
    is_bank = by.organization_id == application.bank_id
    return (
        financing.list_waiting_acceptances(by=by, application_id=application.pk) if is_bank else []
    )


def _timeline(application: Application, by: Actor) -> list[dict[str, Any]]:
    happened = timeline(application.deal_id, by=by)
    depths = tx_depths(fact.details.get("tx_hash") or "" for fact in happened)
    sides = sides_of(application, by=by)
    return [_happened(fact, depths, sides) for fact in happened]


def _happened(fact: Fact, depths: Mapping[str, int], sides: set[str]) -> dict[str, Any]:
    details = fact.details
    tx_hash = details.get("tx_hash") or None
    return {
        "id": fact.pk,
        "name": fact.name,
        "at": fact.recorded_at,
        "business_date": fact.business_date,
        "actor": fact.actor_name,
        "organization_id": fact.organization_id,
        "amount_minor": details.get("amount_minor"),
        "words": _words(details) if may_read_words(fact.name, sides=sides) else "",
        "tx_hash": tx_hash,
        "confirmations": depths.get(tx_hash) if tx_hash else None,
    }


def _words(details: Mapping[str, Any]) -> str:
    names = ("opinion", "note", "reason", "decision")
    return "；".join(str(details[name]) for name in names if details.get(name))
