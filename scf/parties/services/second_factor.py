"""What happened to a person's second factor: a fact each, of which the person is told."""

from django.db import transaction

from scf.core.actor import Actor
from scf.parties.models import User
from scf.parties.selectors import count_recovery_codes
from scf.workflow import facts


@transaction.atomic
def note_recovery_code_used(user: User, *, by: Actor) -> None:
    """A recovery code stood in for the authenticator; which one is written nowhere."""
    _record(user, "recovery_code_used", by)


@transaction.atomic
def note_code_guessed(user: User, *, by: Actor) -> None:
    """Codes were guessed until the tries were stopped: somebody knows the password."""
    _record(user, "code_guessed", by)


@transaction.atomic
def note_recovery_codes_made(user: User, *, is_first: bool, by: Actor) -> None:
    """Recovery codes were made: the first, or new ones in place of all earlier ones."""
    _record(user, "recovery_codes_first" if is_first else "recovery_codes_made", by)


def _record(user: User, name: str, by: Actor) -> None:
    if user.person is not None:
        left = count_recovery_codes(user) or 0
        facts.record(f"person.{name}", user.person, by=by, username=user.username, left=left)
