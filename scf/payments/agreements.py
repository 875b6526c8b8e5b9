"""From a stored payment back to what the contract's calls take: terms, leaves and proofs, and whom
an act concerns.
"""

from uuid import UUID

from scf.chain.calls import Call
from scf.chain.contracts import address_of
from scf.payments.models import Payment, PaymentLine
from scf.payments.terms import Leaf, Terms, proof_of
from scf.wallets.acts import ActIn
from scf.wallets.ledger_accounts import bank_number_of

ESCROW = "DirectedEscrow"
COIN = "DigitalYuan"


class Action:
    """Numbers of the library ``Action`` in ``contracts/src/interfaces/Types.sol``."""

    DRAW = 25
    PAY_OWN_FUNDS = 26
    FUND = 27
    OPEN = 42
    CANCEL = 43
    CONFIRM = 44
    RETURN_LINE = 45
    DISPUTE_LINE = 46
    RESOLVE_LINE = 47
    CLAIM = 48


def terms_of(payment: Payment) -> Terms:
    """The very terms whose hash is the agreement id."""
    return Terms(**{**payment.terms, "payees": tuple(payment.terms["payees"])})


def leaf_of(line: PaymentLine) -> Leaf:
    """The line as the terms' root has it."""
    return Leaf(
        line.line_id,
        0,
        line.cap_minor,
        line.tolerance_under_ppm,
        line.tolerance_over_ppm,
    )


def line_id_of(order_line_id: UUID) -> str:
    """The order line's id, filled up to 32 bytes."""
    return "0x" + order_line_id.hex + "00" * 16


def leaves_of(payment: Payment) -> list[Leaf]:
    """All lines in the order of the root."""
    return [leaf_of(line) for line in payment.lines.order_by("position")]


def line_args(line: PaymentLine) -> list[object]:
    """Terms, leaf and proof: how every act on a line begins."""
    payment = line.payment
    proof = proof_of(leaves_of(payment), line.position)
    return [terms_of(payment).as_call(), leaf_of(line).as_call(), proof]


def escrow_act(
    payment: Payment,
    kind: str,
    key: str,
    function: str,
    args: list[object],
    **given: object,
) -> ActIn:
    """An act in the escrow contract's domain, in the agreement's own queue.

    Its signatures are good to the agreement's last clock: which act is possible until when is the
    contract's to say.
    """
    wanted: dict[str, object] = {
        "kind": kind,
        "key": key,
        "subject_id": payment.pk,
        "contract": ESCROW,
        "action": 0,
        "parties": (),
        "call": Call(ESCROW, function, args),
        "queue": payment.agreement_id,
        "audience": tuple(payment.parties().values()),
        "agreement_id": payment.agreement_id,
        "deal_id": payment.deal_id,
        "deadline": payment.terms["long_stop"],
    }
    return ActIn(**{**wanted, **given})  # type: ignore[arg-type]


def vault_of(payment: Payment) -> str:
    """The address of the bank's vault."""
    return address_of(f"EscrowVault:{bank_number_of(payment.bank_id)}")
