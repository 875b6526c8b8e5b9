"""Start the stack and watch over it."""

import subprocess
import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from scf.runtime import report
from scf.runtime.anvil import ChainError
from scf.runtime.binaries import MissingProgram
from scf.runtime.home import Home, StackError
from scf.runtime.launch import Launch, begin_anew_if_unfinished, begins, end_leftovers
from scf.runtime.management.homes import add_embedded, add_home, given_of, home_of
from scf.runtime.parts import manage
from scf.runtime.postgres import PostgresError
from scf.runtime.stack import Stack
from scf.runtime.world import EMPTY, WORLDS

DETACHED_WITHIN = 3600.0  # seconds; a demo year is lived through in less
LOOK_EVERY = 0.3


class Command(BaseCommand):
    """``manage.py up``: engines, tables, contracts, programs, demo world, portals."""

    help = "Start everything, stay in the foreground until Ctrl-C (or --detach)."
    requires_system_checks = ()  # the start must not wait for what the web server checks itself

    def add_arguments(self, parser: CommandParser) -> None:
        """Options of a start."""
        add_home(parser)
        add_embedded(parser)
        parser.add_argument("--detach", action="store_true", help="return when it is ready")
        parser.add_argument("--world", choices=sorted(WORLDS), default="small")
        parser.add_argument("--empty", action="store_const", const=EMPTY, dest="world")

    def handle(self, *_args: object, **options: object) -> None:
        """Start it here, or start a supervisor of its own and wait until it is ready."""
        home = home_of(options)
        home.make()
        if report.supervisor_of(home.read_status()):
            self._already_running(home, detach=bool(options["detach"]))
        elif options["detach"]:
            self._detach(home, options)
        else:
            self._stay(home, options)

    def _already_running(self, home: Home, *, detach: bool) -> None:
        report.tell(report.table(home), self.stdout.write)
        if not detach:
            raise CommandError("已在运行 / it is running already (make down stops it)")

    def _stay(self, home: Home, options: dict[str, object]) -> None:
        say = report.Progress(sys.stdout)
        try:
            with home.only_one():
                end_leftovers(home.read_status())
                world = str(options["world"])
                stack = Stack(
                    home, given_of(options), settings.CHAIN_ID, begins=begins(world, home)
                )
                begin_anew_if_unfinished(stack, say)
                home.write_environment(stack.environment)
                Launch(stack, say, world=world).run()
        except (StackError, PostgresError, ChainError, MissingProgram) as error:
            raise CommandError(str(error)) from error

    def _detach(self, home: Home, options: dict[str, object]) -> None:
        words = ["up", "--home", str(home.folder), "--world", str(options["world"])]
        words += ["--embedded"] if options["embedded"] else []
        log = home.log("supervisor")
        with log.open("ab") as output:
            supervisor = subprocess.Popen(  # noqa: S603 - this very program
                manage(*words), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
            begun = output.tell()
        self._follow(home, supervisor, begun)

    def _follow(self, home: Home, supervisor: "subprocess.Popen[bytes]", begun: int) -> None:
        until = time.monotonic() + DETACHED_WITHIN
        with home.log("supervisor").open("r", errors="replace") as log:
            log.seek(begun)
            while not (ended := supervisor.poll() is not None):
                self.stdout.write(log.read(), ending="")
                self.stdout.flush()
                if self._is_ready(home, supervisor.pid) or time.monotonic() > until:
                    break
                time.sleep(LOOK_EVERY)
            time.sleep(LOOK_EVERY)
            self.stdout.write(log.read(), ending="")
        if ended or not self._is_ready(home, supervisor.pid):
            raise CommandError(f"没有就绪 / not ready: {home.log('supervisor')}")

    def _is_ready(self, home: Home, pid: int) -> bool:
        status = home.read_status()
        running = report.supervisor_of(status)
        return running is not None and running[0] == pid and status["stage"] == "ready"
