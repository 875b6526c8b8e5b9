"""The posting of transfers in one pass over its legs.

The accounts are read once, while they are locked, into arrays in id order; where an account stands
among them is found by bisection. One loop judges every leg on running balances, so no statement
sorts the legs by account, and the accounts are written from the arrays. Known keys, frozen
accounts, pending transfers and links cost a statement of their own only where there are any.
"""

from importlib import import_module
from typing import Any

from django.db import migrations

POST_TRANSFERS = """
CREATE OR REPLACE FUNCTION ledger_post_transfers(
    debits bigint[], credits bigint[], amounts bigint[], kinds text[], keys text[], links uuid[],
    states text[], pendings bigint[], deals uuid[], value_dates date[], booked_on date
) RETURNS TABLE (verdict text, transfer_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
#variable_conflict use_column
DECLARE
    legs int := cardinality(keys);
    seats bigint[];           -- the accounts by id; below, what each of them is and has
    books bigint[];
    is_frozen boolean[];
    sides int[];              -- what may not exceed the other: 1 debits, -1 credits, 0 neither
    rooms numeric[];          -- what may still leave a limited account
    debits_posted bigint[];
    credits_posted bigint[];
    debits_pending bigint[];
    credits_pending bigint[];
    verdicts text[] := array_fill('posted'::text, ARRAY[cardinality(keys)]);
    firsts bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(keys)]);  -- what a leg became
    link_legs int[];
    debit_balances bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(keys)]);
    credit_balances bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(keys)]);
    moves bigint[] := amounts;  -- what a leg adds to the posted counters of its two accounts
    holds bigint[] := array_fill(0::bigint, ARRAY[cardinality(keys)]);  -- and to their pending ones
    debit int;                -- the seats of the leg at hand
    credit int;
    debit_room numeric;
    credit_room numeric;
    first int;                -- where its link begins
    ids bigint[];             -- of the rows posted now, in their order
    taken int := 0;
BEGIN
    -- All accounts in id order before anything else: two batches can never wait for each other.
    SELECT array_agg(id), array_agg(book_id), array_agg(is_frozen),
           array_agg(CASE "limit" WHEN 'debits_within_credits' THEN 1
                                  WHEN 'credits_within_debits' THEN -1 ELSE 0 END),
           array_agg(CASE "limit"
                     WHEN 'debits_within_credits' THEN
                         credits_posted_minor::numeric - debits_posted_minor - debits_pending_minor
                     WHEN 'credits_within_debits' THEN
                         debits_posted_minor::numeric - credits_posted_minor - credits_pending_minor
                     ELSE 0 END),
           array_agg(debits_posted_minor), array_agg(credits_posted_minor),
           array_agg(debits_pending_minor), array_agg(credits_pending_minor)
      INTO seats, books, is_frozen, sides, rooms,
           debits_posted, credits_posted, debits_pending, credits_pending
      FROM (SELECT * FROM ledger_account WHERE id = ANY (debits || credits)
             ORDER BY id FOR NO KEY UPDATE) AS locked;

    IF EXISTS (SELECT 1 FROM ledger_transfer WHERE key = ANY (keys)) THEN
        SELECT array_agg(CASE
                   WHEN known.id IS NULL THEN 'posted'
                   WHEN known.debit_account_id = leg.debit AND known.credit_account_id = leg.credit
                        AND known.amount_minor = leg.amount AND known.kind = leg.kind
                        AND known.state = leg.state
                        AND known.pending_id IS NOT DISTINCT FROM leg.pending
                        AND known.deal_id IS NOT DISTINCT FROM leg.deal
                        AND (leg.value_date IS NULL OR known.value_date = leg.value_date)
                   THEN 'duplicate' ELSE 'conflict' END ORDER BY leg.turn),
               array_agg(known.id ORDER BY leg.turn)
          INTO verdicts, firsts
          FROM unnest(debits, credits, amounts, kinds, keys, states, pendings, deals, value_dates)
               WITH ORDINALITY
               AS leg(debit, credit, amount, kind, key, state, pending, deal, value_date, turn)
          LEFT JOIN ledger_transfer known ON known.key = leg.key;
    END IF;

    FOR i IN 1 .. legs LOOP
        debit := width_bucket(debits[i], seats);
        credit := width_bucket(credits[i], seats);
        IF seats[debit] IS DISTINCT FROM debits[i] OR seats[credit] IS DISTINCT FROM credits[i]
           OR books[debit] <> books[credit] THEN
            RAISE EXCEPTION 'a transfer needs two accounts of one book';
        END IF;
        CONTINUE WHEN states[i] = 'posted' AND NOT is_frozen[debit] AND NOT is_frozen[credit];
        IF verdicts[i] = 'posted' AND states[i] <> 'void_pending'
           AND (is_frozen[debit] OR is_frozen[credit]) THEN
            verdicts[i] := 'frozen';
        END IF;
        IF states[i] IN ('pending', 'void_pending') THEN
            moves[i] := 0;
        END IF;
        IF states[i] = 'pending' THEN
            holds[i] := amounts[i];
        END IF;
    END LOOP;

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
                   ELSE leg.verdict END ORDER BY leg.turn),
               array_agg(tie.legs ORDER BY leg.turn)
          INTO verdicts, link_legs
          FROM unnest(verdicts, links) WITH ORDINALITY AS leg(verdict, link, turn)
          LEFT JOIN (
            SELECT link, count(*) AS legs,
                   bool_or(verdict <> 'duplicate') AS has_new,
                   bool_or(verdict = 'duplicate') AS has_known,
                   bool_or(verdict NOT IN ('posted', 'duplicate')) AS has_refused
              FROM unnest(verdicts, links) AS each(verdict, link)
             WHERE link IS NOT NULL GROUP BY link
          ) AS tie ON tie.link = leg.link;
    END IF;

    IF 'conflict' = ANY (verdicts) THEN  -- nothing moves: the caller is told and rolls back
        RETURN QUERY SELECT * FROM unnest(verdicts, firsts);
        RETURN;
    END IF;

    FOR i IN 1 .. legs LOOP
        IF i = 1 OR links[i] IS NULL OR links[i] IS DISTINCT FROM links[i - 1] THEN
            first := i;
        END IF;
        CONTINUE WHEN verdicts[i] <> 'posted';
        debit := width_bucket(debits[i], seats);
        credit := width_bucket(credits[i], seats);
        IF sides[debit] <> 0 OR sides[credit] <> 0 THEN
            debit_room := rooms[debit] + CASE sides[debit]
                WHEN 1 THEN -(moves[i]::numeric + holds[i]) WHEN -1 THEN moves[i] ELSE 0 END;
            credit_room := rooms[credit] + CASE sides[credit]
                WHEN -1 THEN -(moves[i]::numeric + holds[i]) WHEN 1 THEN moves[i] ELSE 0 END;
            IF debit_room < 0 OR credit_room < 0 THEN
                verdicts[i] := 'overdrawn';
                FOR j IN first .. i - 1 LOOP  -- give back what the legs it is tied to took
                    verdicts[j] := 'link_refused';
                    debit := width_bucket(debits[j], seats);
                    credit := width_bucket(credits[j], seats);
                    rooms[debit] := rooms[debit] - CASE sides[debit]
                        WHEN 1 THEN -(moves[j]::numeric + holds[j])
                        WHEN -1 THEN moves[j] ELSE 0 END;
                    rooms[credit] := rooms[credit] - CASE sides[credit]
                        WHEN -1 THEN -(moves[j]::numeric + holds[j])
                        WHEN 1 THEN moves[j] ELSE 0 END;
                    debits_posted[debit] := debits_posted[debit] - moves[j];
                    credits_posted[credit] := credits_posted[credit] - moves[j];
                    debits_pending[debit] := debits_pending[debit] - holds[j];
                    credits_pending[credit] := credits_pending[credit] - holds[j];
                END LOOP;
                FOR j IN i + 1 .. legs LOOP
                    EXIT WHEN links[i] IS NULL OR links[j] IS DISTINCT FROM links[i];
                    verdicts[j] := 'link_refused';
                END LOOP;
                CONTINUE;
            END IF;
            rooms[debit] := debit_room;
            rooms[credit] := credit_room;
        END IF;
        debits_posted[debit] := debits_posted[debit] + moves[i];
        credits_posted[credit] := credits_posted[credit] + moves[i];
        IF holds[i] <> 0 THEN
            debits_pending[debit] := debits_pending[debit] + holds[i];
            credits_pending[credit] := credits_pending[credit] + holds[i];
        END IF;
        debit_balances[i] := debits_posted[debit] - credits_posted[debit];
        credit_balances[i] := debits_posted[credit] - credits_posted[credit];
    END LOOP;

    IF 'posted' = ANY (verdicts) THEN
        UPDATE ledger_account a
           SET debits_posted_minor = seat.debits_posted,
               credits_posted_minor = seat.credits_posted,
               debits_pending_minor = seat.debits_pending,
               credits_pending_minor = seat.credits_pending
          FROM unnest(seats, debits_posted, credits_posted, debits_pending, credits_pending)
               AS seat(id, debits_posted, credits_posted, debits_pending, credits_pending)
         WHERE a.id = seat.id
           AND (a.debits_posted_minor, a.credits_posted_minor,
                a.debits_pending_minor, a.credits_pending_minor)
               <> (seat.debits_posted, seat.credits_posted,
                   seat.debits_pending, seat.credits_pending);

        WITH posted AS (
            INSERT INTO ledger_transfer (
                debit_account_id, credit_account_id, amount_minor, kind, key, link, link_legs,
                state, pending_id, deal_id, booking_date, value_date,
                debit_balance_minor, credit_balance_minor)
            SELECT leg.debit, leg.credit, leg.amount, leg.kind, leg.key, leg.link, leg.link_legs,
                   leg.state, leg.pending, leg.deal, booked_on, coalesce(leg.value_date, booked_on),
                   leg.debit_balance, leg.credit_balance
              FROM unnest(debits, credits, amounts, kinds, keys, links, link_legs, states, pendings,
                          deals, value_dates, debit_balances, credit_balances, verdicts)
                   WITH ORDINALITY
                   AS leg(debit, credit, amount, kind, key, link, link_legs, state, pending,
                          deal, value_date, debit_balance, credit_balance, verdict, turn)
             WHERE leg.verdict = 'posted'
             ORDER BY leg.turn
            RETURNING id
        )
        SELECT array_agg(id ORDER BY id) INTO ids FROM posted;
    END IF;

    IF cardinality(ids) < legs THEN  -- the rows belong to the posted legs, in turn
        FOR i IN 1 .. legs LOOP
            CONTINUE WHEN verdicts[i] <> 'posted';
            taken := taken + 1;
            firsts[i] := ids[taken];
        END LOOP;
    ELSIF cardinality(ids) = legs THEN
        firsts := ids;
    END IF;
    RETURN QUERY SELECT * FROM unnest(verdicts, firsts);
END
$body$
"""

EARLIER: Any = import_module("scf.ledger.migrations.0002_post_transfers")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_entries_and_app_role")]

    operations = [
        migrations.RunSQL(
            POST_TRANSFERS, EARLIER.POST_TRANSFERS.replace("CREATE", "CREATE OR REPLACE", 1)
        ),
        migrations.RunSQL("DROP FUNCTION ledger_refuse_overdrawn", EARLIER.REFUSE_OVERDRAWN),
    ]
