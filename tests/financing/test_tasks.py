"""The pumps of the real day: each is scheduled by its name, and does its part."""

from datetime import date

from django.utils.module_loading import autodiscover_modules

from scf.config.celery import app
from scf.core import clock
from scf.financing import tasks
from scf.workflow import clocks
from scf.workflow.models import BusinessDay
from tests.financing.test_day_end import balance, moved


def test_every_entry_of_the_schedule_names_a_task_there_is():
    autodiscover_modules("tasks")

    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named - set(app.tasks) == set()


def test_a_new_installation_opens_its_first_day(stack, settings, anvil):
    settings.RPC_URL = anvil.url
    BusinessDay.objects.all().delete()

    tasks.roll_day()

    assert BusinessDay.objects.get().opened_on == clock.today()


def test_days_that_are_over_are_closed_and_the_escrow_is_reclaimed(deal, settings, anvil):
    settings.RPC_URL = anvil.url
    node = deal.stack.node
    node.set_next_time(int(clock.shanghai_midnight(date(2026, 5, 11)).timestamp()) + 60)
    node.mine(1)

    tasks.roll_day()
    deal.stack.rest()

    assert clocks.business_date() == date(2026, 5, 11)
    assert moved("loan_return") == [(date(2026, 5, 11), 800_000_00)]
    assert balance("1031") == balance("2011.80") == 2_000_000_00


def test_nothing_is_swept_by_the_clock_on_the_wall_while_the_past_is_lived(deal):
    deal.receive(100_00)

    tasks.sweep_due()
    tasks.fire_due()
    deal.stack.rest()

    assert moved("sweep") == []
