"""Who may log in to the demo, and how."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from scf.parties.models import User
from scf.rehearsal.cast import ORGANIZATIONS, PASSWORD, PEOPLE, needs_totp, totp_secret

PORTALS = {"bank": "bank", "enterprise": "enterprise", "operator": "operator"}


class Command(BaseCommand):
    """A table of the cast's logins: name, organization, portal, authenticator's secret."""

    help = "演示账号 / the demo logins"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """For machines, JSON."""
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *_args: object, **options: Any) -> None:
        """Print those of the cast who have a login on this stack."""
        if settings.IS_PRODUCTION:
            raise CommandError("生产环境没有演示账号 / there are no demo logins in production")
        there = set(User.objects.filter(username__in=PEOPLE).values_list("username", flat=True))
        rows = [_row(key) for key in PEOPLE if key in there]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"演示账号，密码均为 / demo logins, the password of all: {PASSWORD}")
        for row in rows:
            self.stdout.write(
                f"  {row['user']:<6} {row['name']}  {row['portal']:<11} {row['roles']:<18}"
                f" {row['organization']}  {row['totp_secret'] or ''}".rstrip()
            )
        self.stdout.write(
            "银行与运营人员另需动态口令：manage.py demo_code 用户名，或在验证器中录入上列密钥"
            " / bank and operator also need a code: manage.py demo_code USER"
        )


def _row(key: str) -> dict[str, str | None]:
    someone = PEOPLE[key]
    at = ORGANIZATIONS[someone.at]
    return {
        "user": key,
        "name": someone.name,
        "password": PASSWORD,
        "organization": at.name,
        "portal": PORTALS.get(at.kind, "member"),
        "roles": ",".join(role.partition("_")[2] or role for role in someone.roles),
        "totp_secret": totp_secret(key) if needs_totp(key) else None,
    }
