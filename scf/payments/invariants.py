"""What must always be true of an escrow: its counters, its movements, its lines and the bank's book
agree.
"""

from collections.abc import Iterator

from django.db.models import F, Sum

from scf.payments.machine import D
from scf.payments.models import Deposit, Direction, Payment
from scf.wallets.ledger_accounts import booked_balance
from scf.wallets.models import Purpose, Wallet
from scf.workflow.invariants import Violation, invariant


@invariant("payments.counters_are_the_sum_of_movements")
def counters_are_the_sum_of_movements() -> Iterator[Violation]:
    """What came in and went out, by the movements, is what the payment says."""
    for payment in Payment.objects.all():
        sums = {
            way: payment.movements.filter(direction=way).aggregate(
                amount=Sum("amount_minor", default=0), loan=Sum("loan_minor", default=0)
            )
            for way in Direction.values
        }
        counted = {
            "in": payment.own_funds_in_minor + payment.funded_minor,
            "in_loan": payment.funded_minor,
            "out": payment.out_minor,
            "out_loan": payment.out_loan_minor,
        }
        moved = {
            "in": sums["in"]["amount"],
            "in_loan": sums["in"]["loan"],
            "out": sums["out"]["amount"],
            "out_loan": sums["out"]["loan"],
        }
        if counted != moved:
            yield Violation(str(payment), {"counted": counted, "moved": moved})


@invariant("payments.escrow_is_what_is_owed")
def escrow_is_what_is_owed() -> Iterator[Violation]:
    """The escrow accounts of the book hold what the agreement still owes, loan and own part
    apart.
    """
    for payment in Payment.objects.all():
        loan = payment.funded_minor - payment.out_loan_minor
        own = payment.in_escrow_minor - loan
        wanted = {"loan": loan, "own": own, "claim": payment.claimable_minor}
        booked = {
            part: booked_balance(payment.bank_id, f"2011.82.{part}:{payment.pk}") for part in wanted
        }
        if wanted != booked:
            yield Violation(str(payment), {"owed": wanted, "booked": booked})


@invariant("payments.lines_add_up")
def lines_add_up() -> Iterator[Violation]:
    """Caps add up to the total, releases and returns of the lines to those of the escrow."""
    for payment in Payment.objects.all():
        lines = payment.lines.aggregate(
            cap=Sum("cap_minor", default=0), released=Sum("released_minor", default=0)
        )
        if lines["cap"] != payment.total_minor or lines["released"] != payment.released_minor:
            yield Violation(str(payment), {"lines": lines, "released": payment.released_minor})


@invariant("payments.deposit_wallets_hold_what_is_pledged")
def deposit_wallets_hold_what_is_pledged() -> Iterator[Violation]:
    """A buyer's deposit wallet holds the deposits of its deals and nothing else; what is over is
    empty (K17).
    """
    held = F("pledged_minor") - F("applied_minor") - F("returned_minor")
    sums = Deposit.objects.values("wallet_id").annotate(held=Sum(held))
    pledged = {row["wallet_id"]: row["held"] for row in sums}
    for wallet in Wallet.objects.filter(purpose=Purpose.DEPOSIT):
        booked = booked_balance(wallet.bank_id, wallet.account_code)
        if booked != pledged.get(wallet.pk, 0):
            yield Violation(str(wallet), {"pledged": pledged.get(wallet.pk, 0), "booked": booked})
    over = Deposit.objects.filter(status__in=[D.AWAITED, D.USED, D.RETURNED, D.DROPPED])
    for deposit in over.exclude(pledged_minor=F("applied_minor") + F("returned_minor")):
        yield Violation(str(deposit), {"status": deposit.status, "held": deposit.held_minor})
