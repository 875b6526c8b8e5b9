"""The nudges between processes: NOTIFY when a transaction commits, LISTEN with a bound. Truth is
rows.
"""

from django.db import connection

COMMANDS = "chain_commands"
SIGNATURES = "chain_signatures"
EVENTS = "chain_events"


def ring(channel: str) -> None:
    """Wake whoever waits on the channel as soon as this transaction commits; a lost nudge costs a
    second.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [channel])
