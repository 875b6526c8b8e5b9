"""An application's block on the limits of programme, core enterprise and borrower (K18)."""

from datetime import datetime

from scf.core.actor import SYSTEM, Actor
from scf.credit.services import extend_hold, hold_limit
from scf.financing.models import Application


def hold_limits(application: Application, *, by: Actor) -> None:
    """Block what the application asks for; harmless while it is blocked, anew after a release or
    lapse. Raises as ``hold_limit``.
    """
    hold_limit(
        application.pk,
        programme_id=application.programme_id,
        borrower_id=application.buyer_id,
        amount_minor=application.loan_minor,
        deal_id=application.deal_id,
        by=by,
    )


def keep_limits(application: Application, *, until: datetime) -> None:
    """Keep the limits blocked while the money may still be paid out; a block that ran out during a
    long review is taken anew if there is room. Raises as ``hold_limit``.
    """
    hold_limits(application, by=SYSTEM)
    extend_hold(application.pk, until=until, by=SYSTEM)
