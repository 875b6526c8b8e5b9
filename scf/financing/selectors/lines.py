"""What a person may do with each line of a deal now: disputes and returns, as the services allow
them.
"""

from uuid import UUID

from scf.core.actor import SYSTEM, Actor
from scf.financing.models import Application
from scf.parties.permissions import Permission
from scf.payments.machine import LIVE, L
from scf.payments.models import Payment, PaymentLine
from scf.payments.services.give_back import rest_of
from scf.trade.selectors import list_awaiting_receipt
from scf.wallets.attempts import latest_of
from scf.wallets.machine import A
from scf.wallets.models import Act

OVER = (L.SHORT_CLOSED, L.REJECTED)
DISPUTABLE = (L.WAITING, L.CONFIRMED, L.SHORT_CLOSED, L.REJECTED)


def line_steps(
    application: Application, payment: Payment | None, *, by: Actor
) -> dict[UUID, list[str]]:
    """By order line which of ``dispute``, ``agree_return`` and ``decide`` the actor may do now."""
    sides = [name for name, party in application.parties().items() if party == by.organization_id]
    if payment is None or payment.status not in LIVE or not by.can(Permission.PAYMENT_SIGN):
        return {}
    lines = list(payment.lines.all())
    acts = _acts_of(lines)
    travelling = set(
        list_awaiting_receipt(by=SYSTEM, deal_id=application.deal_id).values_list(
            "order_line_id", flat=True
        )
    )
    if "bank" in sides:
        return {
            line.order_line_id: ["decide"]
            for line in lines
            if line.status == L.DISPUTED and not _is_asked(acts, f"resolve_line:{line.pk}")
        }
    if not {"buyer", "seller"} & set(sides):
        return {}
    return {
        line.order_line_id: _trader_steps(
            line, acts, is_travelling=line.order_line_id in travelling, by=by
        )
        for line in lines
    }


def _acts_of(lines: list[PaymentLine]) -> dict[str, Act]:
    """The newest attempt of each wish on these lines; one query."""
    verbs = ("dispute_line", "resolve_line", "return_line")
    return latest_of(f"{verb}:{line.pk}" for line in lines for verb in verbs)


def _is_asked(acts: dict[str, Act], wish: str) -> bool:
    """True when it was asked for and has not failed."""
    return wish in acts and acts[wish].status != A.FAILED


def _trader_steps(
    line: PaymentLine, acts: dict[str, Act], *, is_travelling: bool, by: Actor
) -> list[str]:
    steps = []
    held = line.cap_minor - line.released_minor - line.returned_minor
    may_dispute = line.status in DISPUTABLE and held > 0
    if may_dispute and not _is_asked(acts, f"dispute_line:{line.pk}"):
        steps.append("dispute")
    is_over = line.status in OVER or (line.status == L.WAITING and not is_travelling)
    wish = f"return_line:{line.pk}"
    has_agreed = _is_asked(acts, wish) and acts[wish].approvals.get(str(by.organization_id))
    if is_over and rest_of(line) > 0 and not has_agreed:
        steps.append("agree_return")
    return steps
