"""The reader of facts: where it stopped, on, in one transaction with what it writes."""

from django.db import transaction

from scf.notifications.models import Cursor
from scf.notifications.services.tell import tell
from scf.workflow.facts import facts_after

INBOX = "inbox"
BATCH = 500


@transaction.atomic
def read_facts(*, limit: int = BATCH) -> int:
    """Tell the next facts and move the cursor behind them; returns how many were read.

    One reader at a time: a second one finds the cursor taken and leaves. Killed anywhere, neither
    the messages nor the cursor's step are there, and the next one does both.
    """
    Cursor.objects.get_or_create(name=INBOX)
    cursor = Cursor.objects.select_for_update(skip_locked=True).filter(name=INBOX).first()
    if cursor is None:
        return 0
    facts = facts_after((cursor.xid, cursor.last_id), limit=limit)
    if facts:
        tell(facts)
        cursor.xid, cursor.last_id = facts[-1].xid, facts[-1].pk
        cursor.save(update_fields=["xid", "last_id"])
    return len(facts)
