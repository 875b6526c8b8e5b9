"""Bring a saved stack back."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scf.runtime import report
from scf.runtime.backup import empty_again, kept_of, load, running
from scf.runtime.home import Home, StackError
from scf.runtime.management.homes import add_embedded, add_home, given_of, home_of
from scf.runtime.postgres import Cluster
from scf.runtime.stack import DATABASE


class Command(BaseCommand):
    """``manage.py restore FILE``: into an empty database, or over a stack that is down."""

    help = "Bring back what manage.py backup saved; the stack must be down."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        add_home(parser)
        add_embedded(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="drop what the embedded database holds"
        )

    def handle(self, *_args: object, **options: object) -> None:
        """Bring it back."""
        home, given = home_of(options), given_of(options)
        source = Path(str(options["file"])).absolute()
        home.make()
        try:
            with home.only_one():
                if "DATABASE_URL" in given:
                    manifest = load(source, kept_of(home, given))
                else:
                    manifest = self._into_embedded(home, source, given, options)
                home.lived.touch()
        except StackError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已恢复 / restored: {source} ({manifest['saved_at']})")

    def _into_embedded(
        self, home: Home, source: Path, given: dict[str, str], options: dict[str, object]
    ) -> dict[str, object]:
        if any(part["pid"] for part in report.parts_of(home.read_status())):
            raise StackError("请先 make down / make down first")
        cluster = Cluster(home.postgres, said=home.log("postgres"))
        with running(cluster):
            if options["replace"]:
                empty_again(cluster, DATABASE)
            else:
                cluster.create_database(DATABASE)
            return load(source, kept_of(home, given))
