"""Legs that rooms stage during an act, posted together as its last step."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from scf.core.errors import Conflict, DomainError, RuleBroken
from scf.ledger.services.post import post_transfers
from scf.ledger.transfers import LedgerUnbalanced, Outcome, TransferIn, Verdict
from scf.workflow import closing


def stage_transfers(batch: Iterable[TransferIn]) -> None:
    """Post these when the running act ends: last, together, and all or nothing.

    The act's end raises RuleBroken(overdrawn), RuleBroken(account_frozen), Conflict(wrong_state)
    for a pending transfer settled before, Conflict(duplicate_key), and the whole act is undone.
    Raises AssertionError outside ``workflow.closing.closing_act()``.
    """
    closing.stage(_post_staged, batch)


@closing.register_closer
def _post_staged(legs: list[TransferIn]) -> None:
    refused = [verdict for verdict in post_transfers(legs) if not verdict.is_done]
    if refused:
        # A leg refused for its link only follows another; the reason is the other one's.
        cause = [each for each in refused if each.outcome != Outcome.LINK_REFUSED]
        raise _refusal(cause[0] if cause else refused[0])


def _refusal(verdict: Verdict) -> DomainError | LedgerUnbalanced:
    match verdict.outcome:
        case Outcome.OVERDRAWN:
            return RuleBroken(_("余额不足：%(key)s"), code="overdrawn", key=verdict.key)
        case Outcome.FROZEN:
            return RuleBroken(_("账户已冻结：%(key)s"), code="account_frozen", key=verdict.key)
        case Outcome.SETTLED:
            return Conflict(_("待入账转账已处理：%(key)s"), code="wrong_state", key=verdict.key)
        case _:
            return LedgerUnbalanced(f"{verdict.key}: {verdict.outcome}")
