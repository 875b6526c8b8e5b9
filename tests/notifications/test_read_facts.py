"""The reader takes each fact once, in order, wherever it was killed."""

import pytest
from django.db import transaction

from scf.core.actor import SYSTEM
from scf.notifications.models import Cursor, InboxItem
from scf.notifications.services import read_facts
from scf.workflow.facts import record
from scf.workflow.models import Fact
from tests.notifications.conftest import submitted

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(Exception):
    """The process ended here."""


def _read_and_die() -> None:
    with transaction.atomic():
        assert read_facts() > 0
        assert InboxItem.objects.exists()
        raise Killed


def test_killed_before_its_end_it_leaves_nothing_and_goes_on_where_it_was():
    application = submitted()
    with pytest.raises(Killed):
        _read_and_die()
    assert not InboxItem.objects.exists()
    assert not Cursor.objects.exists()

    while read_facts(limit=3):
        pass

    assert InboxItem.objects.filter(kind="turn").count() == 1
    cursor = Cursor.objects.get(name="inbox")
    assert cursor.last_id == Fact.objects.latest("xid", "id").pk
    assert read_facts() == 0
    with transaction.atomic():
        record("application.withdrawn", application, by=SYSTEM)
    assert read_facts() == 1
    assert set(InboxItem.objects.filter(kind="decision").values_list("side", flat=True)) == {
        "bank",
        "seller",
    }
