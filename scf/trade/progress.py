"""How far an import has come while it is still being written.

An import is all or nothing, so nobody sees its rows before it is done. PostgreSQL shows the name of
a connection at once, also out of a running transaction: there the writer says how far it is, and
when it fails or dies nothing is left behind.
"""

from uuid import UUID

from django.db import connection

NAME = "scf import"


class Progress:
    """Tells how many rows of an import are written; the connection gets its own name back."""

    def __init__(self, job_id: UUID, *, total: int) -> None:
        self.job_id, self.total, self.done = job_id, total, 0
        self._name = ""

    def __enter__(self) -> "Progress":
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('application_name')")
            self._name = cursor.fetchone()[0]
        self.tell(0)
        return self

    def __exit__(self, failed: type[BaseException] | None, *_error: object) -> None:
        if failed is None:  # a transaction that fails takes the name back by itself
            _rename(self._name)

    def tell(self, rows: int) -> None:
        """So many more rows are written."""
        self.done = min(self.done + rows, self.total)
        _rename(f"{NAME} {self.job_id.hex} {self.done}")


def rows_written(job_id: UUID) -> int | None:
    """How many rows of an import are written by now; None when nobody is writing it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE %s",
            [f"{NAME} {job_id.hex} %"],
        )
        found = cursor.fetchone()
    return int(found[0].rpartition(" ")[2]) if found else None


def _rename(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [name])
