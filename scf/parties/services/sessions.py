"""When a device was last seen, and the end of all sessions of a login."""

from datetime import timedelta

from allauth.usersessions.models import UserSession

from scf.core import clock
from scf.parties.models import User

EVERY = timedelta(minutes=5)  # a page view is no reason for a write


def touch_session(session_key: str) -> bool:
    """Note that a session was used now; written every five minutes at most. True when written."""
    now = clock.now()
    rows = UserSession.objects.filter(session_key=session_key, last_seen_at__lt=now - EVERY)
    return bool(rows.update(last_seen_at=now))


def end_sessions(user: User) -> int:
    """Log a login out everywhere; returns of how many devices."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)
