"""SQL functions that Django does not name."""

from django.db import models


class CurrentXactId(models.Func):
    """The id of the running transaction as a bigint, so that readers can wait for late commits."""

    template = "(pg_current_xact_id()::text::bigint)"
    arity = 0
    output_field = models.BigIntegerField()
