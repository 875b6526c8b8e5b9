"""The view of entries, and what the app role may do: post by the function alone."""

from django.db import migrations

ENTRY_VIEW = """
CREATE VIEW ledger_entry AS
SELECT id * 2 AS id, id AS transfer_id, debit_account_id AS account_id,
       credit_account_id AS counter_account_id, amount_minor AS debit_minor,
       0::bigint AS credit_minor,
       debit_balance_minor AS balance_minor, kind, key, deal_id, booking_date, value_date
  FROM ledger_transfer WHERE state IN ('posted', 'post_pending')
UNION ALL
SELECT id * 2 + 1, id, credit_account_id, debit_account_id, 0::bigint, amount_minor,
       credit_balance_minor, kind, key, deal_id, booking_date, value_date
  FROM ledger_transfer WHERE state IN ('posted', 'post_pending')
"""

# The app role posts through the function alone: it can neither write a transfer nor move a counter.
RESTRICT_APP_ROLE = """
DO $body$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'scf_app') THEN
        REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_transfer FROM scf_app;
        REVOKE UPDATE, DELETE, TRUNCATE ON ledger_account FROM scf_app;
        GRANT UPDATE (is_frozen, name) ON ledger_account TO scf_app;
    END IF;
END
$body$
"""

RELEASE_APP_ROLE = """
DO $body$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'scf_app') THEN
        GRANT INSERT, UPDATE, DELETE ON ledger_transfer TO scf_app;
        GRANT UPDATE, DELETE ON ledger_account TO scf_app;
    END IF;
END
$body$
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_post_transfers")]

    operations = [
        migrations.RunSQL(ENTRY_VIEW, "DROP VIEW ledger_entry"),
        migrations.RunSQL(RESTRICT_APP_ROLE, RELEASE_APP_ROLE),
    ]
