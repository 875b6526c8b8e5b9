"""Moving money: one set-based call to the database for a whole batch."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import psycopg
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from scf.core.errors import Conflict, NotFound
from scf.ledger.models import Transfer, TransferState
from scf.ledger.transfers import (
    Outcome,
    TransferIn,
    Verdict,
    in_turn,
    posting_of,
    voiding_of,
)
from scf.workflow import clocks

_CALL = """
    SELECT verdict, transfer_id FROM ledger_post_transfers(
        %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::uuid[],
        %s::text[], %s::bigint[], %s::uuid[], %s::date[], %s)
"""


@transaction.atomic
def post_transfers(batch: Sequence[TransferIn]) -> list[Verdict]:
    """Move money for every transfer of the batch, in order, in one set-based statement.

    Safe to call twice: a key seen before answers with its first transfer, and the same key with
    other contents is a Conflict(duplicate_key) and nothing moves. All accounts are locked in id
    order first, so two batches can never wait for each other. Always the last act of a transaction.
    Booked on the open business day (K4); amounts are fen. A refused transfer is a verdict, not an
    error, and changes nothing; of a link either every leg is posted or none.
    """
    once = _each_key_once(batch)
    if not once:
        return []
    turns = in_turn(list(once.values()))
    verdicts = {
        each.key: Verdict(each.key, _outcome(each, verdict), transfer_id)
        for each, (verdict, transfer_id) in zip(turns, _call(turns), strict=True)
    }
    return _in_order_of(batch, verdicts)


def post_pending(pending_key: str, *, key: str, amount_minor: int | None = None) -> Verdict:
    """Post a pending transfer, whole or only ``amount_minor`` fen of it; the rest becomes free.

    Safe to call twice with the same key. Verdict ``settled`` when it was posted or voided under
    another key. Raises NotFound for an unknown key, RuleBroken(more_than_pending).
    """
    pending = _pending(pending_key)
    return post_transfers([posting_of(pending, key=key, amount_minor=amount_minor)])[0]


def void_pending(pending_key: str, *, key: str) -> Verdict:
    """Take a pending transfer back: what it held becomes free. Works on frozen accounts too.

    Safe to call twice with the same key. Verdict ``settled`` when it was posted or voided under
    another key. Raises NotFound for an unknown key.
    """
    return post_transfers([voiding_of(_pending(pending_key), key=key)])[0]


def _pending(key: str) -> Transfer:
    found: Transfer | None = Transfer.objects.filter(key=key, state=TransferState.PENDING).first()
    if found is None:
        raise NotFound(_("没有这笔待入账的转账"), code="not_found")
    return found


def _each_key_once(batch: Iterable[TransferIn]) -> dict[str, TransferIn]:
    once: dict[str, TransferIn] = {}
    for each in batch:
        first = once.setdefault(each.key, each)
        if first is not each and first != each:
            raise _duplicate_key(each.key)
    settled = [each.pending_id for each in once.values() if each.pending_id]
    if len(settled) != len(set(settled)):
        raise AssertionError("a pending transfer is settled twice in one batch")
    return once


def _in_order_of(batch: Sequence[TransferIn], verdicts: dict[str, Verdict]) -> list[Verdict]:
    if len(verdicts) == len(batch):
        return [verdicts[each.key] for each in batch]
    answers: list[Verdict] = []
    for each in batch:
        answers.append(verdicts[each.key])
        if verdicts[each.key].outcome == Outcome.POSTED:
            # The same key again in this batch answers as it would in the next one.
            verdicts[each.key] = replace(verdicts[each.key], outcome=Outcome.DUPLICATE)
    return answers


def _outcome(each: TransferIn, verdict: str) -> Outcome:
    if verdict == "conflict":
        raise _duplicate_key(each.key)
    return Outcome(verdict)


def _duplicate_key(key: str) -> Conflict:
    return Conflict(_("业务键 %(key)s 已用于另一笔转账"), code="duplicate_key", key=key)


def _call(turns: Sequence[TransferIn]) -> list[Any]:
    columns = (
        _array([each.debit_account_id for each in turns]),
        _array([each.credit_account_id for each in turns]),
        _array([each.amount_minor for each in turns]),
        _array([_quoted(each.kind) for each in turns]),
        _array([_quoted(each.key) for each in turns]),
        _array([each.link for each in turns]),
        _array([each.state for each in turns]),
        _array([each.pending_id for each in turns]),
        _array([each.deal_id for each in turns]),
        _array([each.value_date for each in turns]),
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(_CALL, [*columns, clocks.business_date()])
            rows: list[Any] = cursor.fetchall()
    except IntegrityError as refusal:
        # Two transactions brought the same key for different accounts at the same moment.
        if isinstance(refusal.__cause__, psycopg.errors.UniqueViolation):
            raise _duplicate_key(refusal.__cause__.diag.message_detail or "") from refusal
        raise
    return rows


def _array(column: Sequence[object]) -> str | None:
    # PostgreSQL's own text of an array: the driver's takes as long as half the posting. A column
    # without a value goes as one NULL, and unnest fills it up.
    if not any(column):
        return None
    return "{" + ",".join(["NULL" if value is None else str(value) for value in column]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
