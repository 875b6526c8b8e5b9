"""SQL functions that Django does not name."""

from django.db import models


class NextCommandPosition(models.Func):
    """The next place in the outbox: commands of one queue leave in the order of their positions."""

    template = "nextval('chain_command_position')"
    arity = 0
    output_field = models.BigIntegerField()
