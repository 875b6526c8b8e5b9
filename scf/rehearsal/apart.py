"""Starting a command again on engines of its own: the runtime makes them, as a process."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import date

from django.conf import settings

from scf.core import clock


def again_apart(words: Sequence[str], *, begins_on: date) -> int:
    """Run ``manage.py`` with these words on a stack that begins on a day; returns its exit
    status.
    """
    begins = int(clock.shanghai_midnight(begins_on).timestamp())
    program = str(settings.BASE_DIR / "manage.py")
    command = [sys.executable, program, "apart", "--begins", str(begins), *words]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - this very program
