"""The verbs of the room: read facts, send mail, mark as read, choose what comes by mail."""

from scf.notifications.services.mail import deliver, send_due
from scf.notifications.services.mark import mark_all_read, mark_read
from scf.notifications.services.prefer import set_preferences
from scf.notifications.services.read import read_facts
from scf.notifications.services.tell import tell

__all__ = [
    "deliver",
    "mark_all_read",
    "mark_read",
    "read_facts",
    "send_due",
    "set_preferences",
    "tell",
]
