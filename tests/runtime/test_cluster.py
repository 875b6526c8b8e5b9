"""The database of this run of the tests is one of its own, with both roles of the house."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from tests.cluster import PREFIX


def test_the_server_is_a_throw_away_one():
    assert Path(settings.DATABASES["default"]["HOST"]).name.startswith(PREFIX)


@pytest.mark.django_db
def test_the_app_role_reads_what_the_owner_made_and_changes_no_table():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE made_by_owner AS SELECT 1 AS n")
        cursor.execute("SET LOCAL ROLE scf_app")
        cursor.execute("SELECT n FROM made_by_owner")
        assert cursor.fetchone() == (1,)
        with pytest.raises(ProgrammingError, match="owner"), transaction.atomic():
            cursor.execute("DROP TABLE made_by_owner")
