"""The set-based posting of transfers.

``ledger_post_transfers`` locks every account of the batch in id order, finds keys seen before,
judges each transfer on running balances, moves the counters and inserts the rows. Only when a
limit would break does ``ledger_refuse_overdrawn`` judge one by one, and only what touches an
account whose own money does not cover all that leaves it in this batch.
"""

from django.db import migrations

REFUSE_OVERDRAWN = """
CREATE FUNCTION ledger_refuse_overdrawn(
    debits bigint[], credits bigint[], moves bigint[], holds bigint[], links uuid[], verdicts text[]
) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$
#variable_conflict use_column
DECLARE
    scarce bigint[];          -- the accounts that could run short, by id
    available numeric[];      -- what each of them still has, moved on leg by leg
    turns int[];              -- the legs that touch one of them, in order, and per leg:
    tied uuid[];              --   its link
    debit_seats int[];        --   where its accounts stand in scarce; last: all others
    credit_seats int[];
    debit_effects numeric[];  --   what it does to them
    credit_effects numeric[];
    refused uuid[] := '{}';
    first int := 1;
    elsewhere int;
BEGIN
    SELECT coalesce(array_agg(account ORDER BY account), '{}'),
           coalesce(array_agg(available ORDER BY account), '{}')
      INTO scarce, available
      FROM (
        SELECT a.id AS account, min(room.available) AS available
          FROM unnest(debits, credits, moves, holds, verdicts)
               AS leg(debit, credit, move, hold, verdict)
         CROSS JOIN LATERAL (VALUES (leg.debit, 1), (leg.credit, -1)) AS side(account, sign)
          JOIN ledger_account a ON a.id = side.account AND a."limit" <> 'none'
         CROSS JOIN LATERAL (
            SELECT CASE a."limit" WHEN 'debits_within_credits' THEN 1 ELSE -1 END AS costly,
                   CASE a."limit" WHEN 'debits_within_credits'
                        THEN a.credits_posted_minor::numeric
                             - a.debits_posted_minor - a.debits_pending_minor
                        ELSE a.debits_posted_minor::numeric
                             - a.credits_posted_minor - a.credits_pending_minor END AS available
         ) AS room
         WHERE leg.verdict = 'posted'
         GROUP BY a.id
        HAVING min(room.available) < sum(CASE WHEN side.sign = room.costly
                                              THEN greatest(leg.move::numeric + leg.hold, 0)
                                              ELSE 0 END)
      ) AS short;
    elsewhere := cardinality(scarce) + 1;
    available := available || 0::numeric;

    SELECT array_agg(leg.turn ORDER BY leg.turn),
           array_agg(leg.link ORDER BY leg.turn),
           array_agg(coalesce(d.seat, elsewhere) ORDER BY leg.turn),
           array_agg(coalesce(c.seat, elsewhere) ORDER BY leg.turn),
           array_agg(CASE d."limit" WHEN 'debits_within_credits'
                                    THEN -(leg.move::numeric + leg.hold)
                                    WHEN 'credits_within_debits' THEN leg.move
                                    ELSE 0 END ORDER BY leg.turn),
           array_agg(CASE c."limit" WHEN 'credits_within_debits'
                                    THEN -(leg.move::numeric + leg.hold)
                                    WHEN 'debits_within_credits' THEN leg.move
                                    ELSE 0 END ORDER BY leg.turn)
      INTO turns, tied, debit_seats, credit_seats, debit_effects, credit_effects
      FROM unnest(debits, credits, moves, holds, links, verdicts)
           WITH ORDINALITY AS leg(debit, credit, move, hold, link, verdict, turn)
      LEFT JOIN (SELECT s.seat, a.id, a."limit" FROM unnest(scarce) WITH ORDINALITY AS s(id, seat)
                   JOIN ledger_account a ON a.id = s.id) AS d ON d.id = leg.debit
      LEFT JOIN (SELECT s.seat, a.id, a."limit" FROM unnest(scarce) WITH ORDINALITY AS s(id, seat)
                   JOIN ledger_account a ON a.id = s.id) AS c ON c.id = leg.credit
     WHERE leg.verdict = 'posted' AND (d.id IS NOT NULL OR c.id IS NOT NULL);

    FOR i IN 1 .. cardinality(turns) LOOP
        IF i = 1 OR tied[i] IS NULL OR tied[i] IS DISTINCT FROM tied[i - 1] THEN
            first := i;
        END IF;
        CONTINUE WHEN tied[i] = ANY (refused);
        available[debit_seats[i]] := available[debit_seats[i]] + debit_effects[i];
        available[credit_seats[i]] := available[credit_seats[i]] + credit_effects[i];
        CONTINUE WHEN available[debit_seats[i]] >= 0 AND available[credit_seats[i]] >= 0;
        verdicts[turns[i]] := 'overdrawn';
        IF tied[i] IS NOT NULL THEN
            refused := refused || tied[i];
        END IF;
        FOR j IN first .. i LOOP  -- give back what this leg, and the legs it is tied to, took
            available[debit_seats[j]] := available[debit_seats[j]] - debit_effects[j];
            available[credit_seats[j]] := available[credit_seats[j]] - credit_effects[j];
        END LOOP;
    END LOOP;

    RETURN (
        SELECT array_agg(CASE WHEN leg.verdict = 'posted' AND leg.link = ANY (refused)
                              THEN 'link_refused' ELSE leg.verdict END ORDER BY leg.turn)
          FROM unnest(verdicts, links) WITH ORDINALITY AS leg(verdict, link, turn)
    );
END
$body$
"""

POST_TRANSFERS = """
CREATE FUNCTION ledger_post_transfers(
    debits bigint[], credits bigint[], amounts bigint[], kinds text[], keys text[], links uuid[],
    states text[], pendings bigint[], deals uuid[], value_dates date[], booked_on date
) RETURNS TABLE (verdict text, transfer_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
#variable_conflict use_column
DECLARE
    verdicts text[];
    firsts bigint[];          -- the transfer that had the key before
    moves bigint[];           -- what a leg adds to the posted counters of its two accounts
    holds bigint[];           -- and to their pending counters
    debit_balances numeric[];
    credit_balances numeric[];
    is_one_book boolean;
    is_broken boolean;
    ids bigint[];             -- of the rows posted now, in their order
BEGIN
    -- All accounts in id order before anything else: two batches can never wait for each other.
    PERFORM 1 FROM ledger_account WHERE id = ANY (debits || credits) ORDER BY id FOR NO KEY UPDATE;

    SELECT array_agg(CASE
               WHEN known.id IS NULL THEN
                   CASE WHEN (d.is_frozen OR c.is_frozen) AND leg.state <> 'void_pending'
                        THEN 'frozen' ELSE 'posted' END
               WHEN known.debit_account_id = leg.debit AND known.credit_account_id = leg.credit
                    AND known.amount_minor = leg.amount AND known.kind = leg.kind
                    AND known.state = leg.state
                    AND known.pending_id IS NOT DISTINCT FROM leg.pending
                    AND known.deal_id IS NOT DISTINCT FROM leg.deal
                    AND (leg.value_date IS NULL OR known.value_date = leg.value_date)
               THEN 'duplicate' ELSE 'conflict' END ORDER BY leg.turn),
           array_agg(known.id ORDER BY leg.turn),
           array_agg(CASE WHEN leg.state IN ('posted', 'post_pending')
                          THEN leg.amount ELSE 0 END ORDER BY leg.turn),
           array_agg(CASE leg.state WHEN 'pending' THEN leg.amount ELSE 0 END ORDER BY leg.turn),
           bool_and(c.book_id = d.book_id)
      INTO verdicts, firsts, moves, holds, is_one_book
      FROM unnest(debits, credits, amounts, kinds, keys, states, pendings, deals, value_dates)
           WITH ORDINALITY
           AS leg(debit, credit, amount, kind, key, state, pending, deal, value_date, turn)
      JOIN ledger_account d ON d.id = leg.debit
      JOIN ledger_account c ON c.id = leg.credit
      LEFT JOIN ledger_transfer known ON known.key = leg.key;
    IF is_one_book IS NOT TRUE OR cardinality(verdicts) <> cardinality(keys) THEN
        RAISE EXCEPTION 'a transfer needs two accounts of one book';
    END IF;

    IF num_nonnulls(VARIADIC pendings) > 0 THEN
        SELECT array_agg(CASE WHEN leg.verdict = 'posted' AND settled.id IS NOT NULL
                              THEN 'settled' ELSE leg.verdict END ORDER BY leg.turn),
               array_agg(coalesce(-pending.amount_minor, leg.hold) ORDER BY leg.turn)
          INTO verdicts, holds
          FROM unnest(verdicts, pendings, holds)
               WITH ORDINALITY AS leg(verdict, pending, hold, turn)
          LEFT JOIN ledger_transfer pending ON pending.id = leg.pending
          LEFT JOIN ledger_transfer settled ON settled.pending_id = leg.pending;
    END IF;

    IF num_nonnulls(VARIADIC links) > 0 THEN
        -- A link stands or falls as one; one half seen before is another batch under the same key.
        SELECT array_agg(CASE
                   WHEN leg.link IS NULL THEN leg.verdict
                   WHEN tie.has_new AND (tie.has_known OR EXISTS (
                       SELECT 1 FROM ledger_transfer t WHERE t.link = leg.link)) THEN 'conflict'
                   WHEN leg.verdict = 'posted' AND tie.has_refused THEN 'link_refused'
                   ELSE leg.verdict END ORDER BY leg.turn)
          INTO verdicts
          FROM unnest(verdicts, links) WITH ORDINALITY AS leg(verdict, link, turn)
          LEFT JOIN (
            SELECT link, bool_or(verdict <> 'duplicate') AS has_new,
                   bool_or(verdict = 'duplicate') AS has_known,
                   bool_or(verdict NOT IN ('posted', 'duplicate')) AS has_refused
              FROM unnest(verdicts, links) AS each(verdict, link) GROUP BY link
          ) AS tie ON tie.link = leg.link;
    END IF;

    IF 'conflict' = ANY (verdicts) THEN  -- nothing moves: the caller is told and rolls back
        RETURN QUERY SELECT v, f FROM unnest(verdicts, firsts) WITH ORDINALITY AS x(v, f, turn)
                      ORDER BY turn;
        RETURN;
    END IF;

    FOR attempt IN 1 .. 2 LOOP
        SELECT array_agg(balance ORDER BY turn) FILTER (WHERE sign = 1),
               array_agg(balance ORDER BY turn) FILTER (WHERE sign = -1),
               bool_or(available < 0)
          INTO debit_balances, credit_balances, is_broken
          FROM (
            SELECT entry.turn, entry.sign,
                   a.debits_posted_minor - a.credits_posted_minor
                   + sum(entry.sign * entry.move) OVER so_far AS balance,
                   CASE a."limit"
                   WHEN 'debits_within_credits' THEN
                       a.credits_posted_minor - a.debits_posted_minor - a.debits_pending_minor
                       - sum(CASE entry.sign WHEN 1 THEN entry.move + entry.hold
                             ELSE -entry.move END) OVER so_far
                   WHEN 'credits_within_debits' THEN
                       a.debits_posted_minor - a.credits_posted_minor - a.credits_pending_minor
                       - sum(CASE entry.sign WHEN -1 THEN entry.move + entry.hold
                             ELSE -entry.move END) OVER so_far
                   END AS available
              FROM (
                SELECT leg.turn, side.account, side.sign,
                       CASE leg.verdict WHEN 'posted' THEN leg.move ELSE 0 END::numeric AS move,
                       CASE leg.verdict WHEN 'posted' THEN leg.hold ELSE 0 END::numeric AS hold
                  FROM unnest(debits, credits, moves, holds, verdicts)
                       WITH ORDINALITY AS leg(debit, credit, move, hold, verdict, turn)
                 CROSS JOIN LATERAL (VALUES (leg.debit, 1), (leg.credit, -1)) AS side(account, sign)
              ) AS entry
              JOIN ledger_account a ON a.id = entry.account
            WINDOW so_far AS (PARTITION BY entry.account ORDER BY entry.turn
                              ROWS UNBOUNDED PRECEDING)
          ) AS running;
        EXIT WHEN is_broken IS NOT TRUE;
        verdicts := ledger_refuse_overdrawn(debits, credits, moves, holds, links, verdicts);
    END LOOP;

    UPDATE ledger_account a
       SET debits_posted_minor = a.debits_posted_minor + sums.debits_posted,
           credits_posted_minor = a.credits_posted_minor + sums.credits_posted,
           debits_pending_minor = a.debits_pending_minor + sums.debits_pending,
           credits_pending_minor = a.credits_pending_minor + sums.credits_pending
      FROM (
        SELECT side.account,
               sum(CASE side.sign WHEN 1 THEN leg.move ELSE 0 END) AS debits_posted,
               sum(CASE side.sign WHEN -1 THEN leg.move ELSE 0 END) AS credits_posted,
               sum(CASE side.sign WHEN 1 THEN leg.hold ELSE 0 END) AS debits_pending,
               sum(CASE side.sign WHEN -1 THEN leg.hold ELSE 0 END) AS credits_pending
          FROM unnest(debits, credits, moves, holds, verdicts)
               AS leg(debit, credit, move, hold, verdict)
         CROSS JOIN LATERAL (VALUES (leg.debit, 1), (leg.credit, -1)) AS side(account, sign)
         WHERE leg.verdict = 'posted'
         GROUP BY side.account
      ) AS sums
     WHERE a.id = sums.account;

    WITH posted AS (
        INSERT INTO ledger_transfer (
            debit_account_id, credit_account_id, amount_minor, kind, key, link, link_legs, state,
            pending_id, deal_id, booking_date, value_date,
            debit_balance_minor, credit_balance_minor)
        SELECT leg.debit, leg.credit, leg.amount, leg.kind, leg.key, leg.link,
               CASE WHEN leg.link IS NOT NULL THEN count(*) OVER (PARTITION BY leg.link) END,
               leg.state, leg.pending, leg.deal, booked_on, coalesce(leg.value_date, booked_on),
               leg.debit_balance, leg.credit_balance
          FROM unnest(debits, credits, amounts, kinds, keys, links, states, pendings, deals,
                      value_dates, debit_balances, credit_balances, verdicts)
               WITH ORDINALITY
               AS leg(debit, credit, amount, kind, key, link, state, pending, deal, value_date,
                      debit_balance, credit_balance, verdict, turn)
         WHERE leg.verdict = 'posted'
         ORDER BY leg.turn
        RETURNING id
    )
    SELECT array_agg(id ORDER BY id) INTO ids FROM posted;

    RETURN QUERY
    SELECT leg.verdict,
           CASE leg.verdict
           WHEN 'posted' THEN ids[count(*) FILTER (WHERE leg.verdict = 'posted')
                                  OVER (ORDER BY leg.turn ROWS UNBOUNDED PRECEDING)]
           ELSE leg.first END
      FROM unnest(verdicts, firsts) WITH ORDINALITY AS leg(verdict, first, turn)
     ORDER BY leg.turn;
END
$body$
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(
            # Room on every page for the next version of a row, so that counters move in place.
            "ALTER TABLE ledger_account SET (fillfactor = 50)",
            "ALTER TABLE ledger_account RESET (fillfactor)",
        ),
        migrations.RunSQL(REFUSE_OVERDRAWN, "DROP FUNCTION ledger_refuse_overdrawn"),
        migrations.RunSQL(POST_TRANSFERS, "DROP FUNCTION ledger_post_transfers"),
    ]
