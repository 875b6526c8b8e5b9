"""Save the stack in one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scf.runtime.backup import kept_of, running, save
from scf.runtime.home import StackError
from scf.runtime.management.homes import add_embedded, add_home, given_of, home_of
from scf.runtime.postgres import Cluster


class Command(BaseCommand):
    """``manage.py backup FILE``: works while everything runs, and when it is down."""

    help = "Save database, documents and, of an embedded stack, chain and demo keys in one file."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        add_home(parser)
        add_embedded(parser)
        parser.add_argument("file", type=Path)

    def handle(self, *_args: object, **options: object) -> None:
        """Save it."""
        home, given = home_of(options), given_of(options)
        target = Path(str(options["file"])).absolute()
        try:
            if "DATABASE_URL" in given:
                manifest = save(kept_of(home, given), target)
            else:
                cluster = Cluster(home.postgres, said=home.log("postgres"))
                if not cluster.is_made:
                    raise StackError(f"没有可备份的 / nothing to save: {home.folder}")
                with running(cluster):
                    manifest = save(kept_of(home, given), target)
        except StackError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已备份 / saved: {target} ({manifest['saved_at']})")
