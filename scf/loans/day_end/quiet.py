"""The close of a day for quiet loans: snapshots in, rows out, arithmetic on whole columns.

A chunk is one transaction together with the mark of how far it came, so that a close which was
killed goes on behind the last chunk and ends with the same rows.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from scf.loans.classification import ABOVE_DAYS
from scf.loans.day_end.models import LoanDay, LoanDayMark
from scf.loans.day_end.wire import Ints, copy_columns, fetch_columns

CHUNK = 65_536  # loans; some 20 MB on their way in and out
NO_ID = UUID(int=0)
_EPOCH = date(2000, 1, 1)  # from which PostgreSQL counts days
_ABOVE = np.array(sorted(days for days, _tier in ABOVE_DAYS))

SNAPSHOT_TYPES = {
    "loan_id": "uuid",
    "on": "date",
    "unpaid_since": "date",
    "principal_minor": "int8",
    "rate_ppm": "int4",
    "daily_num": "int8",
    "cumulative_num": "int8",
    "denominator": "int8",
}
ROW_TYPES = {
    "on": "date",
    "loan_id": "uuid",
    "principal_minor": "int8",
    "rate_ppm": "int4",
    "accrued_num": "numeric",
    "cumulative_num": "numeric",
    "denominator": "numeric",
    "recognised_minor": "int8",
    "days_past_due": "int4",
    "tier": "int2",
}
# Nobody lives a loan on between the reading of its snapshot and the writing of its row.
_LOCK = "LOCK TABLE loans_loansnapshot IN SHARE MODE"
READ = """
    SELECT array_agg(loan_id), array_agg("on"), array_agg(unpaid_since),
           array_agg(principal_minor), array_agg(rate_ppm), array_agg(daily_num),
           array_agg(cumulative_num), array_agg(denominator)
      FROM (SELECT s.loan_id, s."on", coalesce(s.unpaid_since, 'infinity') AS unpaid_since,
                   s.principal_minor, s.rate_ppm, s.daily_num, s.cumulative_num, s.denominator
              FROM loans_loansnapshot s
              JOIN loans_loan l ON l.id = s.loan_id
               AND l.status IN ('active', 'overdue', 'restructured', 'written_off')
             WHERE s.loan_id > %s AND s."on" <= %s AND s.next_event_on > %s
             ORDER BY s.loan_id LIMIT %s) chunk
"""


def close_quiet(day: date, *, chunk: int = CHUNK) -> Iterator[int]:
    """Close a day for the loans that are quiet on it; yields how many after each chunk.

    Safe twice, and after being killed: a chunk is kept whole, with its mark, or not at all.
    """
    while found := _close_chunk(day, chunk):
        yield found


@transaction.atomic
def _close_chunk(day: date, limit: int) -> int:
    LoanDayMark.objects.get_or_create(on=day)
    mark = LoanDayMark.objects.select_for_update().get(on=day)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    quiet = fetch_columns(READ, [mark.reached_id or NO_ID, day, day, limit], types=SNAPSHOT_TYPES)
    found = len(quiet["loan_id"])
    if found:
        copy_columns(LoanDay._meta.db_table, rows_of(quiet, day=day), types=ROW_TYPES)
        mark.reached_id = UUID(bytes=quiet["loan_id"][-1].tobytes())
        mark.loans += found
        mark.save(update_fields=["reached_id", "loans"])
    return found


def rows_of(quiet: dict[str, NDArray[Any]], *, day: date) -> dict[str, NDArray[Any]]:
    """The rows of a day from columns of snapshots: the formula of a quiet day, on 64 bits.

    No figure can leave them: a snapshot is quiet only while twice its numerator stays within.
    """
    today = (day - _EPOCH).days
    daily, scale = _whole(quiet["daily_num"]), _whole(quiet["denominator"])
    lived = today + 1 - _whole(quiet["on"])
    cumulative = _whole(quiet["cumulative_num"]) + lived * daily
    late = np.maximum(today - _whole(quiet["unpaid_since"]), 0)
    return {
        "on": np.full(len(daily), today),
        "loan_id": quiet["loan_id"],
        "principal_minor": quiet["principal_minor"],
        "rate_ppm": quiet["rate_ppm"],
        "accrued_num": daily,
        "cumulative_num": cumulative,
        "denominator": scale,
        "recognised_minor": (2 * cumulative + scale) // (2 * scale),
        "days_past_due": late,
        "tier": np.searchsorted(_ABOVE, late, side="left") + 1,
    }


def _whole(column: NDArray[Any]) -> Ints:
    return column.astype(np.int64)
