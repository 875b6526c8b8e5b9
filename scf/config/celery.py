"""The Celery application and its schedule. The broker is only a doorbell: truth is rows."""

import os

from celery import Celery
from celery.schedules import crontab

from scf.config.pulses import WorkerPulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scf.config.settings")

app = Celery("scf")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(WorkerPulse)
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "fire-due": {"task": "financing.fire_due", "schedule": 60},
    "make-papers": {"task": "financing.make_papers", "schedule": 5},
    "tell-people": {"task": "notifications.read_facts", "schedule": 3},
    "answer-resets": {"task": "parties.answer_resets", "schedule": 5},
    "send-mail": {"task": "notifications.send_due", "schedule": 10},
    # The last sweep of a day must be in a block of that day (K4).
    "sweep-due": {"task": "financing.sweep_due", "schedule": crontab(hour="18,21", minute=0)},
    "roll-day": {"task": "financing.roll_day", "schedule": 300},
    "forget-answers": {"task": "parties.forget_answers", "schedule": crontab(hour="3", minute=30)},
}
