"""The code a demo authenticator shows now."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
)
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from scf.rehearsal.cast import PEOPLE, needs_totp, totp_secret


class Command(BaseCommand):
    """Prints the code of one person of the cast; in a demo alone."""

    help = "演示动态口令 / the current code of a demo login"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose code."""
        parser.add_argument("user", help="demo login, such as luo")

    def handle(self, *_args: object, **options: Any) -> None:
        """Print six digits."""
        if settings.IS_PRODUCTION:
            raise CommandError("生产环境没有演示口令 / there are no demo codes in production")
        user = str(options["user"])
        if user not in PEOPLE or not needs_totp(user):
            raise CommandError(f"{user} 没有动态口令 / has no authenticator")
        counter = int(time.time()) // 30
        self.stdout.write(format_hotp_value(hotp_value(totp_secret(user), counter)))
