"""The table of the cache: counters of failed logins and one-time codes already used."""

from django.db import migrations

CREATE = """
CREATE TABLE portals_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX portals_cache_expires ON portals_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CREATE, "DROP TABLE portals_cache")]
