"""What must always be true of the ledger; each check is a question whose answer has no rows."""

from collections.abc import Callable, Iterator
from datetime import date

from django.db import connection

from scf.workflow import clocks
from scf.workflow.invariants import Check, Violation, invariant

COUNTERS = """
    WITH entry AS (
        SELECT side.account, side.sign, t.state, t.amount_minor AS amount, p.amount_minor AS held
          FROM ledger_transfer t
          LEFT JOIN ledger_transfer p ON p.id = t.pending_id
         CROSS JOIN LATERAL (VALUES (t.debit_account_id, 1), (t.credit_account_id, -1))
               AS side(account, sign)
    ), total AS (
        SELECT account,
               sum(amount) FILTER (WHERE sign = 1 AND state IN ('posted', 'post_pending')) AS dp,
               sum(amount) FILTER (WHERE sign = -1 AND state IN ('posted', 'post_pending')) AS cp,
               sum(coalesce(-held, amount)) FILTER (WHERE sign = 1 AND state <> 'posted') AS dh,
               sum(coalesce(-held, amount)) FILTER (WHERE sign = -1 AND state <> 'posted') AS ch
          FROM entry GROUP BY account
    )
    SELECT a.code AS subject, a.book_id AS book,
           a.debits_posted_minor AS debits, coalesce(t.dp, 0) AS debits_by_transfers,
           a.credits_posted_minor AS credits, coalesce(t.cp, 0) AS credits_by_transfers,
           a.debits_pending_minor AS pending_debits,
           coalesce(t.dh, 0) AS pending_debits_by_transfers,
           a.credits_pending_minor AS pending_credits,
           coalesce(t.ch, 0) AS pending_credits_by_transfers
      FROM ledger_account a LEFT JOIN total t ON t.account = a.id
     WHERE (a.debits_posted_minor, a.credits_posted_minor,
            a.debits_pending_minor, a.credits_pending_minor)
           <> (coalesce(t.dp, 0), coalesce(t.cp, 0), coalesce(t.dh, 0), coalesce(t.ch, 0))
"""

RUNNING = """
    WITH entry AS (
        SELECT t.id, t.key, side.account, side.balance,
               sum(CASE WHEN t.state IN ('posted', 'post_pending')
                        THEN side.sign * t.amount_minor ELSE 0 END)
               OVER (PARTITION BY side.account ORDER BY t.id ROWS UNBOUNDED PRECEDING) AS expected
          FROM ledger_transfer t
         CROSS JOIN LATERAL (VALUES (t.debit_account_id, 1, t.debit_balance_minor),
                                    (t.credit_account_id, -1, t.credit_balance_minor))
               AS side(account, sign, balance)
    )
    SELECT key AS subject, account, balance, expected FROM entry WHERE balance <> expected
     ORDER BY id
"""

BOOKS = """
    SELECT b.name AS subject, sum(a.debits_posted_minor) AS debits,
           sum(a.credits_posted_minor) AS credits,
           sum(a.debits_pending_minor) AS pending_debits,
           sum(a.credits_pending_minor) AS pending_credits
      FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id
     GROUP BY b.id, b.name
    HAVING sum(a.debits_posted_minor) <> sum(a.credits_posted_minor)
        OR sum(a.debits_pending_minor) <> sum(a.credits_pending_minor)
"""

LIMITS = """
    SELECT code AS subject, book_id AS book, "limit", debits_posted_minor AS debits,
           credits_posted_minor AS credits, debits_pending_minor AS pending_debits,
           credits_pending_minor AS pending_credits
      FROM ledger_account
     WHERE ("limit" = 'debits_within_credits'
            AND debits_posted_minor::numeric + debits_pending_minor > credits_posted_minor)
        OR ("limit" = 'credits_within_debits'
            AND credits_posted_minor::numeric + credits_pending_minor > debits_posted_minor)
        OR least(debits_posted_minor, credits_posted_minor,
                 debits_pending_minor, credits_pending_minor) < 0
"""

LINKS = """
    SELECT link::text AS subject, count(*) AS legs, max(link_legs) AS expected
      FROM ledger_transfer WHERE link IS NOT NULL
     GROUP BY link HAVING count(*) <> max(link_legs) OR max(link_legs) <> min(link_legs)
"""

PENDING = """
    SELECT t.key AS subject, p.key AS pending, t.state, t.amount_minor AS amount,
           p.amount_minor AS pending_amount, p.state AS pending_state
      FROM ledger_transfer t JOIN ledger_transfer p ON p.id = t.pending_id
     WHERE p.state <> 'pending' OR p.id >= t.id OR t.amount_minor > p.amount_minor
        OR (t.state = 'void_pending' AND t.amount_minor <> p.amount_minor)
        OR (t.debit_account_id, t.credit_account_id) <> (p.debit_account_id, p.credit_account_id)
"""

ROWS = """
    SELECT t.key AS subject, t.amount_minor AS amount, d.book_id AS debit_book,
           c.book_id AS credit_book, t.booking_date, t.value_date
      FROM ledger_transfer t
      LEFT JOIN ledger_account d ON d.id = t.debit_account_id
      LEFT JOIN ledger_account c ON c.id = t.credit_account_id
     WHERE d.book_id IS DISTINCT FROM c.book_id OR d.book_id IS NULL OR t.amount_minor <= 0
        OR t.booking_date > %s OR t.value_date > t.booking_date + 1
"""


def _asking(question: str, *values: Callable[[], date]) -> Check:
    def check() -> Iterator[Violation]:
        with connection.cursor() as cursor:
            cursor.execute(question, [value() for value in values])
            names = [column.name for column in cursor.description or ()]
            for row in cursor.fetchall():
                details = dict(zip(names, row, strict=True))
                yield Violation(str(details.pop("subject")), details)

    return check


invariant("ledger.accounts_equal_their_transfers")(_asking(COUNTERS))
invariant("ledger.running_balances_follow")(_asking(RUNNING))
invariant("ledger.debits_equal_credits_in_every_book")(_asking(BOOKS))
invariant("ledger.limits_hold")(_asking(LIMITS))
invariant("ledger.links_are_complete")(_asking(LINKS))
invariant("ledger.pending_is_settled_by_its_own_kind")(_asking(PENDING))
invariant("ledger.transfers_stay_in_one_book_and_day")(_asking(ROWS, clocks.business_date))
